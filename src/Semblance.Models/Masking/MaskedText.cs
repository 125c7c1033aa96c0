namespace Semblance.Models.Masking;

/// <summary>A caption with some words hidden.</summary>
/// <param name="Ids">What the encoder sees, <c>[L]</c>.</param>
/// <param name="Labels">The hidden ids where something is to be guessed, -1 elsewhere, <c>[L]</c>.</param>
public sealed record MaskedText(int[] Ids, int[] Labels);
