namespace Semblance.Imaging;

/// <summary>The file formats that are read, recognised by their first bytes and never by a file's name.</summary>
public enum PictureFormat
{
    /// <summary>Baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.</summary>
    Jpeg,

    /// <summary>Every colour type and depth.</summary>
    Png,

    /// <summary>Windows and OS/2 bitmaps; a fourth byte per pixel is unused.</summary>
    Bmp,

    /// <summary>Lossy, lossless, with alpha; no animation.</summary>
    Webp,
}
