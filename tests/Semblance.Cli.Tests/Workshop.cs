using Semblance.Cli.Tests;

[assembly: AssemblyFixture(typeof(Workshop))]
// Every test starts processes that fill the machine by themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Semblance.Cli.Tests;

/// <summary>A small world on disk, a run that learnt from it, and a gallery of its test people: made once, by the verbs that a person would use.</summary>
public sealed class Workshop : IDisposable
{
    private static readonly string[] Shrunk =
    [
        "model.options.text_length=16", "vocabulary.size=300", "threads=1",
        "stage_a.steps=4", "stage_a.batch_size=4", "stage_b.steps=3", "stage_b.identities=4", "stage_b.images_per_identity=2",
        "validation.identities=2", "log_every=1", "checkpoints.every=4",
    ];

    private readonly TemporaryFolder _folder = new();

    public Workshop()
    {
        World = Path.Combine(_folder.Root, "world");
        Run = Path.Combine(_folder.Root, "run");
        Gallery = Path.Combine(_folder.Root, "gallery");
        Make(World, "market1501").Done();
        Trained = Train().Done();
        Filed = SemblanceProgram.Run("gallery", "build", Run, "--layout-data", World, "--out", Gallery, "--json").Done();
        Picture = Directory.GetFiles(Path.Combine(World, "query")).Order(StringComparer.Ordinal).First();
    }

    /// <summary>12 people of the plaza with 4 pictures each, half of them for training, as Market-1501.</summary>
    public string World { get; }

    /// <summary>A finished run; it knows next to nothing, but everything of it is there.</summary>
    public string Run { get; }

    /// <summary>The world's gallery split.</summary>
    public string Gallery { get; }

    /// <summary>A query of the world.</summary>
    public string Picture { get; }

    /// <summary>What <c>train --json</c> said.</summary>
    public Said Trained { get; }

    /// <summary>What <c>gallery build --json</c> said.</summary>
    public Said Filed { get; }

    public static Said Make(string directory, string layout) =>
        SemblanceProgram.Run("world", "make", directory, "--domain", "plaza", "--identities", "12", "--images", "4", "--size", "64x32", "--seed", "7", "--layout", layout, "--json");

    public Said Train(params string[] more) => SemblanceProgram.Run(
        ["train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--out", Run, "--json", "--set", $"data.sources=[{{ layout: market1501, path: \"{World}\" }}]",
         .. Shrunk.SelectMany(setting => new[] { "--set", setting }), .. more]);

    public void Dispose() => _folder.Dispose();
}
