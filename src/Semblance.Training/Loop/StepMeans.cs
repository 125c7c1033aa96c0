namespace Semblance.Training.Loop;

/// <summary>Means of what the steps since the last line of the log found; a term that not every step has is averaged over those that have it.</summary>
internal sealed class StepMeans
{
    private readonly OrderedDictionary<string, (double Sum, int Count)> _sums = new(StringComparer.Ordinal);

    public bool IsEmpty => _sums.Count == 0;

    public void Add(string name, double value)
    {
        var (sum, count) = _sums.GetValueOrDefault(name);
        _sums[name] = (sum + value, count + 1);
    }

    /// <summary>Hands the means out and starts anew.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Take()
    {
        var means = _sums.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Sum / pair.Value.Count)).ToList();
        _sums.Clear();
        return means;
    }
}
