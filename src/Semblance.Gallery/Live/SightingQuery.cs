using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>A question to a gallery. How terms make a score: see <see cref="GalleryQuery"/>.</summary>
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

    /// <summary>How terms are brought to one scale.</summary> <value>Standardised.</value>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Standardised;
}
