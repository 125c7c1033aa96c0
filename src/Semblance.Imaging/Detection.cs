namespace Semblance.Imaging;

/// <summary>A person found in a picture.</summary>
/// <param name="Box">In the picture's pixels, inside it.</param>
/// <param name="Confidence">In [0, 1]; orders detections, but is no calibrated probability.</param>
public readonly record struct Detection(Box Box, double Confidence)
{
    /// <summary>Non-maximum suppression: of boxes that overlap by more than <paramref name="most"/> the most confident stays.</summary>
    /// <param name="detections">Any order.</param>
    /// <param name="most">Largest intersection over union that two people may share.</param>
    /// <param name="mostInside">Largest part of one box that may lie inside a better one: a head and shoulders inside a whole person go.</param>
    /// <returns>By confidence, falling; ties by position, so that the order is always the same.</returns>
    public static IReadOnlyList<Detection> Suppress(IEnumerable<Detection> detections, double most = 0.45, double mostInside = 0.7)
    {
        var kept = new List<Detection>();
        foreach (var candidate in detections.OrderByDescending(d => d.Confidence).ThenBy(d => d.Box.X).ThenBy(d => d.Box.Y).ThenBy(d => d.Box.Area))
        {
            if (kept.TrueForAll(better => better.Box.IntersectionOverUnion(candidate.Box) <= most
                && better.Box.Overlap(candidate.Box) <= mostInside * Math.Min(better.Box.Area, candidate.Box.Area)))
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }
}
