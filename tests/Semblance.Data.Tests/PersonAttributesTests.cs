using Semblance.Core;
using Semblance.Text;

namespace Semblance.Data.Tests;

public sealed class PersonAttributesTests
{
    [Fact]
    public void FieldsAreReadByNameInWhateverOrderTheyStand()
    {
        var attributes = PersonAttributes.Read(MatlabFileTests.Golden("attributes.mat"));
        Assert.Equal(["0001", "0002", "0003", "0009"], attributes.Train.Keys);
        Assert.Equal(["0005", "0006", "0007", "0008"], attributes.Test.Keys);

        // Both halves hold the same numbers, the second with its fields the other way round.
        Assert.Equal(attributes.Train["0002"].OrderBy(pair => pair.Key), attributes.Test["0006"].OrderBy(pair => pair.Key));
        Assert.Equal((2, 4, 1, 0), (attributes.Train["0002"]["gender"], attributes.Train["0002"]["age"], attributes.Train["0002"]["hat"], attributes.Train["0002"]["backpack"]));
    }

    [Fact]
    public void APersonIsDescribedAndColoursThatAreNotOneAreNone()
    {
        var people = PersonAttributes.Read(MatlabFileTests.Golden("attributes.mat")).Train;
        var first = PersonAttributes.Describe(people["0001"]);
        Assert.Equal((Gender.Male, AgeGroup.Adult, HairLength.Short, ColourName.Red, ColourName.Blue), (first.Gender, first.Age, first.HairLength, first.UpperColour, first.LowerColour));
        Assert.Equal((LowerGarment.Trousers, SleeveLength.Long, true), (first.Lower, first.Sleeves, first.Bag));
        var second = PersonAttributes.Describe(people["0002"]);
        Assert.Equal((LowerGarment.Dress, SleeveLength.Short, Headwear.Hat, null, null), (second.Lower, second.Sleeves, second.Headwear, second.UpperColour, second.LowerColour));
    }

    [Fact]
    public void MarketsRecordsGetThemAndDifferencesAreNamed()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.Copy(MatlabFileTests.Golden("attributes.mat"), folder.File("market_attribute.mat"));
        var set = Market1501.Open(folder.Root);

        Assert.All(set.Of(Split.Query), record => Assert.Equal(14, record.Attributes!.Count));
        Assert.All(set.Records.Where(record => record.Role != Role.Person), record => Assert.Null(record.Attributes));
        Assert.Equal(Gender.Female, set.Of(Split.Train).First(record => record.RawId == "0002").Description!.Gender);
        Assert.Null(set.Of(Split.Train).First(record => record.RawId == "0004").Attributes);
        var said = set.Report.Problems.Where(problem => problem.Path == "market_attribute.mat").Select(problem => problem.Reason).ToArray();
        Assert.Equal(["1 people are shown and not in its train half (0004)", "1 people are not shown and in its train half (0009)"], said);
    }

    /// <summary>751 made-up people with the published shares; exchanging two fields is what reading by position would do.</summary>
    [Fact]
    public void ATableWithOtherFiguresThanThePublishedOneIsNamed()
    {
        Dictionary<string, IReadOnlyDictionary<string, int>> People(bool mixed) => Enumerable.Range(0, 751).ToDictionary(i => $"{i:D4}", i => (IReadOnlyDictionary<string, int>)new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["gender"] = i < 431 ? 1 : 2,
            ["age"] = i < 14 ? 1 : i < 583 ? 2 : i < 743 ? 3 : 4,
            ["hair"] = i < 506 ? 1 : 2,
            ["up"] = i < 39 ? 1 : 2,
            ["down"] = i < 294 ? 1 : 2,
            ["clothes"] = i < 110 ? 1 : 2,
            ["hat"] = i < 20 ? 1 : 0,
            [mixed ? "bag" : "backpack"] = i < 199 ? 1 : 0,
            [mixed ? "backpack" : "bag"] = i < 185 ? 1 : 0,
            ["handbag"] = i < 86 ? 1 : 0,
        });
        Assert.Empty(PublishedAttributes.Differences(People(mixed: false), training: true));
        Assert.Equal(2, PublishedAttributes.Differences(People(mixed: true), training: true).Count());
        Assert.Contains("bag is 1 for 199 people of its train half, 185 published", string.Join('|', PublishedAttributes.Differences(People(mixed: true), training: true)), StringComparison.Ordinal);
        Assert.Empty(PublishedAttributes.Differences(People(mixed: true).Take(10).ToDictionary(), training: true));
    }

    [Fact]
    public void DukesRecordsGetTheirsWithFieldsThatMarketLacks()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in new[] { ("bounding_box_train/0001_c2_f0046182.jpg", 1), ("bounding_box_train/0002_c2_f0046182.jpg", 2), ("bounding_box_test/0005_c8_f0000100.jpg", 3), ("query/0005_c1_f0000007.jpg", 4) })
        {
            File.WriteAllBytes(folder.File(name), Fixtures.Small(1, seed).EncodeJpeg());
        }

        File.Copy(MatlabFileTests.Golden("duke-attributes.mat"), folder.File("duke_attribute.mat"));
        var set = DukeMtmc.Open(folder.Root, new DatasetOptions { AcceptWithdrawn = ["dukemtmc-reid"] });

        Assert.All(set.Records, record => Assert.Equal(12, record.Attributes!.Count));
        var first = Assert.Single(set.Of(Split.Query)).Description!;
        Assert.Equal((Gender.Female, Headwear.Hat, ColourName.Black, ColourName.Black), (first.Gender, first.Headwear, first.UpperColour, first.LowerColour));
        Assert.Equal((GarmentLength.Long, Footwear.Shoes, Tone.Light, false), (first.UpperLength, first.Footwear, first.FootwearTone, first.Bag));
        // Its table says nothing of sleeves, and so must captions.
        Assert.Equal(SleeveLength.Unknown, first.Sleeves);
        Assert.All(Enum.GetValues<CaptionStyle>(), style =>
        {
            var random = Randomness.For(1);
            Assert.All(new CaptionGrammar(new CaptionOptions { Style = style }).WriteSeveral(first, 100, ref random), caption => Assert.DoesNotContain("sleeve", caption, StringComparison.OrdinalIgnoreCase));
        });
        var second = set.Of(Split.Train).Single(record => record.RawId == "0002").Description!;
        Assert.Equal((GarmentLength.Hip, Footwear.Boots, Tone.Dark, true), (second.UpperLength, second.Footwear, second.FootwearTone, second.Bag));
        Assert.Equal("1 people are not shown and in its test half (0006)", Assert.Single(set.Report.Problems).Reason);
    }

    [Fact]
    public void AnotherFileIsRefusedWithWhatItHolds() => Assert.Contains(
        "expected a structure with train and test", Assert.Throws<SemblanceFormatException>(() => PersonAttributes.Read(MatlabFileTests.Golden("values.mat"))).Message, StringComparison.Ordinal);
}
