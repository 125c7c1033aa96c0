namespace Semblance.Gallery;

/// <summary>Brings the terms of a question to one scale, and adds them up.</summary>
internal static class TermScales
{
    private const double LeastDeviation = 1e-6;

    /// <summary>Whether the score of such a question is the cosine itself.</summary>
    public static bool IsRaw(IReadOnlyList<QueryTerm> terms, ScoreCalibration calibration) => calibration == ScoreCalibration.None || terms is [{ Weight: > 0 }];

    /// <summary>One scale for each term.</summary>
    /// <param name="terms">The question.</param>
    /// <param name="calibration">How.</param>
    /// <param name="spread">Mean and standard deviation of a term's cosines over the whole gallery; not asked where the score is raw.</param>
    public static TermScale[] Of(IReadOnlyList<QueryTerm> terms, ScoreCalibration calibration, Func<int, (double Mean, double Deviation)> spread)
    {
        var weights = terms.Sum(term => Math.Abs(term.Weight));
        var nothingWanted = terms.All(term => term.Weight < 0);
        var raw = IsRaw(terms, calibration);
        return
        [
            .. terms.Select((term, t) =>
            {
                var (mean, deviation) = raw ? (0, 1) : spread(t);
                return new TermScale(mean, deviation, term.Weight / weights, OnlyExcess: term.Weight < 0 && !nothingWanted);
            }),
        ];
    }

    /// <summary>In float64 and in the order of the items, whatever threads filled the array.</summary>
    /// <param name="cosines">Of every place.</param>
    /// <param name="counts">Whether a place counts; null when all do.</param>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<float> cosines, Func<int, bool>? counts = null)
    {
        var (mean, n) = (0.0, 0);
        for (var i = 0; i < cosines.Length; i++)
        {
            if (counts is null || counts(i))
            {
                mean += cosines[i];
                n++;
            }
        }

        mean /= Math.Max(1, n);
        var squares = 0.0;
        for (var i = 0; i < cosines.Length; i++)
        {
            if (counts is null || counts(i))
            {
                squares += (cosines[i] - mean) * (cosines[i] - mean);
            }
        }

        return (mean, Math.Sqrt(squares / Math.Max(1, n)));
    }

    /// <summary>Brings a term's cosines to the common scale, and weighs them.</summary>
    internal readonly record struct TermScale(double Mean, double Deviation, double Weight, bool OnlyExcess)
    {
        /// <summary>A term that finds all items equally alike tells none apart, and says 0 of each.</summary>
        public double Calibrated(float cosine) => Deviation < LeastDeviation ? 0 : (cosine - Mean) / Deviation;

        public double Contribution(float cosine)
        {
            var calibrated = Calibrated(cosine);
            return Weight * (OnlyExcess ? Math.Max(0, calibrated) : calibrated);
        }

        public TermScore Score(float cosine) => new(cosine, Calibrated(cosine), Contribution(cosine));
    }
}
