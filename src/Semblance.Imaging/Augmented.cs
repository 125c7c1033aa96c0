namespace Semblance.Imaging;

/// <summary>A varied picture and what was done to it.</summary>
/// <param name="Picture">Of the options' size.</param>
/// <param name="Labels">Moved alike; erased pixels are background, since the person is not seen there. Null when none were given.</param>
/// <param name="Flipped">Left and right are exchanged: exchange the words of the caption too.</param>
/// <param name="Erased">The box that was filled, in pixels of <paramref name="Picture"/>; null when nothing was.</param>
public sealed record Augmented(Picture Picture, LabelMap? Labels, bool Flipped, Box? Erased);
