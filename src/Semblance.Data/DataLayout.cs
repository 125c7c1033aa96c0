using Semblance.Core;

namespace Semblance.Data;

/// <summary>The layouts that can be opened, by the names that the command line uses.</summary>
public static class DataLayout
{
    private static readonly Dictionary<string, Func<string, DatasetOptions?, PersonDataset>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [Market1501.Key] = Market1501.Open,
        [DukeMtmc.Key] = DukeMtmc.Open,
        [Msmt17.Key] = Msmt17.Open,
        [Cuhk03.Key] = Cuhk03.Open,
        [Cuhk03Classic.Key] = Cuhk03Classic.Open,
        [CuhkPedes.Key] = CuhkPedes.Open,
        [IcfgPedes.Key] = IcfgPedes.Open,
        [RstpReid.Key] = RstpReid.Open,
        [CuhkSysuCrops.Key] = CuhkSysuCrops.Open,
        [RandPerson.Key] = RandPerson.Open,
        [FineGpr.Key] = FineGpr.Open,
        [Manifest.Key] = Manifest.Open,
        [ImageFolder.Key] = ImageFolder.Open,
    };

    /// <summary>The names, such as market1501; each reader's <c>Key</c>.</summary>
    public static IReadOnlyCollection<string> Names => Readers.Keys;

    /// <summary>Opens a data set in a layout.</summary>
    /// <param name="layout">One of <see cref="Names"/>; case does not matter.</param>
    /// <param name="root">The data set's folder.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="ArgumentException">There is no such layout; the nearest name is offered.</exception>
    /// <exception cref="SemblanceFormatException">The folder does not hold it.</exception>
    public static PersonDataset Open(string layout, string root, DatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return Readers.TryGetValue(layout, out var reader)
            ? reader(root, options)
            : throw new ArgumentException($"unknown layout \"{layout}\"{Suggestion.DidYouMean(layout, Names)}, expected one of {string.Join(", ", Names)}", nameof(layout));
    }
}
