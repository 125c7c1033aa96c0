namespace Semblance.Text;

/// <summary>How <see cref="CaptionGrammar"/> words a description.</summary>
public sealed record CaptionOptions
{
    /// <value>Rich.</value>
    public CaptionStyle Style { get; init; } = CaptionStyle.Rich;

    /// <summary>Weather, time, place and viewpoint; used only where the description has a scene.</summary> <value>None: they do not help to tell people apart.</value>
    public EnvironmentWords Environment { get; init; } = EnvironmentWords.None;

    /// <summary>Chance of each fact to be told wrong: a neighbouring colour, another garment, a bag that is not there. Rich style only.</summary> <value>0.03.</value>
    public double WrongFacts { get; init; } = 0.03;

    /// <summary>Chance of each fact to be left out; the colours and kinds of the two main garments are left out half as often. Rich style only.</summary> <value>0.2.</value>
    public double MissingFacts { get; init; } = 0.2;

    /// <summary>Chance to say that something is absent (no hat, no glasses, no bag).</summary> <value>0.12 in people's captions; 0.3 in the plain style.</value>
    public double AbsentMentions { get; init; } = 0.12;

    /// <summary>Chance that a phrase is hedged: "what looks like", "navy or maybe black". Rich style only.</summary> <value>0.08.</value>
    public double Hedges { get; init; } = 0.08;

    /// <summary>Fewest words, separated by blanks.</summary> <value>8.</value>
    public int MinimumWords { get; init; } = 8;

    /// <summary>Most words.</summary> <value>60.</value>
    public int MaximumWords { get; init; } = 60;

    internal static void Check(CaptionOptions options)
    {
        List<string> faults = [];
        foreach (var (name, value) in new[] { (nameof(WrongFacts), options.WrongFacts), (nameof(MissingFacts), options.MissingFacts), (nameof(AbsentMentions), options.AbsentMentions), (nameof(Hedges), options.Hedges) })
        {
            if (!(value is >= 0 and <= 1))
            {
                faults.Add($"{name} is {value}, expected 0 to 1");
            }
        }

        if (options.MinimumWords is < 1 or > 20)
        {
            faults.Add($"{nameof(MinimumWords)} is {options.MinimumWords}, expected 1 to 20");
        }

        if (options.MaximumWords < options.MinimumWords + 20)
        {
            faults.Add($"{nameof(MaximumWords)} is {options.MaximumWords}, expected {options.MinimumWords + 20} or more (20 above {nameof(MinimumWords)})");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException("caption options: " + string.Join("; ", faults), nameof(options));
        }
    }
}
