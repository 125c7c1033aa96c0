namespace Semblance.Data;

/// <summary>Training labels: the distinct identities of a list of records, numbered 0 to N - 1.</summary>
/// <remarks>
/// The class key is the pair (data set, raw id), so merged sets cannot mix up their people. Data sets stand in ordinal order of their keys; inside one, ids
/// that are all numbers go by value, others by ordinal order: the numbering is the same in every process.
/// Distractors and junk have no label.
/// </remarks>
public sealed class IdentityMap
{
    private readonly Dictionary<(string Dataset, string RawId), int> _labels = [];

    private IdentityMap(IEnumerable<(string Dataset, string RawId)> keys)
    {
        foreach (var key in keys)
        {
            _labels.Add(key, _labels.Count);
        }

        Keys = [.. _labels.Keys];
    }

    /// <summary>How many identities there are.</summary>
    public int Count => _labels.Count;

    /// <summary>The identity of each label.</summary>
    public IReadOnlyList<(string Dataset, string RawId)> Keys { get; }

    /// <summary>Numbers the identities of these records.</summary>
    public static IdentityMap Of(IEnumerable<PersonRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return new IdentityMap(records.Where(record => record.Role == Role.Person)
            .Select(record => (record.Dataset, record.RawId)).Distinct()
            .GroupBy(key => key.Dataset, StringComparer.Ordinal).OrderBy(set => set.Key, StringComparer.Ordinal)
            .SelectMany(InOrder));
    }

    /// <summary>The label of a record's identity.</summary>
    /// <exception cref="ArgumentException">The record shows nobody that the map knows.</exception>
    public int LabelOf(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _labels.TryGetValue((record.Dataset, record.RawId), out var label) && record.Role == Role.Person
            ? label
            : throw new ArgumentException($"{record.ImagePath}: identity \"{record.RawId}\" of {record.Dataset} ({record.Role}) is none of the {Count} that the labels were made for", nameof(record));
    }

    /// <summary>The label, or null for somebody else.</summary>
    public int? Find(string dataset, string rawId) => _labels.TryGetValue((dataset, rawId), out var label) ? label : null;

    private static IEnumerable<(string Dataset, string RawId)> InOrder(IGrouping<string, (string Dataset, string RawId)> set)
    {
        var keys = set.ToArray();
        var ordinal = keys.OrderBy(key => key.RawId, StringComparer.Ordinal);
        return Array.TrueForAll(keys, key => key.RawId.Length is > 0 and <= 18 && key.RawId.All(char.IsAsciiDigit))
            ? ordinal.OrderBy(key => long.Parse(key.RawId, System.Globalization.CultureInfo.InvariantCulture))
            : ordinal;
    }
}
