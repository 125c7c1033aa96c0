using System.Collections;
using Semblance.Core;
using Semblance.Text;

namespace Semblance.Data;

/// <summary>Captions written from what is known about a picture, each when it is asked for: millions of pictures need no room for them. The same place gives the same words.</summary>
/// <param name="description">What is known.</param>
/// <param name="grammar">Words it.</param>
/// <param name="seed">Of the set of captions.</param>
/// <param name="picture">Which picture: its captions are not another's.</param>
/// <param name="count">How many there are.</param>
public sealed class WrittenCaptions(PersonDescription description, CaptionGrammar grammar, ulong seed, int picture, int count) : IReadOnlyList<string>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            var random = Randomness.For(seed, Randomness.Key(nameof(WrittenCaptions)), picture, index);
            return grammar.Write(description, ref random);
        }
    }

    /// <summary>The set with captions for every picture that has a description and none yet.</summary>
    /// <param name="dataset">As it was read.</param>
    /// <param name="style">How freely they are worded; the fixed style has one wording, and so one caption.</param>
    /// <param name="count">Captions of each picture.</param>
    /// <param name="seed">The same captions for the same seed.</param>
    public static PersonDataset For(PersonDataset dataset, CaptionStyle style, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var grammar = new CaptionGrammar(new CaptionOptions { Style = style });
        var each = style == CaptionStyle.Fixed ? 1 : count;
        return dataset with
        {
            Records = [.. dataset.Records.Select((record, i) => record.Captions.Count > 0 || record.Description is not { } known ? record
                : record with { Captions = new WrittenCaptions(known, grammar, seed, i, each) })],
        };
    }

    /// <summary>What makes these captions and no others: told in place of all of them.</summary>
    public override string ToString() => $"{count} {grammar.Options.Style} captions of seed {seed} like \"{this[0]}\"";

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
