namespace Semblance.Imaging;

/// <summary>How training pictures are varied. No greyscale and by default no change of colours: captions name them.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Columns that the model takes.</summary>
    public required int Width { get; init; }

    /// <summary>Rows that the model takes.</summary>
    public required int Height { get; init; }

    /// <summary>How pictures are resized; labels always take the nearest pixel.</summary> <value>Bicubic</value>
    public Resampling Resampling { get; init; } = Resampling.Bicubic;

    /// <summary>Chance of mirroring.</summary> <value>0.5</value>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Black pixels added on every side before a random crop back to the size. Scale it down with small pictures.</summary> <value>10, for pictures 256 high.</value>
    public int Padding { get; init; } = 10;

    /// <summary>How far saturation, white balance, exposure, gamma, contrast and haze vary, as from camera to camera; 1 is an ordinary spread.</summary> <value>0: colours stay.</value>
    public double CameraStrength { get; init; }

    /// <summary>Chance of random erasing.</summary> <value>0; 0.5 in MMET's stage B.</value>
    public double ErasingProbability { get; init; }

    /// <summary>Least share of the picture that is erased.</summary> <value>0.02 (Zhong et al., AAAI 2020)</value>
    public double ErasingLeastArea { get; init; } = 0.02;

    /// <summary>Largest share of the picture that is erased.</summary> <value>0.33, as in the Re-ID baselines (Zhong et al. take 0.4)</value>
    public double ErasingMostArea { get; init; } = 0.33;

    /// <summary>Least height over width of the erased box; the largest is its inverse.</summary> <value>0.3</value>
    public double ErasingLeastAspect { get; init; } = 0.3;

    /// <summary>What the erased box is filled with; null: noise, each byte at random, as Zhong et al. found best.</summary>
    /// <value>CLIP's mean colour, which normalises to 0, as in Luo's baseline.</value>
    public Colour? ErasingFill { get; init; } = Normalisation.Clip.MeanColour;
}
