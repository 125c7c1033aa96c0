namespace Semblance.Gallery;

/// <summary><c>p(s) = 1 / (1 + exp(-(a s + b)))</c>.</summary>
/// <param name="Slope">a</param>
/// <param name="Offset">b</param>
public sealed record LogisticCurve(double Slope, double Offset)
{
    private const int Rounds = 100;
    private const double Ridge = 1e-6;

    /// <summary>p(s).</summary>
    public double At(double score) => 1 / (1 + Math.Exp(-((Slope * score) + Offset)));

    /// <summary>The curve of greatest likelihood, by Newton's method with half steps, targets as Platt's (1999) so that perfectly parted scores give no endless slope.</summary>
    /// <param name="samples">Scores, and whether the answer was right. Both kinds must occur.</param>
    /// <returns>Null when one kind is missing.</returns>
    public static LogisticCurve? Fit(IReadOnlyCollection<(double Score, bool Right)> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var right = samples.Count(sample => sample.Right);
        var wrong = samples.Count - right;
        if (right == 0 || wrong == 0)
        {
            return null;
        }

        double high = (right + 1.0) / (right + 2), low = 1.0 / (wrong + 2);
        var curve = new LogisticCurve(0, Math.Log((right + 1.0) / (wrong + 1.0)));
        var loss = Loss(curve);
        for (var round = 0; round < Rounds; round++)
        {
            double ga = 0, gb = 0, haa = Ridge, hab = 0, hbb = Ridge;
            foreach (var (score, isRight) in samples)
            {
                var p = curve.At(score);
                var (error, weight) = (p - (isRight ? high : low), p * (1 - p));
                ga += error * score;
                gb += error;
                haa += weight * score * score;
                hab += weight * score;
                hbb += weight;
            }

            var determinant = (haa * hbb) - (hab * hab);
            var (da, db) = (((hbb * ga) - (hab * gb)) / determinant, ((haa * gb) - (hab * ga)) / determinant);
            var step = 1.0;
            LogisticCurve next;
            double nextLoss;
            do
            {
                next = new LogisticCurve(curve.Slope - (step * da), curve.Offset - (step * db));
                nextLoss = Loss(next);
                step /= 2;
            }
            while (!(nextLoss <= loss) && step > 1e-10);
            var gain = loss - nextLoss;
            (curve, loss) = (next, nextLoss);
            if (gain < 1e-10 * Math.Abs(loss))
            {
                break;
            }
        }

        return curve;

        double Loss(LogisticCurve of)
        {
            var sum = 0.0;
            foreach (var (score, isRight) in samples)
            {
                var z = (of.Slope * score) + of.Offset;
                var target = isRight ? high : low;

                // log(1 + e^z) without overflow.
                sum += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (target * z);
            }

            return sum;
        }
    }
}
