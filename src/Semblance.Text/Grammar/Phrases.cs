using Semblance.Core;

namespace Semblance.Text.Grammar;

/// <summary>Noun phrases about one person: "a slim young woman", "a red and white striped shirt", "short brown hair".</summary>
internal sealed class Phrases(Witness witness, CaptionOptions options, Randomness random)
{
    private const double SilentTone = 0.5;
    private Randomness _random = random;

    /// <summary>The stream after all that was drawn here.</summary>
    public Randomness Random => _random;

    public PersonDescription Person => witness.Person;

    /// <summary>True once a noun has told the build, which is not told twice.</summary>
    public bool SaidBuild { get; private set; }

    public bool Knows(Fact fact) => witness.Knows(fact);

    public bool IsDress => Person.Lower == LowerGarment.Dress;

    public bool Chance(double probability) => _random.Chance(probability);

    public string Pick(Words words) => words.Pick(ref _random);

    public T OneOf<T>(params ReadOnlySpan<T> items) => _random.Pick(items);

    public int PickWeighted(ReadOnlySpan<double> weights) => _random.PickWeighted(weights);

    public void Shuffle<T>(Span<T> items) => _random.Shuffle(items);

    /// <summary>"tall slim young woman", without an article.</summary>
    public string PersonNoun()
    {
        var words = Pick(Lexicon.Person(Knows(Fact.Gender) ? Person.Gender : Gender.Unknown, Knows(Fact.Age) ? Person.Age : AgeGroup.Unknown));
        if (Knows(Fact.Build) && Person.Build != 0 && Chance(0.6))
        {
            words = $"{Pick(Person.Build < 0 ? Lexicon.Slim : Lexicon.Heavy)} {words}";
            SaidBuild = true;
        }

        if (Knows(Fact.Stature) && Person.Stature != 0 && Chance(0.6))
        {
            words = $"{Pick(Person.Stature < 0 ? Lexicon.Short : Lexicon.Tall)} {words}";
        }

        return words;
    }

    /// <summary>"shoulder-length brown hair tied in a ponytail", or null when nothing is known of the hair.</summary>
    public string? Hair()
    {
        var length = Knows(Fact.HairLength) ? Person.HairLength : HairLength.Unknown;
        if (length == HairLength.Bald)
        {
            return Pick(Lexicon.Bald);
        }

        var colour = Knows(Fact.HairColour) && Person.HairColour is { } named ? Pick(Lexicon.HairColour(named)) : "";
        var style = Knows(Fact.HairStyle) && Person.HairLength is not (HairLength.Unknown or HairLength.Bald) ? Person.HairStyle : HairStyle.Loose;
        var lengthWord = length switch
        {
            HairLength.Short => Pick(Lexicon.ShortHair),
            HairLength.Medium => Pick(Lexicon.MediumHair),
            HairLength.Long => Pick(Lexicon.LongHair),
            _ => "",
        };
        if (colour.Length == 0 && lengthWord.Length == 0 && style == HairStyle.Loose)
        {
            return null;
        }

        if (style == HairStyle.Ponytail && Chance(0.35))
        {
            return English.An(Join(lengthWord.StartsWith("long", StringComparison.Ordinal) ? "long" : "", colour, "ponytail"));
        }

        var curls = style == HairStyle.Curly ? Pick(Lexicon.Curly) : "";
        var hair = Chance(0.1) && lengthWord.Length > 0 && colour.Length > 0 && curls.Length == 0 && !colour.StartsWith("dyed", StringComparison.Ordinal)
            ? $"{lengthWord}, {colour} hair"
            : Join(lengthWord, curls, colour, "hair");
        return style switch
        {
            HairStyle.Ponytail => $"{hair} {Pick(Lexicon.Ponytail)}",
            HairStyle.Bun => $"{hair} {Pick(Lexicon.Bun)}",
            _ => hair,
        };
    }

    /// <summary>The upper garment with its article; a dress when that is what is worn.</summary>
    public string Upper() => Garment(UpperNoun(), UpperModifiers(), Knows(Fact.UpperColour) ? Person.UpperColour : null, Person.UpperColour,
        Knows(Fact.UpperPattern) ? Person.UpperPattern : null, Person.UpperSecondColour) + Inner();

    public Noun UpperNoun() => Noun.Parse(Pick(IsDress ? Lexicon.Lower(LowerGarment.Dress) : Lexicon.Upper(Knows(Fact.UpperKind) ? Person.Upper : UpperGarment.Top)));

