using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>A question to a gallery.</summary>
/// <remarks>
/// <para>
/// Score of a sighting: <c>Σ w(i) · s(i) / Σ |w(i)|</c>, where s(i) is its cosine with term i, brought to the common scale of <see cref="Calibration"/>.
/// A negative term counts only its excess, <c>max(0, s(i))</c>: "not a red coat" pushes down who looks like a red coat, and does not lift whoever looks least like one.
/// Without any positive term there is nothing else to rank by, and negative terms count in full: the least alike come first.
/// </para>
/// <para>A question of one positive term is never calibrated: its score is the cosine.</para>
/// </remarks>
public sealed record SightingQuery
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<QueryTerm> Terms { get; init; }

    /// <summary>Length of the answer; fewer come back when fewer pass the filter.</summary> <value>10.</value>
    public int Top { get; init; } = 10;

    /// <summary>Only these sightings.</summary>
    public SightingFilter Filter { get; init; } = new();

    /// <summary>Sightings that are not to be found: the one that "more like this" started from.</summary>
    public IReadOnlyCollection<long> Except { get; init; } = [];

    /// <summary>Whether every vector is compared in float32. Otherwise the index may take what is quicker; questions of several terms are always exact.</summary>
    public bool Exact { get; init; }

    /// <summary>How terms are brought to one scale.</summary> <value>Standardised.</value>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Standardised;
}
