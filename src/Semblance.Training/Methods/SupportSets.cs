using Semblance.Core;
using Semblance.Training.Samples;

namespace Semblance.Training.Methods;

/// <summary>
/// Other pictures and other texts of each person, drawn evenly without replacement. A picture's place is its sample's; texts are numbered through all samples. Any thread.
/// </summary>
internal sealed class SupportSets
{
    private readonly int[][] _picturesOf;
    private readonly int[][] _textsOf;
    private readonly int[] _firstText;

    public SupportSets(IReadOnlyList<Sample> samples)
    {
        _firstText = new int[samples.Count];
        List<(int Sample, int Caption)> texts = [];
        for (var i = 0; i < samples.Count; i++)
        {
            _firstText[i] = texts.Count;
            texts.AddRange(Enumerable.Range(0, samples[i].Record.Captions.Count).Select(caption => (i, caption)));
        }

        Texts = texts;
        int[][] ByPerson(IEnumerable<(int Identity, int Place)> places)
        {
            var lists = places.ToLookup(one => one.Identity, one => one.Place);
            return [.. Enumerable.Range(0, samples.Count == 0 ? 0 : samples.Max(sample => sample.Identity) + 1).Select(identity => lists[identity].ToArray())];
        }

        _picturesOf = ByPerson(samples.Select((sample, i) => (sample.Identity, i)));
        _textsOf = ByPerson(texts.Select((text, place) => (samples[text.Sample].Identity, place)));
    }

    /// <summary>Sample and caption of each text by its place.</summary>
    public IReadOnlyList<(int Sample, int Caption)> Texts { get; }

    /// <summary>Places of up to <paramref name="size"/> pictures of the person other than this one.</summary>
    public int[] Pictures(Sample anchor, int size, ref Randomness random) => Others(_picturesOf[anchor.Identity], anchor.Index, size, ref random);

    /// <summary>Places of up to <paramref name="size"/> texts of the person other than this one; the picture's own second sentence may be among them.</summary>
    public int[] TextsBeside(Sample anchor, int caption, int size, ref Randomness random) =>
        Others(_textsOf[anchor.Identity], _firstText[anchor.Index] + caption, size, ref random);

    private static int[] Others(int[] all, int own, int size, ref Randomness random)
    {
        var others = Array.FindAll(all, place => place != own);
        var count = Math.Min(size, others.Length);
        for (var i = 0; i < count; i++)
        {
            var j = i + random.Next(others.Length - i);
            (others[i], others[j]) = (others[j], others[i]);
        }

        return others[..count];
    }
}
