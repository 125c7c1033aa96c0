namespace Semblance.Gallery.Tests;

/// <summary>The twin that compares row by row in float64 and sorts: slow, obvious, and what the index must agree with.</summary>
internal static class PlainSearch
{
    public static (int Index, double Score)[] Answer(GalleryFile file, GalleryQuery query)
    {
        var scores = new double[file.Items.Count];
        foreach (var term in query.Terms)
        {
            var cosines = Enumerable.Range(0, file.Items.Count).Select(i => Cosine(file, term, i)).ToArray();
            if (query.Calibration == ScoreCalibration.Standardised && (query.Terms.Count > 1 || term.Weight < 0))
            {
                var mean = cosines.Average();
                var deviation = Math.Sqrt(cosines.Average(cosine => Math.Pow(cosine - mean, 2)));
                cosines = [.. cosines.Select(cosine => deviation < 1e-6 ? 0 : (cosine - mean) / deviation)];
            }

            for (var i = 0; i < scores.Length; i++)
            {
                var clamp = term.Weight < 0 && query.Terms.Any(other => other.Weight > 0);
                scores[i] += term.Weight * (clamp ? Math.Max(0, cosines[i]) : cosines[i]);
            }
        }

        return
        [
            .. Enumerable.Range(0, scores.Length)
                .Where(i => query.Cameras is null || query.Cameras.Contains(file.Items[i].Camera))
                .Select(i => (i, scores[i] / query.Terms.Sum(term => Math.Abs(term.Weight))))
                .OrderByDescending(item => item.Item2).ThenBy(item => item.i)
                .Take(query.Top),
        ];
    }

    private static double Cosine(GalleryFile file, QueryTerm term, int index)
    {
        var row = new float[term.Embedding.Vector.Length];
        file.CopyVector(term.Embedding.Space, index, row);
        double dot = 0, norm = 0;
        for (var d = 0; d < row.Length; d++)
        {
            dot += (double)row[d] * term.Embedding.Vector.Span[d];
            norm += (double)term.Embedding.Vector.Span[d] * term.Embedding.Vector.Span[d];
        }

        return dot / Math.Sqrt(norm);
    }
}
