using Semblance.Data;
using Semblance.Synthesis.Layouts;

namespace Semblance.Synthesis;

/// <summary>Streams of pictures that never touch the disk.</summary>
public sealed partial class World
{
    /// <summary>This world as a data set whose pictures are rendered when they are asked for. Records are those that a reader of the written layout would give, with captions.</summary>
    /// <param name="split">Shares of people; half for training by default.</param>
    /// <param name="layout">Decides paths, and between query and gallery (Market-1501) or one test split (CUHK-PEDES).</param>
    public PersonDataset AsDataset(WorldSplit? split = null, WorldLayout layout = WorldLayout.Market1501)
    {
        var plan = Plan.Of(this, layout, split ?? WorldSplit.Halves);
        var pictures = plan.ToDictionary(p => p.Record.ImagePath, p => (this, p.Identity, p.Image), StringComparer.Ordinal);
        return Dataset($"world-{Domain.Name}", [.. plan.Select(p => p.Record)], pictures);
    }

    /// <summary>
    /// Several worlds as one data set, for training on several sources: people and cameras of each follow those of the one before, and paths begin with the place in the
    /// list and the domain's name.
    /// </summary>
    public static PersonDataset Union(IReadOnlyList<World> worlds, WorldSplit? split = null)
    {
        ArgumentNullException.ThrowIfNull(worlds);
        List<PersonRecord> records = [];
        Dictionary<string, (World, int, int)> pictures = new(StringComparer.Ordinal);
        var (people, cameras) = (0, 0);
        for (var w = 0; w < worlds.Count; w++)
        {
            var world = worlds[w];
            foreach (var (record, identity, image) in Plan.Of(world, WorldLayout.Market1501, split ?? WorldSplit.AllTrain))
            {
                var path = $"{w}-{world.Domain.Name}/{record.ImagePath}";
                records.Add(record with
                {
                    Dataset = "world-union",
                    ImagePath = path,
                    RawId = record.Role == Role.Person ? $"{people + identity + 1:D4}" : record.RawId,
                    Camera = cameras + record.Camera,
                    Order = records.Count,
                });
                pictures.Add(path, (world, identity, image));
            }

            people += world.Options.Identities;
            cameras += world.Domain.Cameras;
        }

        return Dataset("world-union", records, pictures);
    }

    private static PersonDataset Dataset(string key, IReadOnlyList<PersonRecord> records, IReadOnlyDictionary<string, (World, int, int)> pictures)
    {
        var counts = records.GroupBy(r => r.Split).OrderBy(g => g.Key).ToDictionary(g => $"{g.Key.ToString().ToLowerInvariant()} images", g => g.Count(), StringComparer.Ordinal);
        return new PersonDataset(key, key, records, new WorldPictures(pictures), new DatasetReport(counts, []));
    }
}
