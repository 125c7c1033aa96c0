using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests;

public sealed class PrecisionRecallTests
{
    /// <summary>Right answers at ranks 1, 2, 4 and 7: precision 1, 1, 3/4, 4/7.</summary>
    [Fact]
    public void TheWorkedCurveComesOut()
    {
        Sighting[] gallery = [.. "1101001".Select(c => new Sighting(c == '1' ? "a" : "b"))];
        var result = new TextToImageProtocol().OnDistances([new Sighting("a")], gallery, [[1, 2, 3, 4, 5, 6, 7]]);
        Assert.Equal([(0, 1.0), (0.25, 1), (0.5, 1), (0.75, 0.75), (1, 4.0 / 7)], result.PrecisionRecall(5));
        Assert.Equal(3.0 / 4, result.PrecisionRecall(101)[51].Precision);
        Assert.Equal(1, result.PrecisionRecall(101)[50].Precision);
    }

    [Fact]
    public void TheCurveIsTheBestPrecisionAtThatRecallOrBeyond()
    {
        var result = new ImageProtocol().Evaluate(Matrices.People(50, 8, 9, 1, "q"), Matrices.People(130, 8, 9, 2, "g"));
        var curve = result.PrecisionRecall(23);
        for (var level = 0; level < 23; level++)
        {
            var plain = result.PositiveRanks.Where(ranks => ranks.Count > 0).Average(ranks =>
                Enumerable.Range(1, ranks.Count).Where(k => k * 22 >= level * ranks.Count).Max(k => (double)k / ranks[k - 1]));
            Assert.Equal(plain, curve[level].Precision, 1e-12);
        }
    }
}
