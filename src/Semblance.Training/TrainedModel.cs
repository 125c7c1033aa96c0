using System.Text.Json.Nodes;
using Semblance.Data;
using Semblance.Models;
using Semblance.Training.Loop;

namespace Semblance.Training;

/// <summary>Opens what a run has learnt.</summary>
public static class TrainedModel
{
    /// <summary>The encoder of a finished run, or of a model's own folder.</summary>
    /// <param name="path">A run's directory, or one with model.json.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="DirectoryNotFoundException">There is no run and no model, or the run has not finished; the message says how far it is and what to do.</exception>
    /// <exception cref="Core.SemblanceFormatException">A file is damaged or was exchanged.</exception>
    public static TorchEncoder Open(string path, EncoderOptions? options = null) => ModelFile.Open(ModelFolder(path), options);

    /// <summary>What speaks against calling a measurement a transfer: sets that the run learnt from and that share pictures with this one. Empty for a model without its run's record.</summary>
    /// <param name="path">A run's directory, or one with model.json.</param>
    /// <param name="target">What is measured on.</param>
    /// <param name="testSets">Of CUHK03's first protocol, the test sets that are measured.</param>
    public static IReadOnlyList<string> LeaksInto(PersonDataset target, string path, IReadOnlyList<int>? testSets = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Notice == DataNotice.Synthetic || !File.Exists(Path.Combine(path, "run.json")))
        {
            return [];
        }

        var record = Run.Open(path).ReadRecord();
        var sources = record["data"]?["sources"] as JsonArray ?? [];
        var leaks = MergedDataset.LeaksInto(target.Key, [.. sources.Where(source => source?["rendered"] is not JsonValue rendered || !(bool)rendered).Select(source => (string?)source?["dataset"]).OfType<string>()]);
        var learnt = (record["options"]?["data"]?["sources"] as JsonArray ?? []).Where(source => (string?)source?["layout"] == Cuhk03Classic.Key).Select(source => (int)(double)source!["test_set"]!).Distinct().ToArray();
        var others = testSets is null || target.Key != Cuhk03Classic.Key ? [] : learnt.Where(set => testSets.Any(measured => measured != set)).ToArray();
        return others.Length == 0 ? leaks
            : [.. leaks, $"the run left out the people of test set {string.Join(", ", others)} alone: of other test sets it has learnt nearly everybody, and figures on them are too good"];
    }

    /// <summary>The folder with model.json of a finished run, or <paramref name="path"/> itself if it is one.</summary>
    /// <inheritdoc cref="Open"/>
    public static string ModelFolder(string path)
    {
        if (File.Exists(Path.Combine(path, "model.json")))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"{path}: no such directory, expected a run of \"semblance train\" or a model's folder");
        }

        var run = Run.Open(path);
        if (!run.IsFinished)
        {
            var reached = Checkpoint.Newest(run.CheckpointsPath) is { } newest ? $"it has done {Checkpoint.Read(newest).GlobalStep} steps" : "it has no checkpoint yet";
            throw new DirectoryNotFoundException($"{path}: training has not finished, {reached}: go on with \"semblance train ... --out {path} --resume\"");
        }

        return run.ModelPath;
    }
}
