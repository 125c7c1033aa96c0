namespace Semblance.Synthesis.Rendering;

/// <summary>How a material's colours are laid out over its surface.</summary>
internal enum TextureKind : byte
{
    Plain,
    StripesAcross,
    StripesDown,
    Checked,

    /// <summary>A figure on the chest.</summary>
    Emblem,

    /// <summary>Blots all over: flowers, camouflage.</summary>
    Blots,
    Denim,
    Knit,
    Hair,
    Face,
    Skin,
    Shoe,
    Leaves,
    Slats,
    Emissive,
}
