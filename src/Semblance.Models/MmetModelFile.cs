using System.Reflection;
using Semblance.Core;
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

    /// <summary>Writes a model; each file is replaced atomically, <c>model.json</c> last, so that a half-written folder is noticed.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="model">Borrowed.</param>
    /// <param name="tokenizer">The vocabulary that it was trained with.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <param name="half">Round the weights to float16, in <paramref name="model"/> too, and store them so: half the size.</param>
    /// <returns>The fingerprint that the file states.</returns>
    public static Fingerprint Save(string directory, MmetIdentification model, ITokenizer tokenizer, string licence = "as of the training data", bool half = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Directory.CreateDirectory(directory);
        using var scope = new TensorScope();
        var stored = half ? ModelFolder.Halved(model) : model.StateDict();
        var preprocessing = Preprocessing.For(model.Model.Options);
        var fingerprint = FingerprintOf(model, preprocessing, tokenizer);
        Safetensors.Write(Path.Combine(directory, ModelFolder.Weights), stored, new Dictionary<string, string> { ["format"] = Format, ["fingerprint"] = fingerprint.Hex });
        tokenizer.Save(Path.Combine(directory, ModelFolder.Vocabulary));
        var facts = new ModelFacts
        {
            Format = Format,
            Fingerprint = fingerprint.Hex,
            Licence = licence,
            Classes = model.Classes,
            EmbeddingSizes = Enum.GetValues<EmbeddingSpace>().ToDictionary(space => space.ToString().ToLowerInvariant(), _ => model.Model.Options.HiddenWidth),
            Preprocessing = ModelFolder.PreprocessingFacts.Of(preprocessing),
            Options = model.Model.Options,
        };
        ModelFolder.WriteFacts(directory, facts);
        return fingerprint;
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote, for use.</summary>
    /// <exception cref="SemblanceFormatException">A file is missing, damaged, of another architecture than it says, or not of the fingerprint it states; the message names the file and what differs.</exception>
    public static MmetEncoder Open(string directory, EncoderOptions? options = null)
    {
        var facts = ReadFacts(directory);
        var tokenizer = Tokenizers.Load(Path.Combine(directory, ModelFolder.Vocabulary));
        var model = new MmetIdentification(new Mmet(Sound(facts.Options, directory)), facts.Classes);
        try
        {
            LoadWeights(directory, model);
            if (tokenizer.VocabularySize != facts.Options.VocabularySize)
            {
                throw new SemblanceFormatException(Path.Combine(directory, ModelFolder.Vocabulary), $"{tokenizer.VocabularySize} word pieces, but {ModelFolder.FactsName} says {facts.Options.VocabularySize}: the vocabulary was exchanged");
            }

            var found = FingerprintOf(model, Preprocessing.For(facts.Options), tokenizer);
            if (found.Hex != facts.Fingerprint)
            {
                throw new SemblanceFormatException(directory, $"{ModelFolder.Weights}, {ModelFolder.Vocabulary} and {ModelFolder.FactsName} make fingerprint {found.Short}, but {ModelFolder.FactsName} states {ModelFolder.Short(facts.Fingerprint)}: a file was changed after training, take the folder whole");
            }

            return new MmetEncoder(model, tokenizer, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts a model that will learn other people with what a saved one knows: encoders, projections and necks. Classifiers stay as they are, and so do heads that the
    /// saved model was trained without.
    /// </summary>
    /// <returns>The parameters of such heads; empty where the saved model has them all.</returns>
    /// <exception cref="SemblanceFormatException">The saved model has another architecture or vocabulary size, or lacks weights of an encoder; the message lists them.</exception>
    public static IReadOnlyList<string> StartFrom(MmetIdentification model, string directory)
    {
        ArgumentNullException.ThrowIfNull(model);
        var facts = ReadFacts(directory);
        string[] differences = [.. Differences(facts.Options, model.Model.Options)];
        if (differences.Length > 0)
        {
            throw new SemblanceFormatException(Path.Combine(directory, ModelFolder.Weights), $"start weights of another architecture: {string.Join("; ", differences)}");
        }

        static bool OfClasses(string name) => name.EndsWith(".classifier.weight", StringComparison.Ordinal);
        static bool OfHead(string name) => name.Split('.')[0].EndsWith("_head", StringComparison.Ordinal);
        using var scope = new TensorScope();
        var (missing, _) = model.LoadStateDict(
            Safetensors.Load(ModelFolder.WeightsOf(directory)).Where(pair => !OfClasses(pair.Key)).ToDictionary(StringComparer.Ordinal), strict: false);
        string[] lacking = [.. missing.Where(name => !OfClasses(name))];
        return lacking.All(OfHead)
            ? lacking
            : throw new SemblanceFormatException(Path.Combine(directory, ModelFolder.Weights), $"start weights without {string.Join(", ", lacking.Where(name => !OfHead(name)))}: they are not of such a model");
    }

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
    internal static Fingerprint FingerprintOf(MmetIdentification model, Preprocessing preprocessing, ITokenizer tokenizer)
    {
        var builder = new FingerprintBuilder()
            .Add("preprocessing", ModelFolder.Spell(preprocessing))
            .Add("vocabulary", string.Join('\n', tokenizer.Vocabulary))
            .Add("architecture", string.Join('\n', Shaping.Select(property => $"{property.Name} {property.GetValue(model.Model.Options)}")));
        return ModelFolder.AddWeights(builder, model).Build();
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
        var path = ModelFolder.WeightsOf(directory);
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

    private static ModelFacts ReadFacts(string directory) => ModelFolder.ReadFacts<ModelFacts>(directory, Format);

    private static MmetOptions Sound(MmetOptions options, string directory)
    {
        var faults = options.Faults();
        return faults.Count == 0 ? options : throw new SemblanceFormatException(Path.Combine(directory, ModelFolder.FactsName), $"options that do not work: {string.Join("; ", faults)}");
    }

    private sealed record ModelFacts : ModelFolder.Facts
    {
        public required int Classes { get; init; }

        public required Dictionary<string, int> EmbeddingSizes { get; init; }

        public required MmetOptions Options { get; init; }
    }
}
