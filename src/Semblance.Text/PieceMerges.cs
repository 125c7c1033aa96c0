namespace Semblance.Text;

/// <summary>Words as sequences of pieces, in which the most frequent pair of neighbours becomes one piece, again and again.</summary>
internal sealed class PieceMerges
{
    private readonly List<string[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<(string Left, string Right), long> _pairs = [];
    private readonly Dictionary<(string Left, string Right), HashSet<int>> _where = [];
    private readonly PriorityQueue<(string Left, string Right), (long MinusCount, string Merged, int Cut)> _queue = new(Comparer<(long MinusCount, string Merged, int Cut)>.Create(
        (a, b) => a.MinusCount != b.MinusCount ? a.MinusCount.CompareTo(b.MinusCount)
            : string.CompareOrdinal(a.Merged, b.Merged) is var order && order != 0 ? order
            : a.Cut.CompareTo(b.Cut)));

    public PieceMerges(IEnumerable<KeyValuePair<string, long>> words)
    {
        foreach (var (word, count) in words)
        {
            var index = _words.Count;
            _words.Add([.. word.EnumerateRunes().Select((rune, i) => i == 0 ? rune.ToString() : "##" + rune)]);
            _counts.Add(count);
            Count(index, _words[index], count);
        }

        foreach (var pair in _pairs.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Merges the most frequent pair and returns the new piece; null when no pair occurs often enough.</summary>
    public string? Next(long atLeast)
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            var count = _pairs.GetValueOrDefault(pair);
            if (-priority.MinusCount != count)
            {
                // The count fell since the pair was queued; a pair whose count rose was queued anew.
                if (count > 0 && -priority.MinusCount > count)
                {
                    Enqueue(pair);
                }

                continue;
            }

            if (count < atLeast)
            {
                return null;
            }

            return Merge(pair);
        }

        return null;
    }

    private string Merge((string Left, string Right) pair)
    {
        var piece = Merged(pair);
        HashSet<(string, string)> touched = [];
        foreach (var index in _where[pair].Order().ToArray())
        {
            var before = _words[index];
            Count(index, before, -_counts[index]);
            List<string> after = [];
            for (var i = 0; i < before.Length; i++)
            {
                if (i + 1 < before.Length && before[i] == pair.Left && before[i + 1] == pair.Right)
                {
                    after.Add(piece);
                    i++;
                }
                else
                {
                    after.Add(before[i]);
                }
            }

            _words[index] = [.. after];
            Count(index, _words[index], _counts[index]);
            touched.UnionWith(Pairs(_words[index]));
        }

        foreach (var other in touched)
        {
            Enqueue(other);
        }

        return piece;
    }

    private void Count(int index, string[] pieces, long change)
    {
        foreach (var pair in Pairs(pieces))
        {
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + change;
            if (!_where.TryGetValue(pair, out var words))
            {
                _where[pair] = words = [];
            }

            if (change > 0)
            {
                words.Add(index);
            }
            else
            {
                words.Remove(index);
            }
        }
    }

    private void Enqueue((string Left, string Right) pair) => _queue.Enqueue(pair, (-_pairs[pair], Merged(pair), pair.Left.Length));

    private static string Merged((string Left, string Right) pair) => pair.Left + pair.Right[2..];

    private static IEnumerable<(string, string)> Pairs(string[] pieces)
    {
        for (var i = 1; i < pieces.Length; i++)
        {
            yield return (pieces[i - 1], pieces[i]);
        }
    }
}
