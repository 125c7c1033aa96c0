using Semblance.Imaging;

namespace Semblance.Models;

/// <summary>How a picture becomes a network's input. Travels with the weights: other numbers here mean other features.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Normalisation">Mean and deviation per channel.</param>
/// <param name="Resampling">How it is resized.</param>
public sealed record Preprocessing(int Height, int Width, Normalisation Normalisation, Resampling Resampling = Resampling.Bicubic)
{
    /// <summary>MMET's: bicubic, CLIP's and FLAVA's numbers, which training from scratch takes too [code].</summary>
    public static Preprocessing For(MmetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Preprocessing(options.Height, options.Width, Normalisation.Clip);
    }

    /// <summary>Resizes and normalises.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="chw">Receives <c>[3, H, W]</c>.</param>
    public void Apply(Picture picture, Span<float> chw)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Normalisation.ToChw(picture.Resize(Width, Height, Resampling), chw);
    }
}
