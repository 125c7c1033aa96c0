namespace Semblance.Text.Grammar;

/// <summary>One skeleton in the order of the example in MMET's figure 2; nothing is drawn.</summary>
internal static class FixedCaption
{
    public static string Write(PersonDescription person)
    {
        var subject = PlainCaption.Subject(person with { HairLength = HairLength.Unknown, HairColour = null });
        var sleeves = person.Sleeves switch { SleeveLength.None => "sleeveless", SleeveLength.Short => "short-sleeved", SleeveLength.Long => "long-sleeved", _ => "" };
        var upper = Coloured(person.UpperColour, person.Lower == LowerGarment.Dress ? "dress" : Lexicon.Upper(person.Upper).Plain);
        var lowerNoun = Noun.Parse(Lexicon.Lower(person.Lower).Plain);
        var lower = Coloured(person.LowerColour, lowerNoun.Text);
        var tone = person.FootwearColour is { } colour ? (Palette.IsDark(colour) ? "dark" : Palette.IsLight(colour) ? "light" : Lexicon.Colour(colour).Plain)
            : person.FootwearTone switch { Tone.Dark => "dark", Tone.Light => "light", _ => "" };
        var feet = Phrases.Join(tone, Noun.Parse(Lexicon.Feet(person.Footwear).Plain).Text);
        var clothes = English.An(Phrases.Join(sleeves, upper)) + (person.Lower == LowerGarment.Dress ? "" : $", {Phrases.WithArticle(lowerNoun, lower, pair: false)}");
        var bag = person.Backpack is not null || person.Handbag is not null || person.Bag;
        return English.Sentence($"{English.An(subject)} wears {clothes} and {feet}, {(person.Glasses ? "with glasses" : "without glasses")} and {(bag ? "with a bag" : "without a bag")}");
    }

    private static string Coloured(ColourName? colour, string noun) => colour is { } named ? $"{Lexicon.Colour(named).Plain} {noun}" : noun;
}
