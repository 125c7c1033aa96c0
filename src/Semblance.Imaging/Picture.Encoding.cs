using Semblance.Core;

namespace Semblance.Imaging;

public sealed partial class Picture
{
    /// <summary>The picture as a JPEG file.</summary>
    /// <param name="quality">1 to 100.</param>
    public byte[] EncodeJpeg(int quality = 90) => Encoder.Encode(Rgb, Width, Height, 3, ".jpg", Checked(quality));

    /// <summary>The picture as a PNG file, without loss.</summary>
    public byte[] EncodePng() => Encoder.Encode(Rgb, Width, Height, 3, ".png", Encoder.PngEffort);

    /// <summary>The picture as a WebP file, lossy.</summary>
    /// <param name="quality">1 to 100.</param>
    public byte[] EncodeWebp(int quality = 85) => Encoder.Encode(Rgb, Width, Height, 3, ".webp", Checked(quality));

    /// <summary>Replaces a file in one step; its extension (.jpg, .jpeg, .png, .webp) chooses the format, at the default quality.</summary>
    /// <exception cref="ArgumentException">Another extension.</exception>
    public void Save(string path)
    {
        var bytes = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jpg" or ".jpeg" => EncodeJpeg(),
            ".png" => EncodePng(),
            ".webp" => EncodeWebp(),
            var other => throw new ArgumentException($"cannot write \"{path}\": extension \"{other}\", expected .jpg, .jpeg, .png or .webp", nameof(path)),
        };
        AtomicFile.WriteBytes(path, bytes);
    }

    private static int Checked(int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return quality;
    }
}
