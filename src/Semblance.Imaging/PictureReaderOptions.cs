namespace Semblance.Imaging;

/// <summary>What <see cref="PictureReader"/> accepts. The defaults suit data sets; <see cref="Photo"/> suits what a person uploads.</summary>
public sealed record PictureReaderOptions
{
    /// <summary>The defaults.</summary>
    public static PictureReaderOptions Dataset { get; } = new();

    /// <summary>The defaults with <see cref="ApplyOrientation"/>: telephones write pictures lying on their side.</summary>
    public static PictureReaderOptions Photo { get; } = new() { ApplyOrientation = true };

    /// <summary>Largest encoded file, in bytes.</summary> <value>64 MB.</value>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>Most pixels that a header may declare; three bytes of memory each. OpenCV's own limit, CV_IO_MAX_IMAGE_PIXELS, is 2^30 and comes later.</summary>
    /// <value>64 megapixels, 192 MB decoded.</value>
    public long MaxPixels { get; init; } = 64L << 20;

    /// <summary>Take a damaged or cut-off JPEG as it is, with the missing part grey. The other formats cannot be read in part.</summary> <value>false</value>
    public bool AcceptTruncated { get; init; }

    /// <summary>Turn the picture upright as its EXIF orientation says.</summary>
    /// <value>false: the crops of data sets carry none, and a rotated crop would be a data error.</value>
    public bool ApplyOrientation { get; init; }
}
