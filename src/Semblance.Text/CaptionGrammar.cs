using Semblance.Core;
using Semblance.Text.Grammar;

namespace Semblance.Text;

/// <summary>Writes captions of people: a grammar with the vocabulary, the variety and the slips of human descriptions. Immutable; safe to share between threads.</summary>
/// <remarks>
/// The forms follow what CUHK-PEDES-like captions do: one to four sentences, clothes first or hair first, lists without verbs, hedges, left-out facts and
/// a few wrong ones. Colours are plain words ("blue", never "upblue"). The same description and the same stream give the same caption.
/// </remarks>
public sealed class CaptionGrammar
{
    private const int Tries = 12;

    /// <exception cref="ArgumentException">An option is out of its range; all faults are named.</exception>
    public CaptionGrammar(CaptionOptions? options = null)
    {
        Options = options ?? new CaptionOptions();
        CaptionOptions.Check(Options);
    }

    public CaptionOptions Options { get; }

    /// <summary>Writes one caption; the stream moves on, so that the next call words it differently.</summary>
    public string Write(PersonDescription person, ref Randomness random)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Options.Style switch
        {
            CaptionStyle.Fixed => FixedCaption.Write(person),
            CaptionStyle.Plain => PlainCaption.Write(person, Options, ref random),
            _ => WriteRich(person, ref random),
        };
    }

    /// <summary>Captions of one person that differ in their words, as several writers would give.</summary>
    /// <param name="person">Whom they describe.</param>
    /// <param name="count">How many.</param>
    /// <param name="random">The stream; it moves on.</param>
    public IReadOnlyList<string> WriteSeveral(PersonDescription person, int count, ref Randomness random)
    {
        List<string> captions = [];
        while (captions.Count < count)
        {
            var caption = Write(person, ref random);
            for (var i = 1; i < Tries && Options.Style != CaptionStyle.Fixed && captions.Contains(caption); i++)
            {
                caption = Write(person, ref random);
            }

            captions.Add(caption);
        }

        return captions;
    }

    private string WriteRich(PersonDescription person, ref Randomness random)
    {
        // Captions out of bounds are rare: write again.
        for (var i = 0; i < Tries; i++)
        {
            var caption = RichCaption.Write(Witness.Of(person, Options.WrongFacts, Options.MissingFacts, ref random), Options, ref random);
            if (English.CountWords(caption) is var words && words >= Options.MinimumWords && words <= Options.MaximumWords)
            {
                return caption;
            }
        }

        return PlainCaption.Write(person with { Scene = null }, Options, ref random);
    }
}
