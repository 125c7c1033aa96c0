using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>The cloth of one garment: its dyes and how the pattern lies, which no caption can tell exactly.</summary>
public sealed record Cloth
{
    public required Dye Main { get; init; }

    /// <summary>The colour of stripes, checks or print; null when plain.</summary>
    public Dye? Second { get; init; }

    public ClothPattern Pattern { get; init; }

    /// <summary>Stripes run around the body; down it when false.</summary>
    public bool Across { get; init; } = true;

    /// <summary>A print is one figure on the chest; blots all over when false.</summary>
    public bool Emblem { get; init; } = true;

    /// <summary>Stripes, checks or blots a metre.</summary>
    public float Frequency { get; init; } = 14;

    /// <summary>Share of the second colour.</summary>
    public float Share { get; init; } = 0.4f;

    public float Phase { get; init; }

    /// <summary>The layout of prints and folds.</summary>
    public uint Seed { get; init; }

    /// <summary>Denim and knitwear have their own grain.</summary>
    public bool Denim { get; init; }

    public bool Knit { get; init; }

    /// <summary>0 dull to 1 shiny.</summary>
    public float Gloss { get; init; } = 0.05f;

    /// <summary>0 stiff to 1 soft and creased.</summary>
    public float Folds { get; init; } = 0.5f;
}
