namespace Semblance.Models.Masking;

/// <summary>Says where the person is, so that masking can aim at the body (MMET section 3.2; the released code has no such thing).</summary>
public interface IForegroundProvider
{
    /// <summary>How much of each cell is person.</summary>
    /// <param name="evidence">What is known about the image, in the frame of the network's input (after crop and flip).</param>
    /// <param name="grid">The cells.</param>
    /// <returns><c>[N]</c>, each in [0, 1], row by row; null when the evidence that this provider needs is missing, so that the next one may try.</returns>
    float[]? Locate(ForegroundEvidence evidence, PatchGrid grid);
}