    /// <summary>The lower garment with its article, or "a pair of".</summary>
    public string Lower() => Garment(LowerNoun(), "", Knows(Fact.LowerColour) ? Person.LowerColour : null, Person.LowerColour,
        Knows(Fact.LowerPattern) && Person.LowerPattern != ClothPattern.Plain ? Person.LowerPattern : null, Person.LowerSecondColour);

    public Noun LowerNoun() => Noun.Parse(Knows(Fact.LowerKind) || Person.Lower == LowerGarment.Skirt
        ? Pick(Lexicon.Lower(Person.Lower))
        : Pick(Person.Lower == LowerGarment.Shorts ? "shorts+:3|bottoms+|short bottoms+:.5" : "pants+:4|trousers+:2|bottoms+|lower garments+:.2"));

    public Noun FeetNoun() => Noun.Parse(Pick(Lexicon.Feet(Person.Footwear)));

    public string Feet()
    {
        var noun = FeetNoun();
        var colour = Knows(Fact.FootwearColour) ? FeetColour() : "";
        var words = Join(colour, noun.Text);
        return Chance(0.2) && noun.Number == Number.Plural ? $"a pair of {words}" : words;
    }

    /// <summary>The colour of the shoes, or their tone; empty when neither is known.</summary>
    public string FeetColour() => Person.FootwearColour is { } colour
        ? Chance(0.85) || options.MissingFacts == 0 || ToneOf(colour).Length == 0 ? Shade(colour) : ToneOf(colour)
        : Person.FootwearTone switch
        {
            Tone.Dark => Pick(Lexicon.DarkTone),
            Tone.Light => Pick(Lexicon.LightTone),
            _ => "",
        };

    public string Headwear() => Person.Headwear == Text.Headwear.Hood
        ? Pick(Lexicon.HoodUp)
        : English.An(Join(Knows(Fact.HeadwearColour) && Person.HeadwearColour is { } colour ? Shade(colour) : "", Pick(Lexicon.Head(Person.Headwear))));

    public string Glasses() => Noun.Parse(Pick(Lexicon.Glasses)).Text;

    public string Backpack() => Join(BackpackAlone(), Pick(Lexicon.OnTheBack));

    public string BackpackAlone() => English.An(Join(BagColour(Person.Backpack), Pick(Lexicon.Backpack)));

    public string Handbag() => Join(English.An(Join(BagColour(Person.Handbag), Pick(Lexicon.Handbag))), Pick(Lexicon.InTheHand));

    public string Umbrella() => English.An(Join(BagColour(Person.Umbrella), Pick(Lexicon.Umbrella)));

    /// <summary>A colour as somebody would name it, at times with a doubt.</summary>
    public string Shade(ColourName colour)
    {
        var word = Pick(Lexicon.Colour(colour));
        return Chance(options.Hedges * 0.4) ? $"{word} {Pick(Lexicon.ColourHedge)} {Lexicon.Colour(OneOf(Palette.Confusable(colour))).Plain}" : word;
    }

    /// <summary>"dark", "light-coloured", "bright", or nothing for a colour in the middle.</summary>
    public string ToneOf(ColourName colour) =>
        Palette.IsDark(colour) ? Pick(Lexicon.DarkTone) : Palette.IsLight(colour) ? Pick(Lexicon.LightTone) : Palette.IsBright(colour) ? Pick(Lexicon.BrightTone) : "";

    public static string Join(params ReadOnlySpan<string> words)
    {
        var joined = new List<string>(words.Length);
        foreach (var word in words)
        {
            if (word.Length > 0)
            {
                joined.Add(word);
            }
        }

        return string.Join(' ', joined);
    }

    public static string WithArticle(Noun noun, string words, bool pair) => noun.Number switch
    {
        Number.Singular => English.An(words),
        Number.Plural when pair => $"a pair of {words}",
        _ => words,
    };

    private string BagColour(ColourName? colour) => Knows(Fact.BagColour) && colour is { } named ? Shade(named) : "";

    private string Inner()
    {
        if (IsDress || Person.InnerColour is not { } colour || !Knows(Fact.Inner))
        {
            return "";
        }

        var layer = $"{English.An($"{Shade(colour)} {Pick(Lexicon.InnerLayer)}")}";
        return Chance(0.5) ? $" over {layer}" : $" with {layer} {Pick(Lexicon.Underneath)}";
    }

