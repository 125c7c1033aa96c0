namespace Semblance.Synthesis.Clothes;

/// <summary>A backpack or a handbag.</summary>
/// <param name="Main">Colour of the bag.</param>
/// <param name="Trim">Colour of pocket and straps.</param>
/// <param name="Width">Metres.</param>
/// <param name="Height">Metres.</param>
/// <param name="Depth">Metres.</param>
public sealed record Bag(Dye Main, Dye Trim, float Width, float Height, float Depth);
