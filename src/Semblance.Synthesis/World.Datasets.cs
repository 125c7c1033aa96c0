using Semblance.Data;
using Semblance.Synthesis.Layouts;

namespace Semblance.Synthesis;

/// <summary>Streams of pictures that never touch the disk.</summary>
public sealed partial class World
{
    /// <summary>This world as a data set whose pictures are rendered when they are asked for. Records are those that a reader of the written layout would give, with captions.</summary>
    /// <param name="split">Shares of people; half for training by default.</param>
    /// <param name="layout">Decides paths, and between query and gallery (Market-1501) or one test split (CUHK-PEDES).</param>
    /// <param name="cacheBytes">Memory for pictures that were rendered once; 0 renders each anew every time.</param>
    public PersonDataset AsDataset(WorldSplit? split = null, WorldLayout layout = WorldLayout.Market1501, long cacheBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        var plan = Plan.Of(this, layout, split ?? WorldSplit.Halves);
        var pictures = plan.ToDictionary(p => p.Record.ImagePath, p => (p.Identity, p.Image), StringComparer.Ordinal);
        var counts = plan.GroupBy(p => p.Record.Split).OrderBy(g => g.Key).ToDictionary(g => $"{g.Key.ToString().ToLowerInvariant()} images", g => g.Count(), StringComparer.Ordinal);
        var name = $"world-{Domain.Name}";
        return new PersonDataset(name, name, [.. plan.Select(p => p.Record)], new WorldPictures(this, pictures, cacheBytes), new DatasetReport(counts, []));
    }

    /// <summary>Several worlds as one data set, for training on several sources; people and cameras of each stay apart, as records are keyed by (data set, number).</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PersonDataset Union(IReadOnlyList<World> worlds, WorldSplit? split = null, long cacheBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(worlds);
        return MergedDataset.Of([.. worlds.Select(world => world.AsDataset(split ?? WorldSplit.AllTrain, cacheBytes: cacheBytes / Math.Max(1, worlds.Count)))]);
    }
}
