using System.Numerics.Tensors;
using Semblance.Core;
using Semblance.Data;
using Semblance.Gallery;
using Semblance.Models;

namespace Semblance.Filing;

/// <summary>Measures on labelled people how often an answer with a given score is right.</summary>
/// <remarks>
/// Every query is asked twice: as it is, and with everybody right taken out of the gallery, so that half of the questions are about somebody who is not there. The ten best
/// answers of each are the samples. A picture of the query's person by the query's own camera counts neither way, as in Market-1501's protocol.
/// </remarks>
public static class MatchCalibrator
{
    private const int Answers = 10;
    private const int MostQueries = 2000;
    private const int AtOnce = 256;

    /// <summary>Fits the curves of a model.</summary>
    /// <param name="dataset">With a gallery and queries, or test pictures with captions; people that the model has not learnt from.</param>
    /// <param name="encoder">The model.</param>
    /// <param name="progress">Pictures embedded, of how many.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="SemblanceFormatException">The set has too few people, or too few right answers.</exception>
    public static MatchCalibration Fit(PersonDataset dataset, IPersonEncoder encoder, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(encoder);
        var gallery = dataset.Records.Where(record => record.Split is Split.Gallery or Split.Test && record.Role != Role.Junk && (record.Role != Role.Person || record.RawId.Length > 0)).ToArray();
        var queries = Thinned(dataset.Records.Where(record => record.Split is Split.Query && record.Role == Role.Person).ToArray() is { Length: > 0 } own ? own : [.. gallery.Where(record => record.Role == Role.Person)]);
        if (gallery.Length < 20 || queries.Length < 10)
        {
            throw new SemblanceFormatException(dataset.Root, $"has {gallery.Length} gallery pictures and {queries.Length} queries, too few to measure probabilities on: expected at least 20 and 10");
        }

        var total = gallery.Length + queries.Length;
        var shown = Embed(gallery, 0);
        var asked = Embed(queries, gallery.Length);
        var texts = queries.Select((record, i) => (record, i)).Where(entry => entry.record.Captions.Count > 0).ToArray();
        var words = texts.Length == 0 ? [] : encoder.EncodeTexts([.. texts.Select(entry => entry.record.Captions[0])], EmbeddingSpace.Joint);
        var wordsOf = texts.Select((entry, t) => (entry.i, Vector: words[t])).ToDictionary(entry => entry.i, entry => entry.Vector);
        List<(double, bool)> image = [], joint = [], composed = [];
        for (var q = 0; q < queries.Length; q++)
        {
            cancellation.ThrowIfCancellationRequested();
            var byPicture = Cosines(asked.Image[q], shown.Image);
            Collect(image, queries[q], byPicture, sameCamera: false);
            if (wordsOf.TryGetValue(q, out var vector))
            {
                var byWords = Cosines(vector, shown.Joint);
                Collect(joint, queries[q], byWords, sameCamera: true);
                var (a, b) = (Standardised(byPicture), Standardised(byWords));
                Collect(composed, queries[q], [.. a.Zip(b, (x, y) => (x + y) / 2)], sameCamera: false);
            }
        }

        return LogisticCurve.Fit(image) is { } curve
            ? new MatchCalibration(curve, LogisticCurve.Fit(joint), LogisticCurve.Fit(composed), $"{dataset.Key}: {queries.Length} queries against {gallery.Length} pictures, half of the questions about nobody there")
            : throw new SemblanceFormatException(dataset.Root, "no answer was right, or none wrong: there is nothing to measure a probability on");

        (float[][] Image, float[][] Joint) Embed(PersonRecord[] records, int before)
        {
            List<float[]> images = [], joints = [];
            foreach (var chunk in records.Chunk(AtOnce))
            {
                cancellation.ThrowIfCancellationRequested();
                var embedded = encoder.EncodePictures([.. chunk.Select(dataset.Pictures.LoadPicture)], [EmbeddingSpace.Image, EmbeddingSpace.Joint]);
                images.AddRange(embedded[0]);
                joints.AddRange(embedded[1]);
                progress?.Invoke(before + images.Count, total);
            }

            return ([.. images], [.. joints]);
        }

        void Collect(List<(double, bool)> samples, PersonRecord query, double[] scores, bool sameCamera)
        {
            bool Right(int g) => gallery[g].Role == Role.Person && gallery[g].RawId == query.RawId;
            bool Counts(int g) => gallery[g].ImagePath != query.ImagePath && (sameCamera || !Right(g) || gallery[g].Camera is null || gallery[g].Camera != query.Camera);
            var order = Enumerable.Range(0, gallery.Length).Where(Counts).OrderByDescending(g => scores[g]).ToArray();
            samples.AddRange(order.Take(Answers).Select(g => (scores[g], Right(g))));
            samples.AddRange(order.Where(g => !Right(g)).Take(Answers).Select(g => (scores[g], false)));
        }
    }

    private static double[] Cosines(float[] query, float[][] rows) => [.. rows.Select(row => (double)TensorPrimitives.Dot(query, row))];

    private static double[] Standardised(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Max(1e-6, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        return [.. values.Select(value => (value - mean) / deviation)];
    }

    private static PersonRecord[] Thinned(PersonRecord[] records) =>
        records.Length <= MostQueries ? records : [.. Enumerable.Range(0, MostQueries).Select(i => records[(int)((long)i * records.Length / MostQueries)])];
}
