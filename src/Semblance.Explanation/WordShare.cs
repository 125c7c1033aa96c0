namespace Semblance.Explanation;

/// <summary>What one word adds to the match of a caption with a picture.</summary>
/// <param name="Word">As the tokenizer split it.</param>
/// <param name="Share">Cosine with the word minus cosine without it; negative where the word speaks against the picture.</param>
public sealed record WordShare(string Word, double Share);
