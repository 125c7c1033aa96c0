namespace Semblance.Gallery;

/// <summary>What one term said about one item.</summary>
/// <param name="Cosine">In [-1, 1] up to rounding.</param>
/// <param name="Calibrated">The cosine on the common scale; the cosine itself where nothing was calibrated.</param>
/// <param name="Contribution">What the term added to the score; the contributions add up to it.</param>
public readonly record struct TermScore(float Cosine, double Calibrated, double Contribution);
