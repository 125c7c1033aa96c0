namespace Semblance.Text.Grammar;

/// <summary>How many a noun is, which decides its article and its verb.</summary>
internal enum Number { Singular, Plural, Mass }

/// <summary>A noun with its number; in word lists a final <c>+</c> marks a plural (trousers) and <c>~</c> what cannot be counted (footwear).</summary>
internal readonly record struct Noun(string Text, Number Number)
{
    public bool TakesPluralVerb => Number == Number.Plural;

    public static Noun Parse(string marked) => marked[^1] switch
    {
        '+' => new(marked[..^1], Number.Plural),
        '~' => new(marked[..^1], Number.Mass),
        _ => new(marked, Number.Singular),
    };
}
