using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Everything a person wears and carries, to the last detail.</summary>
public sealed record Outfit
{
    public UpperGarment Upper { get; init; }

    public required Cloth UpperCloth { get; init; }

    public SleeveLength Sleeves { get; init; } = SleeveLength.Long;

    public GarmentLength UpperLength { get; init; } = GarmentLength.Hip;

    /// <summary>Metres that the upper garment stands off the body.</summary>
    public float UpperEase { get; init; } = 0.012f;

    /// <summary>Exact reach of a long garment: 0 hip joint, 1 knee, 2 ankle.</summary>
    public float UpperReach { get; init; }

    /// <summary>What shows under an open garment; null when closed.</summary>
    public Dye? Inner { get; init; }

    /// <summary>Half of the opening, in turns.</summary>
    public float Opening { get; init; }

    public bool Hood { get; init; }

    public LowerGarment Lower { get; init; }

    public required Cloth LowerCloth { get; init; }

    /// <summary>Metres that trousers stand off the leg at the ankle, or the flare of a skirt.</summary>
    public float LowerEase { get; init; } = 0.014f;

    /// <summary>Exact reach of shorts or a skirt: 0 hip joint, 1 knee, 2 ankle.</summary>
    public float LowerReach { get; init; } = 2;

    public Footwear Footwear { get; init; }

    public Dye Shoes { get; init; }

    public Dye Soles { get; init; }

    /// <summary>Reach of boots up the shin: 2 ankle, 1 knee.</summary>
    public float BootReach { get; init; } = 1.7f;

    public HairLength HairLength { get; init; } = HairLength.Short;

    public HairStyle HairStyle { get; init; }

    public Dye Hair { get; init; }

    /// <summary>Metres that the hair stands off the skull.</summary>
    public float HairVolume { get; init; } = 0.012f;

    public Headwear Headwear { get; init; }

    public Dye HeadwearDye { get; init; }

    public bool Glasses { get; init; }

    public bool DarkGlasses { get; init; }

    public Bag? Backpack { get; init; }

    public Bag? Handbag { get; init; }

    /// <summary>A long strap over the opposite shoulder; carried in the hand when false.</summary>
    public bool HandbagAcross { get; init; }

    public bool HandbagOnLeft { get; init; }

    public Dye? Umbrella { get; init; }

    public bool Phone { get; init; }

    public uint Seed { get; init; }
}
