using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>
/// A model on disk: a folder with <c>model.safetensors</c>, <c>vocabulary.txt</c> and <c>model.json</c> (options, preprocessing, embedding sizes, licence, fingerprint).
/// Weights never travel without what they need to be used.
/// </summary>
public static class MmetModelFile
{
    private const string Format = "semblance mmet 1";
    private const string Weights = "model.safetensors";
    private const string Facts = "model.json";
    private const string Vocabulary = "vocabulary.txt";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes a model; each file is replaced atomically, <c>model.json</c> last, so that a half-written folder is noticed.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="model">Borrowed.</param>
    /// <param name="tokenizer">The vocabulary that it was trained with.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <param name="half">Round the weights to float16, in <paramref name="model"/> too, and store them so: half the size.</param>
    /// <returns>The fingerprint that the file states.</returns>
    public static Fingerprint Save(string directory, MmetIdentification model, WordPieceTokenizer tokenizer, string licence = "as of the training data", bool half = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Directory.CreateDirectory(directory);
        using var scope = new TensorScope();
        var stored = model.StateDict();
        if (half)
        {
            stored = stored.ToDictionary(pair => pair.Key, pair => pair.Value.Dtype == ScalarType.Float32 ? pair.Value.Detach().To(ScalarType.Float16) : pair.Value);
            model.LoadStateDict(stored);
        }

        var preprocessing = Preprocessing.For(model.Model.Options);
        var fingerprint = FingerprintOf(model, preprocessing, tokenizer);
        Safetensors.Write(Path.Combine(directory, Weights), stored, new Dictionary<string, string> { ["format"] = Format, ["fingerprint"] = fingerprint.Hex });
        tokenizer.Save(Path.Combine(directory, Vocabulary));
        var facts = new ModelFacts
        {
            Format = Format,
            Fingerprint = fingerprint.Hex,
            Licence = licence,
            Classes = model.Classes,
            EmbeddingSizes = Enum.GetValues<EmbeddingSpace>().ToDictionary(space => space.ToString().ToLowerInvariant(), _ => model.Model.Options.HiddenWidth),
            Preprocessing = new PreprocessingFacts
            {
                Height = preprocessing.Height,
                Width = preprocessing.Width,
                Mean = preprocessing.Normalisation.Mean.ToArray(),
                Deviation = preprocessing.Normalisation.Deviation.ToArray(),
                Resampling = preprocessing.Resampling,
            },
            Options = model.Model.Options,
        };
        AtomicFile.WriteText(Path.Combine(directory, Facts), JsonSerializer.Serialize(facts, Json) + "\n");
        return fingerprint;
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote, for use.</summary>
    /// <exception cref="SemblanceFormatException">A file is missing, damaged, of another architecture than it says, or not of the fingerprint it states; the message names the file and what differs.</exception>
    public static MmetEncoder Open(string directory, MmetEncoderOptions? options = null)
    {
        var facts = ReadFacts(directory);
        var tokenizer = WordPieceTokenizer.Load(Path.Combine(directory, Vocabulary));
        var model = new MmetIdentification(new Mmet(Sound(facts.Options, directory)), facts.Classes);
        try
        {
            LoadWeights(directory, model);
            if (tokenizer.VocabularySize != facts.Options.VocabularySize)
            {
                throw new SemblanceFormatException(Path.Combine(directory, Vocabulary), $"{tokenizer.VocabularySize} word pieces, but {Facts} says {facts.Options.VocabularySize}: the vocabulary was exchanged");
            }

            var found = FingerprintOf(model, Preprocessing.For(facts.Options), tokenizer);
            if (found.Hex != facts.Fingerprint)
            {
                throw new SemblanceFormatException(directory, $"{Weights}, {Vocabulary} and {Facts} make fingerprint {found.Short}, but {Facts} states {Short(facts.Fingerprint)}: a file was changed after training, take the folder whole");
            }

            return new MmetEncoder(model, tokenizer, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads saved weights into a model that was built from options of its own, as when training goes on from another run.</summary>
    /// <exception cref="SemblanceFormatException">The saved model has another architecture; the message lists the options that differ, or the tensors.</exception>
    public static void LoadInto(MmetIdentification model, string directory)
    {
        ArgumentNullException.ThrowIfNull(model);
        var facts = ReadFacts(directory);
        string[] differences = [.. Differences(facts.Options, model.Model.Options)];
        if (differences.Length > 0)
        {
            throw new SemblanceFormatException(Path.Combine(directory, Weights), $"weights of another architecture: {string.Join("; ", differences)}");
        }

        LoadWeights(directory, model);
    }

    /// <summary>Starts a model that will learn other people with what a saved one knows: encoders, projections and necks. Classifiers stay as they are.</summary>
    /// <exception cref="SemblanceFormatException">The saved model has another architecture or vocabulary size, or lacks weights; the message lists them.</exception>
    public static void StartFrom(MmetIdentification model, string directory)
    {
        ArgumentNullException.ThrowIfNull(model);
        var facts = ReadFacts(directory);
        string[] differences = [.. Differences(facts.Options, model.Model.Options)];
        if (differences.Length > 0)
        {
            throw new SemblanceFormatException(Path.Combine(directory, Weights), $"start weights of another architecture: {string.Join("; ", differences)}");
        }

        static bool OfClasses(string name) => name.EndsWith(".classifier.weight", StringComparison.Ordinal);
        using var scope = new TensorScope();
        var (missing, _) = model.LoadStateDict(
            Safetensors.Load(WeightsOf(directory)).Where(pair => !OfClasses(pair.Key)).ToDictionary(StringComparer.Ordinal), strict: false);
        string[] lacking = [.. missing.Where(name => !OfClasses(name))];
        if (lacking.Length > 0)
        {
            throw new SemblanceFormatException(Path.Combine(directory, Weights), $"start weights without {string.Join(", ", lacking)}: they are of a model without these heads");
        }
    }

    /// <summary>The vocabulary of a saved model: whoever starts from its weights needs it.</summary>
    /// <exception cref="SemblanceFormatException">The file is missing or damaged.</exception>
    public static WordPieceTokenizer VocabularyOf(string directory) => WordPieceTokenizer.Load(Path.Combine(directory, Vocabulary));

    /// <summary>A trained model without what only training needs: classifiers over the training people are left behind.</summary>
    /// <returns>A model of its own, to be disposed.</returns>
    public static MmetIdentification WithoutClassifiers(MmetIdentification model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var bare = new MmetIdentification(new Mmet(model.Model.Options), classes: 0);
        bare.LoadStateDict(model.StateDict(), strict: false);
        return bare;
    }

    /// <summary>Names weights, preprocessing and vocabulary.</summary>
    internal static Fingerprint FingerprintOf(MmetIdentification model, Preprocessing preprocessing, WordPieceTokenizer tokenizer)
    {
        var builder = new FingerprintBuilder()
            .Add("preprocessing", $"{preprocessing.Height} {preprocessing.Width} {string.Join(' ', preprocessing.Normalisation.Mean.ToArray())} {string.Join(' ', preprocessing.Normalisation.Deviation.ToArray())} {preprocessing.Resampling}")
            .Add("vocabulary", string.Join('\n', tokenizer.Vocabulary))
            .Add("architecture", string.Join('\n', Shaping.Select(property => $"{property.Name} {property.GetValue(model.Model.Options)}")));
        foreach (var (name, tensor) in model.StateDict())
        {
            builder.Add($"weights {name} {tensor.Dtype} {string.Join('x', tensor.Shape)}", tensor.ToBytes());
        }

        return builder.Build();
    }

    /// <summary>The options that decide which tensors there are and what they compute; the others steer training alone.</summary>
    private static IEnumerable<PropertyInfo> Shaping =>
        from name in (string[])
        [
            nameof(MmetOptions.Height), nameof(MmetOptions.Width), nameof(MmetOptions.Patch), nameof(MmetOptions.Stride), nameof(MmetOptions.HiddenWidth),
            nameof(MmetOptions.Heads), nameof(MmetOptions.MlpWidth), nameof(MmetOptions.ImageLayers), nameof(MmetOptions.TextLayers), nameof(MmetOptions.FusionLayers),
            nameof(MmetOptions.TextLength), nameof(MmetOptions.TextPositions), nameof(MmetOptions.VocabularySize), nameof(MmetOptions.NormEpsilon),
        ]
        select typeof(MmetOptions).GetProperty(name)!;

    private static IEnumerable<string> Differences(MmetOptions found, MmetOptions expected) =>
        from property in Shaping
        let a = property.GetValue(found)
        let b = property.GetValue(expected)
        where !Equals(a, b)
        select $"{property.Name} is {a}, expected {b}";

    private static void LoadWeights(string directory, MmetIdentification model)
    {
        var path = WeightsOf(directory);
        using var scope = new TensorScope();
        try
        {
            model.LoadStateDict(Safetensors.Load(path));
        }
        catch (StateDictException error)
        {
            throw new SemblanceFormatException(path, $"weights of another architecture: {error.Message}", inner: error);
        }
    }

    private static string WeightsOf(string directory) => Path.Combine(directory, Weights) is var path && File.Exists(path)
        ? path : throw new SemblanceFormatException(path, "no such file: the model folder is incomplete");

    private static ModelFacts ReadFacts(string directory)
    {
        var path = Path.Combine(directory, Facts);
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(path, $"no such file, expected a model folder with {Facts}, {Weights} and {Vocabulary}");
        }

        try
        {
            var facts = JsonSerializer.Deserialize<ModelFacts>(File.ReadAllBytes(path), Json) ?? throw new JsonException("the file is empty");
            return facts.Format == Format ? facts : throw new SemblanceFormatException(path, $"a \"{facts.Format}\" model, expected \"{Format}\"");
        }
        catch (JsonException error)
        {
            throw new SemblanceFormatException(path, $"not the facts of an MMET model: {error.Message}", error.LineNumber + 1, error);
        }
    }

    private static MmetOptions Sound(MmetOptions options, string directory)
    {
        var faults = options.Faults();
        return faults.Count == 0 ? options : throw new SemblanceFormatException(Path.Combine(directory, Facts), $"options that do not work: {string.Join("; ", faults)}");
    }

    private static string Short(string fingerprint) => fingerprint.Length > 12 ? fingerprint[..12] : fingerprint;

    private sealed record ModelFacts
    {
        public required string Format { get; init; }

        public required string Fingerprint { get; init; }

        public required string Licence { get; init; }

        public required int Classes { get; init; }

        public required Dictionary<string, int> EmbeddingSizes { get; init; }

        public required PreprocessingFacts Preprocessing { get; init; }

        public required MmetOptions Options { get; init; }
    }

    private sealed record PreprocessingFacts
    {
        public required int Height { get; init; }

        public required int Width { get; init; }

        public required float[] Mean { get; init; }

        public required float[] Deviation { get; init; }

        public required Resampling Resampling { get; init; }
    }
}
