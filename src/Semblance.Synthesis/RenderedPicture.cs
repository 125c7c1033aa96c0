using Semblance.Imaging;

namespace Semblance.Synthesis;

/// <summary>One picture of one person, with everything that is true of it.</summary>
public sealed record RenderedPicture
{
    public required Picture Picture { get; init; }

    /// <summary>Which part of the person each pixel shows (<see cref="BodyPart"/>); what stands before the person is background.</summary>
    public required LabelMap Parts { get; init; }

    /// <summary>The smallest box around the person's pixels; null when none is visible.</summary>
    public required Box? Box { get; init; }

    public required Sighting Sighting { get; init; }
}
