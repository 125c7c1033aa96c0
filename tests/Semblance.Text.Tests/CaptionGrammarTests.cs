using Semblance.Core;

namespace Semblance.Text.Tests;

public sealed class CaptionGrammarTests
{
    private const int Many = 4000;
    private static readonly CaptionOptions Exact = new() { WrongFacts = 0, MissingFacts = 0 };

    [Theory, InlineData(CaptionStyle.Rich), InlineData(CaptionStyle.Plain), InlineData(CaptionStyle.Fixed)]
    public void TheSameStreamGivesTheSameCaptionAndTheFormatIsClean(CaptionStyle style)
    {
        var grammar = new CaptionGrammar(new CaptionOptions { Style = style, Environment = EnvironmentWords.Full });
        for (var seed = 0; seed < 500; seed++)
        {
            var (one, two) = (Randomness.For(7, seed), Randomness.For(7, seed));
            var caption = grammar.Write(RandomPeople.Draw(ref one), ref one);
            Assert.Equal(caption, grammar.Write(RandomPeople.Draw(ref two), ref two));
            Assert.Equal(one.NextBits(), two.NextBits());
            Assert.DoesNotContain("  ", caption);
            Assert.DoesNotContain(" ,", caption);
            Assert.DoesNotContain("{", caption);
            Assert.DoesNotContain("+", caption);
            Assert.DoesNotContain("~", caption);
            Assert.Equal(caption.Trim(), caption);
        }
    }

    [Fact]
    public void RichCaptionsHaveEightToSixtyWordsWhateverIsKnown()
    {
        var grammar = new CaptionGrammar();
        foreach (var caption in Sample(grammar, Many))
        {
            Assert.InRange(caption.Split(' ').Length, 8, 60);
        }

        var everything = new CaptionGrammar(Exact with { Environment = EnvironmentWords.Full, AbsentMentions = 1 });
        foreach (var caption in Sample(everything, 500))
        {
            Assert.InRange(caption.Split(' ').Length, 8, 60);
        }

        for (var seed = 0; seed < 500; seed++)
        {
            var random = Randomness.For(3, seed);
            Assert.InRange(grammar.Write(new PersonDescription(), ref random).Split(' ').Length, 8, 60);
        }
    }

    [Fact]
    public void TheVocabularyIsThatOfManyWriters()
    {
        Dictionary<string, int> words = new(StringComparer.Ordinal);
        foreach (var word in Sample(new CaptionGrammar(), 10_000).SelectMany(caption => caption.ToLowerInvariant().Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries)))
        {
            words[word] = words.GetValueOrDefault(word) + 1;
        }

