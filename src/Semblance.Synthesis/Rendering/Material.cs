using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>What a surface is made of. Colours are linear light in [0, 1].</summary>
internal record struct Material
{
    /// <summary>What the mask says of it; <see cref="BodyPart.Background"/> for everything that is not the person asked for.</summary>
    public BodyPart Part;

    public TextureKind Kind;
    public Vector3 Base;
    public Vector3 Second;
    public Vector3 Third;

    /// <summary>Stripes or cells a metre, or around the body, by kind.</summary>
    public float Frequency;

    /// <summary>Share of the second colour.</summary>
    public float Share;

    public float Phase;
    public uint Seed;

    /// <summary>Depth of folds, 0 to about 1.</summary>
    public float Folds;

    public float FoldsAcross;
    public float FoldsAlong;

    /// <summary>Strength of the highlight.</summary>
    public float Gloss;

    /// <summary>Half of the opening at the front, in turns; 0 when closed.</summary>
    public float Opening;

    /// <summary>The material that shows through the opening.</summary>
    public int Inner;

    /// <summary>Features of a face: 1 glasses, 2 sunglasses, 4 beard, 8 moustache.</summary>
    public byte Features;
}
