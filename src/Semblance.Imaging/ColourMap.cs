namespace Semblance.Imaging;

/// <summary>Colours for numbers from low to high, even steps of which look even. OpenCV's tables.</summary>
public enum ColourMap
{
    /// <summary>Black, purple, red, yellow: brightness rises all the way; the default for heat.</summary>
    Inferno = 14,

    /// <summary>Blue, green, yellow: brightness rises all the way; safe for colour-blind eyes.</summary>
    Viridis = 16,

    /// <summary>Blue to red through green: most steps can be told apart, as in most papers' figures, but brightness falls again at the end.</summary>
    Turbo = 20,
}
