using Semblance.Synthesis.Scenes;
using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>What is known of a picture before it is rendered: who, where, when, from which side, and what words can say about it.</summary>
public sealed record Sighting
{
    /// <summary>From 0.</summary>
    public required int Identity { get; init; }

    /// <summary>From 0.</summary>
    public required int Image { get; init; }

    /// <summary>From 1, within the domain.</summary>
    public required int Camera { get; init; }

    /// <summary>FineGPR's degrees: 90 front, 270 back, 0 facing the left border, 180 the right one.</summary>
    public required int Viewpoint { get; init; }

    public required Weather Weather { get; init; }

    public required TimeOfDay TimeOfDay { get; init; }

    /// <summary>From 1.</summary>
    public required int Sequence { get; init; }

    public required int Frame { get; init; }

    /// <summary>What this picture shows of the person: a backpack only from behind or the side, glasses only where the face is seen.</summary>
    public required PersonDescription Description { get; init; }

    public required IReadOnlyList<string> Captions { get; init; }
}