    private string UpperModifiers()
    {
        var garment = Person.Upper;
        var length = "";
        if (Knows(Fact.UpperKind) && !IsDress)
        {
            length = Person.UpperLength switch
            {
                GarmentLength.Long when Chance(0.45) => Pick(Lexicon.LongLength),
                GarmentLength.Short when Chance(0.25) => Pick(Lexicon.CroppedLength),
                _ => "",
            };
        }

        // Nobody says that a coat has long sleeves; on a shirt it is news.
        var mention = (garment, Person.Sleeves) switch
        {
            (UpperGarment.TShirt or UpperGarment.Vest, SleeveLength.Short) => 0.2,
            (UpperGarment.Vest, SleeveLength.None) => 0.15,
            (_, SleeveLength.Unknown) => 0,
            (_, SleeveLength.None) => 0.6,
            (_, SleeveLength.Short) => 0.5,
            (UpperGarment.TShirt or UpperGarment.Shirt or UpperGarment.Blouse or UpperGarment.Top, SleeveLength.Long) => 0.4,
            _ => 0.06,
        };
        var sleeves = Knows(Fact.UpperKind) && length.Length == 0 && Chance(mention)
            ? Pick(Person.Sleeves switch { SleeveLength.None => Lexicon.Sleeveless, SleeveLength.Short => Lexicon.ShortSleeved, _ => Lexicon.LongSleeved })
            : "";
        return Join(length, sleeves);
    }

    private string Garment(Noun noun, string modifiers, ColourName? colour, ColourName? truth, ClothPattern? pattern, ColourName? second)
    {
        // "a long long coat" and "a sleeveless sleeveless jacket" are nobody's words.
        var head = modifiers.Length > 0 && noun.Text.StartsWith(modifiers.Split(' ', '-')[0], StringComparison.Ordinal) ? "" : modifiers;
        var pair = Chance(0.22);
        var shade = colour is { } named ? Shade(named) : truth is { } seen && options.MissingFacts > 0 && Chance(SilentTone) ? ToneOf(seen) : "";
        if (pattern is { } cloth && cloth != ClothPattern.Plain)
        {
            return Patterned(noun, head, shade, colour is null ? null : second, cloth, pair);
        }

        if (pattern == ClothPattern.Plain && Chance(0.05) && !shade.StartsWith("solid", StringComparison.Ordinal) && !shade.StartsWith("plain", StringComparison.Ordinal))
        {
            return WithArticle(noun, Join(Pick(Lexicon.PlainCloth), head, shade, noun.Text), pair);
        }

        if (colour is not null && shade.Length > 0)
        {
            var form = _random.NextDouble();
            if (form < 0.05)
            {
                return WithArticle(noun, $"{Join(head, noun.Text)} in {shade}", pair);
            }

            if (form < 0.07)
            {
                return WithArticle(noun, $"{Join(head, noun.Text)} of {shade} colour", pair);
            }

            if (form < 0.11 && !shade.Contains(" or ", StringComparison.Ordinal) && !shade.Contains("colour", StringComparison.Ordinal))
            {
                return WithArticle(noun, Join(head, shade.Replace(' ', '-') + (form < 0.09 ? "-colored" : " coloured"), noun.Text), pair);
            }
        }

        return WithArticle(noun, Join(head, shade, noun.Text), pair);
    }

    private string Patterned(Noun noun, string head, string shade, ColourName? second, ClothPattern cloth, bool pair)
    {
        var other = second is { } named ? Pick(Lexicon.Colour(named)) : "";
        var adjective = Pick(cloth switch { ClothPattern.Striped => Lexicon.Striped, ClothPattern.Checked => Lexicon.Checked, _ => Lexicon.Printed });
        var marks = Pick(cloth switch { ClothPattern.Striped => Lexicon.Stripes, ClothPattern.Checked => Lexicon.Checks, _ => Lexicon.Print });
        if (other.Length == 0 || shade.Length == 0)
        {
            return WithArticle(noun, Join(head, shade, adjective, noun.Text), pair);
        }

        var singular = !marks.EndsWith('s');
        return _random.Next(4) switch
        {
            0 => WithArticle(noun, Join(head, $"{shade} and {other}", adjective, noun.Text), pair),
            1 => WithArticle(noun, $"{Join(head, adjective, noun.Text)} in {shade} and {other}", pair),
            _ => $"{WithArticle(noun, Join(head, shade, noun.Text), pair)} with {(singular && !marks.EndsWith("lettering", StringComparison.Ordinal) ? English.An($"{other} {marks}") : $"{other} {marks}")}",
        };
    }
}
