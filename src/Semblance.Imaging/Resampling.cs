namespace Semblance.Imaging;

/// <summary>How a new pixel is made from old ones.</summary>
/// <remarks>
/// The kernels are Pillow's, which the field's training code resizes with: when a picture shrinks, the kernel widens with the step, so that nothing is
/// skipped. OpenCV's resize does not widen, and takes -0.75 where this bicubic takes -0.5. Within one level of Pillow 9.4.
/// </remarks>
public enum Resampling
{
    /// <summary>The pixel under the new pixel's centre; the only one fit for labels.</summary>
    Nearest,

    /// <summary>Triangle, support 1.</summary>
    Bilinear,

    /// <summary>Keys 1981 with a = -0.5, support 2.</summary>
    Bicubic,

    /// <summary>Mean of the area that the new pixel covers, support 0.5. Enlarging repeats pixels.</summary>
    Area,
}
