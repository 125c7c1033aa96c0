using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Core;
using Semblance.Data;

namespace Semblance.Synthesis.Layouts;

/// <summary>
/// Writes a world in a real set's own files. Additions lie where readers of the real set do not look: <c>masks/</c> holds a PNG of part labels
/// (<see cref="BodyPart"/>) under each picture's path, <c>captions.json</c> the captions by path, <c>world.json</c> how the world was made.
/// </summary>
public static class WorldWriter
{
    private const int JpegQuality = 95;
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Renders every picture and writes it; the number written so far goes to <paramref name="progress"/>.</summary>
    /// <param name="world">What to write.</param>
    /// <param name="directory">Made when absent; must be empty.</param>
    /// <param name="layout">The real set to imitate.</param>
    /// <param name="split">Shares of people for training and validation; half for training by default, everybody where the real set is for training only.</param>
    /// <param name="progress">Receives the number of pictures written.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>Pictures written in each split.</returns>
    /// <exception cref="ArgumentException">The directory holds files, or the layout's file names have no room for so many people or pictures.</exception>
    public static IReadOnlyDictionary<string, int> Write(
        World world, string directory, WorldLayout layout, WorldSplit? split = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Check(world, directory, layout);
        var shares = split ?? (layout == WorldLayout.Images ? WorldSplit.AllTest : Plan.TestSplit(layout) == Split.Train ? WorldSplit.AllTrain : WorldSplit.Halves);
        var plan = Plan.Of(world, layout, shares);
        foreach (var folder in plan.Select(p => Path.GetDirectoryName(p.Record.ImagePath)!).Concat(Folders(layout)).Distinct(StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
            Directory.CreateDirectory(Path.Combine(directory, "masks", folder));
        }

        var done = 0;
        Parallel.ForEach(plan, new ParallelOptions { CancellationToken = cancellation }, planned =>
        {
            var rendered = world.RenderAny(planned.Identity, planned.Image);
            File.WriteAllBytes(Path.Combine(directory, planned.Record.ImagePath), rendered.Picture.EncodeJpeg(JpegQuality));
            File.WriteAllBytes(Path.Combine(directory, "masks", Path.ChangeExtension(planned.Record.ImagePath, ".png")), rendered.Parts.EncodePng());
            progress?.Report(Interlocked.Increment(ref done));
        });

        var counts = plan.GroupBy(p => p.Record.Split).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString().ToLowerInvariant(), g => g.Count(), StringComparer.Ordinal);
        if (Annotation(layout) is { } annotation)
        {
            AtomicFile.WriteText(Path.Combine(directory, annotation), JsonSerializer.Serialize(plan.Select(planned => Entry(planned, layout)), Json));
        }
        else if (layout == WorldLayout.Manifest)
        {
            AtomicFile.WriteText(Path.Combine(directory, "manifest.json"), JsonSerializer.Serialize(plan.Select(planned => ManifestEntry(planned.Record)), Json));
        }
        else if (layout != WorldLayout.Images)
        {
            var captions = plan.Where(p => p.Record.Captions.Count > 0).ToDictionary(p => p.Record.ImagePath, p => p.Record.Captions, StringComparer.Ordinal);
            AtomicFile.WriteText(Path.Combine(directory, "captions.json"), JsonSerializer.Serialize(captions, Json));
        }

        if (layout == WorldLayout.Msmt17)
        {
            foreach (var (list, listed) in new[] { ("train", Split.Train), ("val", Split.Val), ("query", Split.Query), ("gallery", Split.Gallery) })
            {
                // Below train/ or test/, with the person's number as the label.
                var lines = plan.Where(p => p.Record.Split == listed).Select(p => p.Record.ImagePath[(p.Record.ImagePath.IndexOf('/', StringComparison.Ordinal) + 1)..]).Select(path => $"{path} {int.Parse(path.AsSpan(0, 4), CultureInfo.InvariantCulture)}\n");
                AtomicFile.WriteText(Path.Combine(directory, $"list_{list}.txt"), string.Concat(lines));
            }
        }

        if (layout == WorldLayout.FineGpr)
        {
            AtomicFile.WriteText(Path.Combine(directory, "attributes.csv"), Attributes(world));
        }

        // Last, so that its presence says that the world is whole.
        AtomicFile.WriteText(Path.Combine(directory, "world.json"), JsonSerializer.Serialize(
            new
            {
                Format = 1,
                Version = typeof(World).Assembly.GetName().Version?.ToString(),
                Layout = layout,
                Split = new { shares.Train, shares.Val },
                world.Options,
                Counts = counts,
                Parts = Enum.GetValues<BodyPart>().ToDictionary(part => part.ToString(), part => (int)part, StringComparer.Ordinal),
            },
            Json));
        return counts;
    }

    private static void Check(World world, string directory, WorldLayout layout)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new ArgumentException($"{directory} is not empty; a world is written to a new or an empty directory", nameof(directory));
        }

        var limit = layout == WorldLayout.CuhkPedes ? 99_999 : 9_999;
        if (world.Options.Identities > limit)
        {
            throw new ArgumentException($"{world.Options.Identities} people do not fit the file names of {layout}, which have room for {limit}", nameof(world));
        }

        if (layout == WorldLayout.FineGpr && world.Options.ImagesPerIdentity > 36)
        {
            throw new ArgumentException($"{world.Options.ImagesPerIdentity} pictures of a person do not fit the layout of FineGPR, which names 36 viewpoints; use 36 or fewer", nameof(world));
        }
    }

    private static string? Annotation(WorldLayout layout) => layout switch
    {
        WorldLayout.CuhkPedes => "reid_raw.json",
        WorldLayout.IcfgPedes => "ICFG-PEDES.json",
        WorldLayout.RstpReid => "data_captions.json",
        _ => null,
    };

    private static string[] Folders(WorldLayout layout) => layout switch
    {
        WorldLayout.Market1501 or WorldLayout.DukeMtmc or WorldLayout.Cuhk03Np => ["bounding_box_train", "bounding_box_test", "query"],
        WorldLayout.Msmt17 => ["train", "test"],
        WorldLayout.CuhkSysu => ["cropped_images"],
        _ => [],
    };

    private static Dictionary<string, object> Entry(Planned planned, WorldLayout layout)
    {
        var entry = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["split"] = planned.Record.Split switch { Split.Train => "train", Split.Val => "val", _ => "test" },
            ["captions"] = planned.Record.Captions,
            [layout == WorldLayout.RstpReid ? "img_path" : "file_path"] = planned.Record.ImagePath["imgs/".Length..],
            ["id"] = planned.Identity + 1,
        };
        if (layout != WorldLayout.RstpReid)
        {
            entry["processed_tokens"] = planned.Record.Captions.Select(Words);
        }

        return entry;
    }

    private static object ManifestEntry(PersonRecord record) => new
    {
        Image = record.ImagePath,
        Identity = record.RawId,
        record.Camera,
        Split = record.Split.ToString().ToLowerInvariant(),
        record.Sequence,
        record.Frame,
        record.Scene,
        record.Captions,
    };

    /// <summary>Lower-case words without punctuation, as CUHK-PEDES has them.</summary>
    private static string[] Words(string caption) =>
        new string([.. caption.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Attributes(World world)
    {
        var people = Enumerable.Range(0, world.Options.Identities).Select(identity => (identity, codes: world.Attributes(identity))).ToArray();
        var names = people[0].codes.Keys.ToArray();
        return $"id,{string.Join(',', names)}\n" + string.Concat(people.Select(p => $"{p.identity + 1:D4},{string.Join(',', names.Select(name => p.codes[name]))}\n"));
    }
}
