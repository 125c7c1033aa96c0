namespace Semblance.Synthesis;

/// <summary>What a pixel of a person's mask shows; 0 is everything that is not the person, an occluder too.</summary>
public enum BodyPart : byte
{
    Background = 0,

    /// <summary>Bare skin of the head, ears too.</summary>
    Face = 1,
    Hair = 2,
    Headwear = 3,

    /// <summary>Torso cloth of the upper garment.</summary>
    Upper = 4,
    Sleeve = 5,

    /// <summary>What shows between the halves of an open coat or jacket.</summary>
    Inner = 6,

    /// <summary>Bare arms and hands.</summary>
    Arm = 7,

    /// <summary>Trousers, shorts, skirt, or the skirt of a dress.</summary>
    Lower = 8,

    /// <summary>Bare legs.</summary>
    Leg = 9,
    Foot = 10,
    Backpack = 11,

    /// <summary>Straps of a backpack or a bag.</summary>
    Strap = 12,
    Handbag = 13,
    Umbrella = 14,
    Phone = 15,
    Neck = 16,
}
