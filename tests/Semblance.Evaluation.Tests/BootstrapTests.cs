using Semblance.Core;
using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests;

public sealed class BootstrapTests
{
    [Fact]
    public void TheIntervalHoldsTheFigureAndIsAboutTwoStandardErrorsToEachSide()
    {
        var result = Result(identities: 60, queriesEach: 5, seed: 1);
        var bootstrap = Bootstrap.Of(result);

        Assert.Equal(60, bootstrap.Identities);
        foreach (var (figure, interval) in new[]
        {
            (result.RankAt(1), bootstrap.Rank1), (result.MeanAveragePrecision, bootstrap.MeanAveragePrecision),
            (result.MeanAveragePrecisionTrapezoid, bootstrap.MeanAveragePrecisionTrapezoid), (result.MeanInverseNegativePenalty, bootstrap.MeanInverseNegativePenalty),
        })
        {
            Assert.InRange(figure, interval.Low, interval.High);
            Assert.Equal(3.92 * interval.StandardError, interval.High - interval.Low, 0.6 * interval.StandardError);
        }
    }

    /// <summary>For sums over people drawn with replacement the standard error is known: that of a ratio of means, to first order.</summary>
    [Fact]
    public void TheStandardErrorIsThatOfTheFormula()
    {
        var result = Result(identities: 200, queriesEach: 4, seed: 2);
        var people = result.PerQuery.GroupBy(query => result.QueryIdentities[query.Query]).Select(group => (Sum: group.Sum(query => query.Figures.AveragePrecision), Count: group.Count())).ToArray();
        var ratio = people.Sum(person => person.Sum) / people.Sum(person => person.Count);
        var formula = Math.Sqrt(people.Sum(person => Math.Pow(person.Sum - (ratio * person.Count), 2))) / people.Sum(person => person.Count);

        Assert.Equal(formula, Bootstrap.Of(result, new BootstrapOptions { Samples = 4000 }).MeanAveragePrecision.StandardError, 0.06 * formula);
    }

    [Fact]
    public void AskingTheSameQuestionsTenTimesMakesNothingSurer()
    {
        var once = Matrices.People(40, 16, 12, 1, "q");
        var gallery = Matrices.People(160, 16, 12, 2, "g");
        var tenfold = LabelledEmbeddings.From(
            [.. Enumerable.Range(0, 400).Select(i => once.Items[i % 40])], [.. Enumerable.Range(0, 400).Select(i => once.Rows.Slice(i % 40 * 16, 16).ToArray())]);
        var protocol = new ImageProtocol();

        Assert.Equal(Bootstrap.Of(protocol.Evaluate(once, gallery)).Rank1.StandardError, Bootstrap.Of(protocol.Evaluate(tenfold, gallery)).Rank1.StandardError, 1e-12);
    }

    [Fact]
    public void TheSameSeedGivesTheSameIntervalsAndAnotherOthers()
    {
        var result = Result(identities: 30, queriesEach: 3, seed: 3);
        Assert.Equal(Bootstrap.Of(result), Bootstrap.Of(result));
        Assert.NotEqual(Bootstrap.Of(result), Bootstrap.Of(result, new BootstrapOptions { Seed = 2 }));
    }

    /// <summary>Over many made-up worlds, the 90 % interval holds the truth in about 90 % of them.</summary>
    [Fact]
    public void TheIntervalCoversTheTruthAsOftenAsItSays()
    {
        const double truth = 0.6;
        var covered = Enumerable.Range(0, 300).Count(world =>
        {
            var random = Randomness.For(5, world);
            var queries = new List<Sighting>();
            var hits = new List<bool>();
            for (var person = 0; person < 80; person++)
            {
                // People differ in how easy they are; over all of them a query is found with probability 0.6.
                var ease = random.NextDouble(0.2, 1.0);
                for (var q = 0; q < 3; q++)
                {
                    queries.Add(new Sighting($"{person}"));
                    hits.Add(random.NextDouble() < ease);
                }
            }

            var interval = Bootstrap.Of(OneRightOneWrong(queries, hits), new BootstrapOptions { Samples = 400, Level = 0.9, Seed = (ulong)world }).Rank1;
            return interval.Low <= truth && truth <= interval.High;
        });
        Assert.InRange(covered / 300.0, 0.84, 0.95);
    }

    [Fact]
    public void OnePersonHasNoInterval()
    {
        var problem = Assert.Throws<ArgumentException>(() => Bootstrap.Of(OneRightOneWrong([new Sighting("0"), new Sighting("0")], [true, false])));
        Assert.Contains("1 identity", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Bootstrap.Of(Result(5, 2, 1), new BootstrapOptions { Level = 1 }));
    }

    private static RetrievalResult Result(int identities, int queriesEach, ulong seed) => new ImageProtocol().Evaluate(
        Matrices.People(identities * queriesEach, 12, identities, seed, "q"), Matrices.People(identities * 6, 12, identities, seed + 100, "g"));

    /// <summary>A gallery with each person once and a stranger; a query that hits has its person first.</summary>
    private static RetrievalResult OneRightOneWrong(List<Sighting> queries, List<bool> hits)
    {
        Sighting[] gallery = [.. queries.Select(query => query.Identity).Distinct().Select(identity => new Sighting(identity)), new Sighting("stranger")];
        return new TextToImageProtocol().OnDistances(
            [.. queries], gallery, [.. queries.Select((query, q) => gallery.Select(item => item.Identity == query.Identity ? 1.0 : item.Identity == "stranger" ? (hits[q] ? 2 : 0) : 3).ToArray())]);
    }
}
