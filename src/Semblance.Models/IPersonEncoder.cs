using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Models;

/// <summary>
/// Pictures and words to embeddings: the one face that evaluation, galleries, search and explanations use. Embeddings are unit vectors; the cosine of two of one space
/// says how alike they are. No tensor passes through here. Safe to call from several threads, one after another.
/// </summary>
public interface IPersonEncoder : IDisposable
{
    /// <summary>Names weights, preprocessing and vocabulary: embeddings of different fingerprints are never compared.</summary>
    Fingerprint Fingerprint { get; }

    /// <summary>How pictures are brought into the network's form.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Numbers of an embedding, E.</summary>
    int Width(EmbeddingSpace space);

    /// <summary>Embeds pictures of any size.</summary>
    /// <param name="pictures">Any number; batched inside. Results do not depend on their company but for rounding.</param>
    /// <param name="space">Image or Joint.</param>
    /// <returns>One unit vector <c>[E]</c> per picture, in order.</returns>
    /// <exception cref="ArgumentException">Pictures alone have no place in that space.</exception>
    float[][] EncodePictures(IReadOnlyList<Picture> pictures, EmbeddingSpace space);

    /// <summary>Embeds pictures in several spaces for the price of one: <c>[space][picture][E]</c>.</summary>
    /// <param name="pictures">Any number.</param>
    /// <param name="spaces">Image, Joint, or both.</param>
    float[][][] EncodePictures(IReadOnlyList<Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces);

    /// <summary>Embeds captions or questions.</summary>
    /// <param name="texts">Any number, any length; what is too long is cut (see <see cref="Warning"/>).</param>
    /// <param name="space">Text or Joint.</param>
    /// <returns>One unit vector <c>[E]</c> per text, in order.</returns>
    /// <exception cref="ArgumentException">Words alone have no place in that space.</exception>
    float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space);

    /// <summary>Embeds pictures with their captions, in the Pair space.</summary>
    /// <param name="pictures">Any number.</param>
    /// <param name="texts">As many; text i describes picture i.</param>
    /// <returns>One unit vector <c>[E]</c> per pair, in order.</returns>
    /// <exception cref="ArgumentException">There are more of one than of the other.</exception>
    float[][] EncodePairs(IReadOnlyList<Picture> pictures, IReadOnlyList<string> texts);

    /// <summary>What somebody who wrote this text should be told (too long, unknown words), or null.</summary>
    string? Warning(string text);
}
