using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Training.Metrics;
using Semblance.Training.Recipes;

namespace Semblance.Training;

/// <summary>
/// The directory of one training run: <c>recipe.yaml</c> (in full), <c>run.json</c> (how it was made), <c>vocabulary.txt</c>, <c>metrics.jsonl</c>,
/// <c>events.out.tfevents.*</c>, <c>checkpoints/</c>, and at the end <c>model/</c>.
/// </summary>
public sealed class Run
{
    private Run(string path) => DirectoryPath = path;

    public string DirectoryPath { get; }

    /// <summary>The resolved recipe: nothing in it depends on the machine any more.</summary>
    public string RecipePath => Path.Combine(DirectoryPath, "recipe.yaml");

    /// <summary>Options, seed, commit, data counts, library versions, times.</summary>
    public string RecordPath => Path.Combine(DirectoryPath, "run.json");

    public string VocabularyPath => Path.Combine(DirectoryPath, "vocabulary.txt");

    /// <summary>The visual tokens of a run that made its own.</summary>
    public string QuantizerPath => Path.Combine(DirectoryPath, "quantizer.safetensors");

    public string MetricsPath => Path.Combine(DirectoryPath, "metrics.jsonl");

    public string CheckpointsPath => Path.Combine(DirectoryPath, "checkpoints");

    /// <summary>The trained model with its tokenizer and preprocessing; there once the run is finished.</summary>
    public string ModelPath => Path.Combine(DirectoryPath, "model");

    /// <summary>Whether this is a run already; what a start left that failed before is not one.</summary>
    public bool HasBegun => File.Exists(RecipePath);

    /// <summary>Whether training ended and the model was written.</summary>
    public bool IsFinished => File.Exists(Path.Combine(ModelPath, "model.json")) && ReadRecord()["finished"] is not null;

    /// <summary>A directory for a new run.</summary>
    /// <exception cref="ResumeException">It holds a run already.</exception>
    public static Run Create(string path)
    {
        var run = new Run(Path.GetFullPath(path));
        if (File.Exists(run.RecipePath))
        {
            throw new ResumeException($"{path} holds a run already: add --resume to go on with it, or name another directory");
        }

        Directory.CreateDirectory(run.DirectoryPath);
        return run;
    }

    /// <summary>The directory of a run that was begun.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    public static Run Open(string path)
    {
        var run = new Run(Path.GetFullPath(path));
        return File.Exists(run.RecipePath) ? run : throw new DirectoryNotFoundException($"{path} holds no run: no recipe.yaml in it");
    }

    /// <summary>The recipe that the run was begun with, in full.</summary>
    public Recipe ReadRecipe() => RecipeFile.Read(RecipePath).Recipe;

    /// <summary>Every line of the curves, oldest first; empty before the first.</summary>
    public IReadOnlyList<JsonObject> ReadMetrics() => File.Exists(MetricsPath) ? [.. MetricsLog.Read(MetricsPath)] : [];

    /// <summary>How the run was made.</summary>
    /// <exception cref="SemblanceFormatException">The record is damaged.</exception>
    public JsonObject ReadRecord() => JsonFile.ReadObject(RecordPath);
}
