using System.Text;
using Semblance.Core;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>Files from outside become pictures, or an error that names the file and the reason. Hostile until read whole.</summary>
/// <remarks>
/// Whatever the file holds (grey, CMYK, palette, 16 bits, alpha) comes out as 8-bit RGB. Transparent pixels are laid over white, as paper and most
/// pages would show them. CMYK is turned into RGB by the plain product of inks, without colour profiles; 16 bits are rounded to 8.
/// </remarks>
public static class PictureReader
{
    private const int DamageText = 200;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="SemblanceFormatException">As <see cref="Decode"/>.</exception>
    public static Picture Read(string path, PictureReaderOptions? options = null)
    {
        options ??= PictureReaderOptions.Dataset;
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException(Directory.Exists(path) ? $"{path} is a folder, expected a picture" : $"{path}: no such file, expected a picture", path);
        }

        CheckBytes(file.Length, path, options);
        return Decode(File.ReadAllBytes(path), path, options);
    }

    /// <summary>Decodes a JPEG, PNG, BMP or WebP, recognised by content. Sizes are checked against the limits before a pixel is decoded.</summary>
    /// <param name="bytes">The whole file; borrowed.</param>
    /// <param name="name">Path or name, for messages.</param>
    /// <param name="options">Limits and tolerance; <see cref="PictureReaderOptions.Dataset"/> when null.</param>
    /// <exception cref="SemblanceFormatException">Empty, truncated, damaged, too large, or no format that is read.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name, PictureReaderOptions? options = null)
    {
        options ??= PictureReaderOptions.Dataset;
        var header = CheckedHeader(bytes, name, options);
        var picture = Picture.Uninitialised(header.Width, header.Height);
        Span<byte> damage = stackalloc byte[DamageText];
        damage.Clear();
        var status = header.Format == PictureFormat.Jpeg
            ? Native.DecodeJpeg(bytes, (nuint)bytes.Length, header.Width, header.Height, picture.Rgb, damage)
            : Native.Decode(bytes, (nuint)bytes.Length, header.Width, header.Height, header.Format == PictureFormat.Bmp ? 0 : 1, picture.Rgb);
        if (status != 0)
        {
            throw new SemblanceFormatException(name, $"{header.Format} of {header.Width} x {header.Height} cannot be decoded: {Native.LastError}");
        }

        if (damage[0] != 0 && !options.AcceptTruncated)
        {
            throw new SemblanceFormatException(
                name,
                $"truncated or damaged {header.Format} of {header.Width} x {header.Height}: {Encoding.UTF8.GetString(damage[..damage.IndexOf((byte)0)])}; "
                + $"get a whole copy of it (programs may set {nameof(PictureReaderOptions.AcceptTruncated)}, which takes it with the missing part grey)");
        }

        return options.ApplyOrientation ? picture.Upright(header.Orientation) : picture;
    }

    /// <summary>Header and limits, the part that labels share with pictures.</summary>
    internal static PictureHeader CheckedHeader(ReadOnlySpan<byte> bytes, string name, PictureReaderOptions options)
    {
        CheckBytes(bytes.Length, name, options);
        return PictureHeader.Read(bytes, name, Math.Min(options.MaxPixels, Array.MaxLength / 3));
    }

    private static void CheckBytes(long length, string name, PictureReaderOptions options)
    {
        if (length > options.MaxBytes)
        {
            throw new SemblanceFormatException(
                name, $"{length} bytes, at most {options.MaxBytes} are accepted: shrink it, or raise {nameof(PictureReaderOptions.MaxBytes)}");
        }
    }
}
