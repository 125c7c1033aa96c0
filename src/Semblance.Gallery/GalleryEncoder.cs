namespace Semblance.Gallery;

/// <summary>Which encoder filled a gallery.</summary>
/// <param name="Fingerprint">Names weights, preprocessing and tokenizer together.</param>
/// <param name="Description">For people: method, preset, run.</param>
public sealed record GalleryEncoder(string Fingerprint, string Description)
{
    /// <summary>Refuses what another encoder made.</summary>
    /// <param name="embedding">What is to be added or asked.</param>
    /// <param name="what">How the message names it.</param>
    /// <exception cref="ArgumentException">The fingerprints differ; the message names both.</exception>
    internal void Check(Embedding embedding, string what)
    {
        if (embedding.Fingerprint != Fingerprint)
        {
            throw new ArgumentException(
                $"{what} comes from encoder {embedding.Fingerprint}, but the gallery was made by encoder {Fingerprint} ({Description}): "
                + "encode it with the gallery's encoder, or build the gallery again with the other one");
        }
    }
}
