namespace Semblance.Models;

/// <summary>Whose towers a plain dual encoder has.</summary>
public enum DualEncoderTowers
{
    /// <summary>MMET's encoders of pictures and words, with a class token each.</summary>
    Mmet,

    /// <summary>CLIP's (Radford et al. 2021, arXiv 2103.00020), which public weights fill, as IRRA starts.</summary>
    Clip,
}
