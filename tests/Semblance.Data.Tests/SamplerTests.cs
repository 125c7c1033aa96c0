using Semblance.Data.Sampling;

namespace Semblance.Data.Tests;

public sealed class SamplerTests
{
    /// <summary>Identities 0 to 39 with 1 to 9 pictures each, besides distractors and junk, which no sampler may touch.</summary>
    private static readonly PersonRecord[] Records =
    [
        .. Enumerable.Range(0, 40).SelectMany(identity => Enumerable.Range(0, 1 + (identity % 9)).Select(picture => Record(identity.ToString("0000"), picture))),
        Record("0000", 0) with { Role = Role.Distractor, ImagePath = "distractor" },
        Record("-1", 0) with { Role = Role.Junk, ImagePath = "junk" },
    ];

    private static readonly IdentitySamplerOptions EightByFour = new() { Persons = 8, PicturesPerPerson = 4 };

    [Fact]
    public void EveryBatchHoldsPPersonsWithKPictures()
    {
        var batches = new IdentitySampler(Records, EightByFour, seed: 3).Batches(0);
        Assert.NotEmpty(batches);
        Assert.All(batches, batch =>
        {
            Assert.Equal(32, batch.Length);
            var people = batch.Chunk(4).Select(chunk => Assert.Single(chunk.Select(index => Records[index].RawId).Distinct())).ToArray();
            Assert.Equal(8, people.Distinct().Count());
            Assert.All(batch, index => Assert.Equal(Role.Person, Records[index].Role));
        });
    }

    [Fact]
    public void AnIdentityWithEnoughPicturesIsNeverRepeatedInAnEpochAndOneWithFewerIs()
    {
        var drawn = new IdentitySampler(Records, EightByFour, seed: 3).Batches(5).SelectMany(batch => batch).GroupBy(index => Records[index].RawId);
        var repeated = 0;
        foreach (var identity in drawn)
        {
            var pictures = Records.Count(record => record.RawId == identity.Key && record.Role == Role.Person);
            if (pictures >= 4)
            {
                Assert.Equal(identity.Count(), identity.Distinct().Count());
                Assert.True(identity.Count() <= pictures / 4 * 4);
            }
            else
            {
                // Four slots, each picture at least once.
                Assert.Equal(pictures, identity.Distinct().Count());
                Assert.Equal(4, identity.Count());
                repeated++;
            }
        }

        Assert.True(repeated > 0);
    }

    [Fact]
    public void SamplersArePureFunctionsOfSeedAndEpoch()
    {
        Func<ulong, IBatchSampler>[] samplers =
        [
            seed => new IdentitySampler(Records, EightByFour, seed),
            seed => new IdentitySampler(Records, EightByFour with { BatchesPerEpoch = 9 }, seed),
            seed => new OnePerIdentitySampler(Records, 16, seed),
            seed => new ShuffledSampler(Records.Length, 16, seed),
        ];
        foreach (var make in samplers)
        {
            var sampler = make(1);
            var first = Flat(sampler.Batches(2));
            sampler.Batches(7);
            Assert.Equal(first, Flat(sampler.Batches(2)));
            Assert.Equal(first, Flat(make(1).Batches(2)));
            Assert.NotEqual(first, Flat(sampler.Batches(3)));
            Assert.NotEqual(first, Flat(make(2).Batches(2)));
        }
    }

    [Fact]
    public void OnePerIdentityHoldsNobodyTwiceAndUsesNearlyEveryPicture()
    {
        var batches = new OnePerIdentitySampler(Records, 8, seed: 4).Batches(1);
        Assert.All(batches, batch =>
        {
            Assert.Equal(8, batch.Length);
            Assert.Equal(8, batch.Select(index => Records[index].RawId).Distinct().Count());
        });
        var used = batches.SelectMany(batch => batch).ToArray();
        Assert.Equal(used.Length, used.Distinct().Count());
        var people = Records.Count(record => record.Role == Role.Person);
        Assert.True(used.Length >= people - 16, $"{used.Length} of {people} pictures in full batches");
    }

