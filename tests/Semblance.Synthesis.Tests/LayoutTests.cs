using System.Text.Json;
using System.Text.RegularExpressions;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Synthesis.Layouts;

namespace Semblance.Synthesis.Tests;

public sealed class LayoutTests : IDisposable
{
    private static readonly WorldOptions Tiny = new() { Domain = "rain", Seed = 5, Identities = 8, ImagesPerIdentity = 5, Width = 32, Height = 64 };
    private readonly string _directory = Directory.CreateTempSubdirectory("semblance-world-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void MarketNamesFollowTheRealPattern()
    {
        var world = new World(Tiny);
        var counts = WorldWriter.Write(world, _directory, WorldLayout.Market1501);
        var pattern = new Regex(@"\A(?<pid>-1|[0-9]{4})_c(?<cam>[1-6])s(?<seq>[1-6])_(?<frame>[0-9]{6})_(?<box>[0-9]{2})\.jpg\z", RegexOptions.CultureInvariant);
        foreach (var (folder, split) in ((string, Split)[])[("bounding_box_train", Split.Train), ("bounding_box_test", Split.Gallery), ("query", Split.Query)])
        {
            var files = Directory.GetFiles(Path.Combine(_directory, folder));
            Assert.Equal(counts[split.ToString().ToLowerInvariant()], files.Length);
            Assert.All(files, file => Assert.Matches(pattern, Path.GetFileName(file)));
        }

        Assert.Contains(Directory.GetFiles(Path.Combine(_directory, "bounding_box_test")), file => Path.GetFileName(file).StartsWith("0000_", StringComparison.Ordinal));
        Assert.Contains(Directory.GetFiles(Path.Combine(_directory, "bounding_box_test")), file => Path.GetFileName(file).StartsWith("-1_", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(Path.Combine(_directory, "query")), file => Assert.EndsWith("_00.jpg", file, StringComparison.Ordinal));
    }

    /// <summary>Distractors and junk share one number each: in a world of many people, two of them met in one camera and frame, and one took the other's name.</summary>
    [Fact]
    public void NoTwoStraysOfALargeWorldShareAName()
    {
        var world = new World(Tiny with { Domain = "plaza", Seed = 77, Identities = 715, ImagesPerIdentity = 4 });
        var records = world.AsDataset(WorldSplit.AllTest).Records;
        Assert.Equal(records.Count, records.Select(record => record.ImagePath).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void EveryPictureHasAMaskUnderItsOwnPath()
    {
        var world = new World(Tiny);
        WorldWriter.Write(world, _directory, WorldLayout.Market1501);
        foreach (var record in world.AsDataset().Records)
        {
            var picture = PictureReader.Read(Path.Combine(_directory, record.ImagePath));
            var path = Path.Combine(_directory, "masks", Path.ChangeExtension(record.ImagePath, ".png"));
            var mask = LabelMap.Decode(File.ReadAllBytes(path), path);
            Assert.Equal((32, 64), (picture.Width, picture.Height));
            Assert.Equal(world.AsDataset().Pictures.LoadMask(record)!.Labels, mask.Labels);
        }
    }

    [Fact]
    public void CuhkPedesHasItsAnnotationWithTwoCaptionsAPicture()
    {
        WorldWriter.Write(new World(Tiny), _directory, WorldLayout.CuhkPedes, new WorldSplit(0.5, 0.25));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_directory, "reid_raw.json")));
        var entries = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal(40, entries.Length);
        Assert.Equal((20, 10, 10), (Count("train"), Count("val"), Count("test")));
        Assert.All(entries, entry =>
        {
            Assert.True(File.Exists(Path.Combine(_directory, "imgs", entry.GetProperty("file_path").GetString()!)));
            Assert.Equal(2, entry.GetProperty("captions").GetArrayLength());
            Assert.Equal(2, entry.GetProperty("processed_tokens").GetArrayLength());
            Assert.InRange(entry.GetProperty("id").GetInt32(), 1, 8);
        });

        int Count(string split) => entries.Count(entry => entry.GetProperty("split").GetString() == split);
    }

    [Fact]
    public void FineGprNamesSayTheViewpointThatWasRendered()
    {
        var world = new World(Tiny);
        WorldWriter.Write(world, _directory, WorldLayout.FineGpr);
        var dataset = world.AsDataset(WorldSplit.AllTrain, WorldLayout.FineGpr);
        Assert.Equal(40, Directory.EnumerateFiles(_directory, "*.jpg", SearchOption.AllDirectories).Count());
        foreach (var record in dataset.Records)
        {
            var match = Regex.Match(Path.GetFileName(record.ImagePath), @"\A(?<pid>[0-9]{4})_c(?<cam>0[1-9]|[12][0-9]|3[0-6])_w(?<weather>0[1-7])_l(?<light>0[1-7])_p(?<place>0[1-9])\.jpg\z", RegexOptions.None, TimeSpan.FromSeconds(1));
            Assert.True(match.Success, record.ImagePath);
            var angle = (90 + (10 * (int.Parse(match.Groups["cam"].Value) - 1))) % 360;
            var sightings = Enumerable.Range(0, 5).Select(image => world.Look(int.Parse(match.Groups["pid"].Value) - 1, image).Viewpoint);
            Assert.Contains(sightings, viewpoint => Math.Abs(((viewpoint - angle + 540) % 360) - 180) <= 5);
        }

        var rows = File.ReadAllLines(Path.Combine(_directory, "attributes.csv"));
        Assert.Equal(9, rows.Length);
        Assert.Equal(14, rows[1].Split(',').Length);
    }

    [Theory]
    [InlineData(WorldLayout.Market1501, "market1501")]
    [InlineData(WorldLayout.CuhkPedes, "cuhk-pedes")]
    [InlineData(WorldLayout.FineGpr, "finegpr")]
    [InlineData(WorldLayout.DukeMtmc, "dukemtmc-reid")]
    [InlineData(WorldLayout.IcfgPedes, "icfg-pedes")]
    [InlineData(WorldLayout.RstpReid, "rstpreid")]
    [InlineData(WorldLayout.Msmt17, "msmt17")]
    [InlineData(WorldLayout.Cuhk03Np, "cuhk03-np")]
    [InlineData(WorldLayout.CuhkSysu, "cuhk-sysu")]
    [InlineData(WorldLayout.RandPerson, "randperson")]
    [InlineData(WorldLayout.Manifest, "manifest")]
    [InlineData(WorldLayout.Images, "images")]
    public void TheReaderOfTheRealSetFindsWhatTheStreamGives(WorldLayout layout, string name)
    {
        var world = new World(Tiny);
        var split = layout is WorldLayout.FineGpr or WorldLayout.CuhkSysu or WorldLayout.RandPerson ? WorldSplit.AllTrain : WorldSplit.Halves;
        WorldWriter.Write(world, _directory, layout, split);
        var read = DataLayout.Open(name, _directory, new DatasetOptions { AllowIncomplete = true });
        var streamed = world.AsDataset(split, layout);
        Assert.Equal(streamed.Records.Select(Key), read.Records.Select(Key));
        var check = DatasetCheck.Run(_directory);
        Assert.Equal(name, check.Layout);
        Assert.Empty(check.Problems);
        Assert.All(read.Records, record => Assert.Equal(streamed.Pictures.LoadMask(record)!.Labels, read.Pictures.LoadMask(record)!.Labels));

        // Real sets write numbers with more or fewer zeros before them.
        static string Number(string raw) => int.TryParse(raw[(raw.IndexOf('/', StringComparison.Ordinal) + 1)..], out var number) ? $"{number}" : raw;

        static string Key(PersonRecord r) =>
            $"{r.Split} {r.Role} {r.ImagePath} {Number(r.RawId)} camera {r.Camera} viewpoint {(r.ImagePath.Contains("_w0", StringComparison.Ordinal) ? r.Viewpoint : null)} {string.Join('|', r.Captions)} " +
            string.Join(',', (r.Attributes ?? new Dictionary<string, int>()).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
    }

    [Fact]
    public void TheWorldSaysHowItWasMade()
    {
        WorldWriter.Write(new World(Tiny), _directory, WorldLayout.Market1501);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_directory, "world.json")));
        var options = json.RootElement.GetProperty("options");
        Assert.Equal(("rain", 5, 8), (options.GetProperty("domain").GetString(), options.GetProperty("seed").GetInt32(), options.GetProperty("identities").GetInt32()));
        Assert.Equal(20, json.RootElement.GetProperty("counts").GetProperty("train").GetInt32());
    }

    [Fact]
    public void ADirectoryWithFilesInItIsLeftAlone()
    {
        File.WriteAllText(Path.Combine(_directory, "notes.txt"), "mine");
        var error = Assert.Throws<ArgumentException>(() => WorldWriter.Write(new World(Tiny), _directory, WorldLayout.Market1501));
        Assert.Contains("is not empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoWorldsOfTheSameOptionsAreTheSameFiles()
    {
        var (a, b) = (Path.Combine(_directory, "a"), Path.Combine(_directory, "b"));
        WorldWriter.Write(new World(Tiny), a, WorldLayout.CuhkPedes);
        WorldWriter.Write(new World(Tiny), b, WorldLayout.CuhkPedes);
        foreach (var file in Directory.EnumerateFiles(a, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(b, Path.GetRelativePath(a, file))));
        }
    }
}
