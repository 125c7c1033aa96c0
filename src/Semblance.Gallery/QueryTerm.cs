namespace Semblance.Gallery;

/// <summary>One part of a question: a picture or some words, wanted or not.</summary>
/// <param name="Embedding">What to compare with; its space says with which vectors of the gallery.</param>
/// <param name="Weight">Relative weight; negative for "not this". Finite, not 0.</param>
/// <param name="Label">How reports name the term: the words, or the picture's file.</param>
public sealed record QueryTerm(Embedding Embedding, double Weight = 1, string? Label = null);
