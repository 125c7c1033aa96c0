namespace Semblance.Tensors;

/// <summary>How a picture in a tensor is brought to another size.</summary>
public enum InterpolationMode
{
    Nearest,
    Bilinear,
    Bicubic,

    /// <summary>The mean over each new pixel's area: adaptive average pooling.</summary>
    Area,
}
