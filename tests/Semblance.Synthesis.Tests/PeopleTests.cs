using Semblance.Data;
using Semblance.Text;

namespace Semblance.Synthesis.Tests;

public sealed class PeopleTests
{
    private static readonly WorldOptions Many = new() { Domain = "campus", Seed = 11, Identities = 1500, ImagesPerIdentity = 12, Width = 48, Height = 96 };

    [Fact]
    public void AnotherSeedAndAnotherDomainHaveOtherPeople()
    {
        string[] Look(WorldOptions options) => [.. Enumerable.Range(0, 40).Select(i => new World(options).Describe(i).ToString())];
        var people = Look(Many);
        Assert.Equal(people, Look(Many));
        Assert.True(people.Zip(Look(Many with { Seed = 12 })).Count(pair => pair.First == pair.Second) < 2);
        Assert.True(people.Zip(Look(Many with { Domain = "plaza" })).Count(pair => pair.First == pair.Second) < 2);
    }

    [Fact]
    public void ClothesHaveTheColoursOfTheStreet()
    {
        var world = new World(Many);
        var uppers = Enumerable.Range(0, 1500).Select(i => world.Describe(i).UpperColour!.Value).ToArray();
        ColourName[] common =
        [
            ColourName.Black, ColourName.White, ColourName.Grey, ColourName.LightGrey, ColourName.DarkGrey, ColourName.Blue, ColourName.LightBlue, ColourName.DarkBlue, ColourName.Navy,
        ];
        Assert.InRange(uppers.Count(common.Contains) / 1500.0, 0.55, 0.8);
        Assert.Equal(Enum.GetValues<ColourName>().Length, uppers.Distinct().Count());
        var blackAbove = uppers.Count(c => c == ColourName.Black);
        Assert.All(Enum.GetValues<ColourName>(), colour => Assert.True(uppers.Count(c => c == colour) <= blackAbove));
    }

    [Fact]
    public void ManyPeopleHaveALookAlikeButFewATwinInWords()
    {
        var world = new World(Many);
        var facts = Enumerable.Range(0, 600).Select(i => Facts(world.Describe(i))).ToArray();
        var shared = Enumerable.Range(0, 200).Select(g => facts[3 * g].Zip(facts[(3 * g) + 1]).Count(p => Equals(p.First, p.Second)) / (double)facts[0].Length).ToArray();
        Assert.True(shared.Count(s => s >= 0.75) > 80, $"{shared.Count(s => s >= 0.75)} of 200 neighbours share three quarters of what words can say, expected more than 80");
        Assert.True(shared.Count(s => s == 1) < 20, $"{shared.Count(s => s == 1)} of 200 neighbours cannot be told apart in words, expected fewer than 20");
    }

    [Fact]
    public void AttributesLieInTheRangesOfFineGpr()
    {
        var world = new World(Many);
        for (var i = 0; i < 300; i++)
        {
            var codes = world.Attributes(i);
            Assert.Equal(FineGprAttributes.Codes.Keys.Order(StringComparer.Ordinal), codes.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, code) in codes)
            {
                Assert.InRange(code, 1, FineGprAttributes.Codes[name]);
            }
        }
    }

    [Fact]
    public void WordsTellOnlyWhatThePictureShows()
    {
        var world = new World(Many);
        var hidden = 0;
        for (var identity = 0; identity < 200; identity++)
        {
            var whole = world.Describe(identity);
            for (var image = 0; image < 12; image++)
            {
                var sighting = world.Look(identity, image);
                var seen = sighting.Description;
                if (sighting.Viewpoint is > 185 and < 355)
                {
                    Assert.False(seen.Glasses);
                    Assert.Null(seen.InnerColour);
                }

                hidden += whole.Backpack is not null && seen.Backpack is null ? 1 : 0;
                Assert.True(seen.Backpack is null || seen.Backpack == whole.Backpack);
                Assert.Equal((whole.UpperColour, whole.LowerColour, whole.Gender), (seen.UpperColour, seen.LowerColour, seen.Gender));
                Assert.Equal(2, sighting.Captions.Distinct().Count());
            }
        }

        Assert.True(hidden > 10);
    }

    private static object?[] Facts(PersonDescription d) =>
    [
        d.Gender, d.Age, d.HairLength, d.HairStyle, d.HairColour, d.Glasses, d.Headwear, d.Upper, d.UpperColour, d.UpperPattern, d.UpperSecondColour, d.Sleeves, d.InnerColour,
        d.Lower, d.LowerColour, d.LowerPattern, d.Footwear, d.FootwearColour, d.Backpack, d.Handbag, d.Umbrella,
    ];
}