    [Fact]
    public void ShufflingShowsEveryRecordOnce()
    {
        var all = new ShuffledSampler(103, 10, seed: 1, dropLast: false).Batches(0);
        Assert.Equal(11, all.Count);
        Assert.Equal(Enumerable.Range(0, 103), Flat(all).Order());
        Assert.Equal(10, new ShuffledSampler(103, 10, seed: 1).Batches(0).Count);
        Assert.Equal(3, Assert.Single(new ShuffledSampler(3, 10, seed: 1).Batches(0)).Length);
    }

    [Fact]
    public void ViewpointSectorsGiveFourSidesOfAPerson()
    {
        PersonRecord[] renderings = [.. Enumerable.Range(0, 5).SelectMany(identity => Enumerable.Range(0, 72).Select(i => Record($"{identity}", i) with { Viewpoint = i * 10 % 360 }))];
        var sampler = new IdentitySampler(renderings, new IdentitySamplerOptions { Persons = 3, PicturesPerPerson = 4, ViewpointSectors = true, BatchesPerEpoch = 50 }, seed: 2);
        var batches = sampler.Batches(0);
        Assert.Equal(50, batches.Count);
        Assert.All(batches.SelectMany(batch => batch.Chunk(4)), chunk =>
            Assert.Equal([0, 1, 2, 3], chunk.Select(index => IdentitySampler.SectorOf(renderings[index].Viewpoint!.Value)).Order()));
    }

    [Theory, InlineData(0, 0), InlineData(44, 0), InlineData(45, 1), InlineData(90, 1), InlineData(180, 2), InlineData(270, 3), InlineData(315, 0), InlineData(359, 0)]
    public void SectorsAreCentredOnTheFourSides(int degrees, int sector) => Assert.Equal(sector, IdentitySampler.SectorOf(degrees));

    [Fact]
    public void TooFewPeopleIsSaidWithNumbers()
    {
        Assert.Contains("40 identities cannot fill a batch of 41 persons", Assert.Throws<ArgumentException>(() => new IdentitySampler(Records, new IdentitySamplerOptions { Persons = 41 }, 0)).Message);
        Assert.Contains("40 identities cannot fill a batch of 64", Assert.Throws<ArgumentException>(() => new OnePerIdentitySampler(Records, 64, 0)).Message);
        Assert.Contains("gives no viewpoint", Assert.Throws<ArgumentException>(() => new IdentitySampler(Records, EightByFour with { ViewpointSectors = true }, 0)).Message);
    }

    [Fact]
    public void LabelsGoByValueForNumbersAndByLetterForTheRest()
    {
        PersonRecord[] records = [Record("10", 0), Record("9", 0), Record("2", 0), Record("b", 0) with { Dataset = "a" }, Record("10", 0) with { Dataset = "a" }, Record("-1", 0) with { Role = Role.Junk }];
        var map = IdentityMap.Of(records);
        Assert.Equal([("a", "10"), ("a", "b"), ("set", "2"), ("set", "9"), ("set", "10")], map.Keys);
        Assert.Equal(4, map.LabelOf(records[0]));
        Assert.Contains("identity \"-1\" of set (Junk) is none of the 5", Assert.Throws<ArgumentException>(() => map.LabelOf(records[^1])).Message);
        Assert.Null(map.Find("set", "11"));
    }

    [Fact]
    public void CamerasAreNumberedOnceForAllSplits()
    {
        var map = CameraMap.Of([Record("1", 0) with { Camera = 6 }, Record("1", 0) with { Camera = 2, Split = Split.Query }, Record("1", 0) with { Camera = null }]);
        Assert.Equal(2, map.Count);
        Assert.Equal(1, map.IndexOf(Record("5", 0) with { Camera = 6 }));
        Assert.Null(map.IndexOf(Record("5", 0) with { Camera = null }));
        Assert.Contains("camera 4 of set is unknown, expected one of 2, 6", Assert.Throws<ArgumentException>(() => map.IndexOf(Record("5", 0) with { Camera = 4 })).Message);
    }

    private static PersonRecord Record(string identity, int picture) =>
        new() { Dataset = "set", Split = Split.Train, ImagePath = $"train/{identity}_{picture}.jpg", RawId = identity, Camera = 1 };

    private static int[] Flat(IEnumerable<int[]> batches) => [.. batches.SelectMany(batch => batch)];
}