        Assert.True(words.Count >= 600, $"{words.Count} distinct words");
        var common = words.Count(entry => entry.Value >= 5);
        Assert.True(common >= 500, $"{common} words that occur five times or more");
    }

    [Fact]
    public void OneDescriptionIsWordedInManyWays()
    {
        var random = Randomness.For(5);
        var person = RandomPeople.Draw(ref random);
        var captions = new CaptionGrammar().WriteSeveral(person, 200, ref random);
        Assert.Equal(200, captions.Distinct().Count());
        Assert.True(captions.Select(caption => caption.Split(' ')[0]).Distinct().Count() >= 10, "fewer than ten different first words");
        Assert.Contains(captions, caption => caption.Count(c => c == '.') >= 3);
        Assert.Contains(captions, caption => !caption.TrimEnd('.').Contains('.'));
    }

    [Theory, InlineData(CaptionStyle.Rich), InlineData(CaptionStyle.Plain), InlineData(CaptionStyle.Fixed)]
    public void WithoutErrorsTheColoursOfTheMainGarmentsAreTold(CaptionStyle style)
    {
        var grammar = new CaptionGrammar(Exact with { Style = style });
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = Randomness.For(11, seed);
            var person = RandomPeople.Draw(ref random);
            var caption = grammar.Write(person, ref random);
            AssertNamed(person.UpperColour!.Value, caption, seed);
            if (person.Lower != LowerGarment.Dress)
            {
                AssertNamed(person.LowerColour!.Value, caption, seed);
            }
        }
    }

    [Fact]
    public void WithoutErrorsGenderIsRightAndThingsCarriedAreTold()
    {
        var grammar = new CaptionGrammar(Exact);
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = Randomness.For(12, seed);
            var person = RandomPeople.Draw(ref random);
            var words = grammar.Write(person, ref random).ToLowerInvariant().Split([' ', ',', '.', '\''], StringSplitOptions.RemoveEmptyEntries);
            string[] male = ["he", "his", "man", "boy", "guy", "gentleman"];
            string[] female = ["she", "her", "woman", "girl", "lady"];
            Assert.Empty(words.Intersect(person.Gender == Gender.Male ? female : person.Gender == Gender.Female ? male : [.. male, .. female]));
            Assert.Equal(person.Umbrella is not null, words.Contains("umbrella") || words.Contains("parasol"));
            Assert.Equal(person.Phone, words.Intersect(["phone", "smartphone", "cellphone", "mobile", "handset"]).Any());
        }
    }

    [Fact]
    public void ADressStandsAlone()
    {
        var grammar = new CaptionGrammar(new CaptionOptions { WrongFacts = 0 });
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = Randomness.For(16, seed);
            var person = RandomPeople.Draw(ref random) with { Lower = LowerGarment.Dress };
            var caption = grammar.Write(person, ref random).ToLowerInvariant();
            Assert.DoesNotContain(["jacket", "sweater", "vest", "trousers", "jeans", "skirt", "shorts"], caption.Contains);
            Assert.True(new[] { "dress", "gown", "frock", "one-piece", "clothes", "clothing", "outfit", "attire", "garments", "ensemble" }.Any(caption.Contains), caption);
        }
    }

    [Fact]
    public void FeetOutOfSightAreNotSpokenOf()
    {
        var grammar = new CaptionGrammar(Exact);
        for (var seed = 0; seed < 500; seed++)
        {
            var random = Randomness.For(15, seed);
            var person = RandomPeople.Draw(ref random) with { FootwearColour = null, FootwearTone = Tone.Unknown };
            var caption = grammar.Write(person, ref random).ToLowerInvariant();
            Assert.DoesNotContain(["shoes", "sneakers", "boots", "sandals", "footwear", "feet", "trainers", "slippers"], caption.Contains);
        }
    }

    [Fact]
    public void AbsentThingsAreOnlyMentionedWhenAbsent()
    {
        var grammar = new CaptionGrammar(Exact with { AbsentMentions = 1 });
        var mentioned = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = Randomness.For(13, seed);
            var person = RandomPeople.Draw(ref random);
            var caption = grammar.Write(person, ref random).ToLowerInvariant();
            foreach (var (words, present) in new[] { ("no hat", person.Headwear != Headwear.None), ("no glasses", person.Glasses), ("no bag", person.Backpack is not null || person.Handbag is not null) })
            {
                Assert.False(present && caption.Contains(words), caption);
                mentioned += caption.Contains(words) ? 1 : 0;
            }
        }

        Assert.InRange(mentioned, 100, 1000);
    }

    [Fact]
    public void ErrorRatesAreThoseAskedFor()
    {
        var random = Randomness.For(14);
        var (wrong, missing) = (0, 0);
        for (var i = 0; i < Many; i++)
        {
            var person = RandomPeople.Draw(ref random);
            var witness = Grammar.Witness.Of(person, wrong: 0.03, missing: 0.2, ref random);
            wrong += witness.Person.UpperColour != person.UpperColour ? 1 : 0;
            missing += witness.Knows(Grammar.Fact.HairColour) ? 0 : 1;
        }

        Assert.InRange(wrong / (double)Many, 0.02, 0.04);
        Assert.InRange(missing / (double)Many, 0.18, 0.22);
    }

    [Fact]
    public void SurroundingsAreSpokenOfOnlyWhenAskedFor()
    {
        string[] outside = ["night", "fog", "snowstorm", "blizzard", "countryside", "city", "dawn", "dusk", "plaza"];
        Assert.DoesNotContain(Sample(new CaptionGrammar(), 2000), caption => outside.Any(word => caption.ToLowerInvariant().Split(' ').Contains(word)));
        var told = Sample(new CaptionGrammar(Exact with { Environment = EnvironmentWords.Full }), 500).Count(caption => outside.Any(caption.Contains));
        Assert.True(told > 200, $"{told} of 500");
    }

    [Fact]
    public void TheFixedStyleFollowsThePapersOrder()
    {
        var random = Randomness.For(1);
        var person = new PersonDescription
        {
            Gender = Gender.Female,
            Age = AgeGroup.Teenager,
            Upper = UpperGarment.Top,
            UpperColour = ColourName.Orange,
            Sleeves = SleeveLength.Short,
            Lower = LowerGarment.Trousers,
            LowerColour = ColourName.Blue,
            FootwearTone = Tone.Dark,
            Glasses = true,
        };
        Assert.Equal(
            "A teenage girl wears a short-sleeved orange top, blue trousers and dark shoes, with glasses and without a bag.",
            new CaptionGrammar(new CaptionOptions { Style = CaptionStyle.Fixed }).Write(person, ref random));
    }

    [Fact]
    public void ArticlesFitTheSound()
    {
        Assert.Equal("an orange jacket", Grammar.English.An("orange jacket"));
        Assert.Equal("a uniform", Grammar.English.An("uniform"));
        Assert.Equal("an umbrella", Grammar.English.An("umbrella"));
        Assert.Equal("a one-piece", Grammar.English.An("one-piece"));
        foreach (var caption in Sample(new CaptionGrammar(), Many))
        {
            var words = caption.ToLowerInvariant().Split(' ');
            for (var i = 0; i + 1 < words.Length; i++)
            {
                if (words[i] is "a" or "an")
                {
                    Assert.True(words[i] == (Grammar.English.An(words[i + 1])[..2] == "an" ? "an" : "a"), caption);
                    Assert.False(words[i + 1].TrimEnd('.', ',') is "jeans" or "trousers" or "pants" or "shorts" or "shoes" or "boots" or "glasses" or "sneakers", caption);
                }
            }
        }
    }

    [Fact]
    public void BadOptionsAreAllNamedAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new CaptionGrammar(new CaptionOptions { WrongFacts = 2, MaximumWords = 10 }));
        Assert.Contains("WrongFacts is 2, expected 0 to 1", error.Message);
        Assert.Contains("MaximumWords is 10, expected 28 or more", error.Message);
    }

    [Fact]
    public void DefaultsArePinned() => Assert.Equal(
        new CaptionOptions { Style = CaptionStyle.Rich, Environment = EnvironmentWords.None, WrongFacts = 0.03, MissingFacts = 0.2, AbsentMentions = 0.12, Hedges = 0.08, MinimumWords = 8, MaximumWords = 60 },
        new CaptionOptions());

    private static IEnumerable<string> Sample(CaptionGrammar grammar, int count)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var random = Randomness.For(99, seed);
            var person = RandomPeople.Draw(ref random);
            yield return grammar.Write(person, ref random);
        }
    }

    private static void AssertNamed(ColourName colour, string caption, int seed)
    {
        var flat = caption.ToLowerInvariant().Replace('-', ' ');
        Assert.True(CaptionWords.PhrasesOf(colour).Any(phrase => flat.Contains(phrase.Replace('-', ' '), StringComparison.Ordinal)), $"seed {seed}: {colour} is not named in: {caption}");
    }
}
