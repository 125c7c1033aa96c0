using Semblance.Core;

namespace Semblance.Text.Grammar;

/// <summary>The toolkit generator (decision D27): six skeletons over subject, upper, lower, feet, extras and surroundings, every fact right.</summary>
internal static class PlainCaption
{
    public static string Write(PersonDescription person, CaptionOptions options, ref Randomness random)
    {
        var subject = English.An(Subject(person));
        var clothes = Clothes(person, ref random);
        var feet = Feet(person);
        var extras = Extras(person, options, ref random);
        var surroundings = options.Environment == EnvironmentWords.Full && person.Scene is { } scene ? Surroundings(scene, ref random) : "";
        var wears = random.Pick("wears", "has on", "is dressed in", "is wearing");
        var (he, has) = person.Gender switch { Gender.Male => ("he", "has"), Gender.Female => ("she", "has"), _ => ("they", "have") };
        var with = extras.Count == 0 ? "" : $", with {English.List(extras)}";
        var text = random.Next(6) switch
        {
            0 => English.Sentence($"{subject} {wears} {clothes} and {feet}{with}"),
            1 => English.Sentence($"dressed in {clothes} and {feet}, {subject} is seen{with}"),
            2 => $"{English.Sentence($"{subject} {wears} {clothes}")} {English.Sentence($"{he} {has} {feet} on{with}")}",
            3 => English.Sentence($"{subject}{(extras.Count == 0 ? "" : $" with {English.List(extras)}")} {wears} {clothes} and {feet}"),
            4 => English.Sentence($"the person, {subject}, {wears} {clothes}, {feet}{with}"),
            _ => English.Sentence($"there is {subject} in {clothes} and {feet}{with}"),
        };
        return surroundings.Length == 0 ? text : random.Chance(0.5) ? $"{text} {surroundings}" : $"{surroundings} {text}";
    }

    public static string Subject(PersonDescription person)
    {
        var age = person.Age switch { AgeGroup.Teenager => "teenage", AgeGroup.Adult => "adult", AgeGroup.Elder => "older", _ => "" };
        var who = (person.Gender, person.Age) switch
        {
            (Gender.Male, AgeGroup.Teenager) => "boy",
            (Gender.Male, _) => "man",
            (Gender.Female, AgeGroup.Teenager) => "girl",
            (Gender.Female, _) => "woman",
            _ => "person",
        };
        var length = person.HairLength switch { HairLength.Short => "short", HairLength.Medium => "shoulder-length", HairLength.Long => "long", _ => "" };
        var colour = person.HairColour is { } named ? Lexicon.HairColour(named).Plain : "";
        var hair = person.HairLength == HairLength.Bald ? " with a bald head" : length.Length + colour.Length == 0 ? "" : $" with {Phrases.Join(length, colour, "hair")}";
        return Phrases.Join(age, who) + hair;
    }

    private static string Clothes(PersonDescription person, ref Randomness random)
    {
        var sleeves = random.Chance(0.5)
            ? person.Sleeves switch { SleeveLength.None => "sleeveless", SleeveLength.Short => "short-sleeved", SleeveLength.Long => "long-sleeved", _ => "" }
            : "";
        var top = random.Chance(0.4) ? Lexicon.Upper(UpperGarment.Top).Plain : Lexicon.Upper(person.Upper).Plain;
        var bottom = person.Lower == LowerGarment.Trousers ? random.Pick("trousers", "pants") : Noun.Parse(Lexicon.Lower(person.Lower).Plain).Text;
        if (person.Lower == LowerGarment.Dress)
        {
            return English.An(Phrases.Join(sleeves, Cloth(person.UpperColour, person.UpperPattern, person.UpperSecondColour), bottom));
        }

        var lower = Phrases.Join(Cloth(person.LowerColour, person.LowerPattern, person.LowerSecondColour), bottom);
        return $"{English.An(Phrases.Join(sleeves, Cloth(person.UpperColour, person.UpperPattern, person.UpperSecondColour), top))} and {(person.Lower == LowerGarment.Skirt ? English.An(lower) : lower)}";
    }

    private static string Cloth(ColourName? colour, ClothPattern pattern, ColourName? second) => Phrases.Join(
        colour is { } first ? Lexicon.Colour(first).Plain + (second is { } other && pattern != ClothPattern.Plain ? $" and {Lexicon.Colour(other).Plain}" : "") : "",
        pattern switch { ClothPattern.Striped => "striped", ClothPattern.Checked => "checked", ClothPattern.Printed => "printed", _ => "" });

    private static string Feet(PersonDescription person)
    {
        var noun = Noun.Parse(Lexicon.Feet(person.Footwear).Plain).Text;
        return person.FootwearColour is { } colour ? $"{Lexicon.Colour(colour).Plain} {noun}" : Phrases.Join(person.FootwearTone switch { Tone.Dark => "dark", Tone.Light => "light", _ => "" }, noun);
    }

    private static List<string> Extras(PersonDescription person, CaptionOptions options, ref Randomness random)
    {
        var absent = Math.Max(options.AbsentMentions, 0.3);
        List<string> extras = [];
        Add(person.Glasses, "glasses", "no glasses", ref random);
        Add(person.Headwear != Headwear.None, person.Headwear == Headwear.Hood ? "the hood up" : English.An(Coloured(person.HeadwearColour, Lexicon.Head(person.Headwear).Plain)), "no hat", ref random);
        if (person.Backpack is { } pack)
        {
            extras.Add(English.An(Coloured(pack, "backpack")));
        }

        if (person.Handbag is { } bag)
        {
            extras.Add(English.An(Coloured(bag, "handbag")));
        }

        if (person.Backpack is null && person.Handbag is null)
        {
            Add(person.Bag, "a bag", "no bag", ref random);
        }

        if (person.Umbrella is { } umbrella)
        {
            extras.Add(English.An(Coloured(umbrella, "umbrella")));
        }

        if (person.Phone)
        {
            extras.Add("a phone");
        }

        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(extras));
        return extras;

        void Add(bool present, string thing, string lack, ref Randomness random)
        {
            if (present)
            {
                extras.Add(thing);
            }
            else if (random.Chance(absent))
            {
                extras.Add(lack);
            }
        }
    }

    private static string Coloured(ColourName? colour, string noun) => colour is { } named ? $"{Lexicon.Colour(named).Plain} {noun}" : noun;

    private static string Surroundings(SceneDescription scene, ref Randomness random) => English.Sentence(
        $"the picture is taken {Lexicon.Scene(scene.Scene).Plain} {Lexicon.TimeOfDay(scene.TimeOfDay).Plain} {Lexicon.Weather(scene.Weather).Plain}, the person "
        + (((((scene.ViewpointDegrees + 45) % 360) + 360) % 360 / 90) switch { 0 => "faces left", 1 => "faces the camera", 2 => "faces right", _ => random.Pick("is seen from behind", "faces away from the camera") }));
}
