namespace Semblance.Gallery;

/// <summary>A question to a gallery.</summary>
/// <remarks>
/// <para>
/// Score of an item: <c>Σ w(i) · s(i) / Σ |w(i)|</c>, where s(i) is the item's cosine with term i, brought to the common scale of <see cref="Calibration"/>.
/// A negative term counts only its excess, <c>max(0, s(i))</c>: "not a red coat" pushes down who looks like a red coat, and does not lift whoever looks least like one.
/// Without any positive term there is nothing else to rank by, and negative terms count in full: the least alike come first.
/// </para>
/// <para>A question of one positive term is never calibrated: its score is the cosine.</para>
/// </remarks>
public sealed record GalleryQuery
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<QueryTerm> Terms { get; init; }

    /// <summary>Length of the answer; fewer matches come back when fewer items pass the filters.</summary> <value>10.</value>
    public int Top { get; init; } = 10;

    /// <summary>Only items of these cameras; null for all.</summary>
    public IReadOnlyCollection<string>? Cameras { get; init; }

    /// <summary>Only items of this identity; null for all.</summary>
    public string? Identity { get; init; }

    /// <summary>Only items that pass; null for all. Called once for each item that passes the other filters.</summary>
    public Func<GalleryItem, bool>? Where { get; init; }

    /// <summary>How terms are brought to one scale.</summary> <value>Standardised.</value>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Standardised;
}
