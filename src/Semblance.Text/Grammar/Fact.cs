namespace Semblance.Text.Grammar;

/// <summary>The facts that a caption may leave out one by one.</summary>
[Flags]
internal enum Fact
{
    None = 0,
    Gender = 1 << 0,
    Age = 1 << 1,
    Build = 1 << 2,
    Stature = 1 << 3,
    HairLength = 1 << 4,
    HairStyle = 1 << 5,
    HairColour = 1 << 6,
    Glasses = 1 << 7,
    Headwear = 1 << 8,
    HeadwearColour = 1 << 9,
    UpperKind = 1 << 10,
    UpperColour = 1 << 11,
    UpperPattern = 1 << 12,
    Inner = 1 << 13,
    LowerKind = 1 << 14,
    LowerColour = 1 << 15,
    LowerPattern = 1 << 16,
    Footwear = 1 << 17,
    FootwearColour = 1 << 18,
    Backpack = 1 << 19,
    Handbag = 1 << 20,
    Umbrella = 1 << 21,
    Phone = 1 << 22,
    BagColour = 1 << 23,
    Activity = 1 << 24,
    All = (1 << 25) - 1,
}
