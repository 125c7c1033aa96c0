using Semblance.Core;
using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests;

/// <summary>Shorthand for cases small enough to check by hand.</summary>
internal static class Matrices
{
    public static RetrievalResult OnDistances(
        this RetrievalProtocol protocol, Sighting[] queries, Sighting[] gallery, double[][] distances, EvaluationOptions? options = null) =>
        protocol.Evaluate(queries, gallery, ScoreMatrix.OfDistances<double>(distances.SelectMany(row => row).ToArray(), queries.Length, gallery.Length), options);

    public static RetrievalResult OnSimilarities(
        this RetrievalProtocol protocol, Sighting[] queries, Sighting[] gallery, double[][] similarities, EvaluationOptions? options = null) =>
        protocol.Evaluate(queries, gallery, ScoreMatrix.OfSimilarities<double>(similarities.SelectMany(row => row).ToArray(), queries.Length, gallery.Length), options);

    public static Sighting Person(int identity, int camera) => new($"{identity}", camera);

    /// <summary>Random embeddings of a few people seen by a few cameras; noisy, so that no protocol is trivial.</summary>
    public static LabelledEmbeddings People(int count, int width, int identities, ulong seed, string prefix)
    {
        var rows = new float[count * width];
        var items = new Sighting[count];
        for (var i = 0; i < count; i++)
        {
            var random = Randomness.For(seed, i);
            var identity = random.Next(identities);
            items[i] = new Sighting($"{identity}", random.Next(1, 4), Picture: $"{prefix}{i}");
            var person = Randomness.For(99, identity);
            for (var d = 0; d < width; d++)
            {
                rows[(i * width) + d] = (float)(person.NextGaussian() + (1.5 * random.NextGaussian()));
            }
        }

        return new LabelledEmbeddings(items, rows, width);
    }
}
