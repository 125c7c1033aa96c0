using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>What the folders of all methods' models have in common: the names in them, the facts, and how weights are named in a fingerprint.</summary>
internal static class ModelFolder
{
    public const string Weights = "model.safetensors";
    public const string FactsName = "model.json";
    public const string Vocabulary = "vocabulary.txt";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>One of the facts that a folder states in words, whatever else they hold: "format", "licence".</summary>
    /// <exception cref="SemblanceFormatException">There are no facts, or they are no JSON object with that one.</exception>
    public static string FactOf(string directory, string name)
    {
        var path = ExistingFacts(directory);
        try
        {
            using var facts = JsonDocument.Parse(File.ReadAllBytes(path));
            return facts.RootElement.ValueKind == JsonValueKind.Object && facts.RootElement.TryGetProperty(name, out var fact) && fact.GetString() is { } words
                ? words : throw new SemblanceFormatException(path, $"no \"{name}\": not the facts of a model");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new SemblanceFormatException(path, $"not the facts of a model: {error.Message}", (error as JsonException)?.LineNumber + 1, error);
        }
    }

    /// <exception cref="SemblanceFormatException">The file is missing, damaged or of another format.</exception>
    public static T ReadFacts<T>(string directory, string format)
        where T : Facts
    {
        var path = ExistingFacts(directory);
        try
        {
            var facts = JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json) ?? throw new JsonException("the file is empty");
            return facts.Format == format ? facts : throw new SemblanceFormatException(path, $"a \"{facts.Format}\" model, expected \"{format}\"");
        }
        catch (JsonException error)
        {
            throw new SemblanceFormatException(path, $"not the facts of a \"{format}\" model: {error.Message}", error.LineNumber + 1, error);
        }
    }

    /// <summary>Written last of a folder, so that a half-written one is noticed.</summary>
    public static void WriteFacts<T>(string directory, T facts, string name = FactsName)
        where T : Facts => AtomicFile.WriteText(Path.Combine(directory, name), JsonSerializer.Serialize(facts, Json) + "\n");

    public static JsonElement ToJson(object options) => JsonSerializer.SerializeToElement(options, options.GetType(), Json);

    /// <exception cref="SemblanceFormatException">They are not of that type.</exception>
    public static object FromJson(string directory, JsonElement options, Type type)
    {
        try
        {
            return options.Deserialize(type, Json) ?? throw new JsonException("they are empty");
        }
        catch (JsonException error)
        {
            throw new SemblanceFormatException(Path.Combine(directory, FactsName), $"no options of this method: {error.Message}", inner: error);
        }
    }

    public static string WeightsOf(string directory) => Path.Combine(directory, Weights) is var path && File.Exists(path)
        ? path : throw new SemblanceFormatException(path, "no such file: the model folder is incomplete");

    /// <summary>Rounds a network's weights to float16 and gives them so; tensors of the open scope.</summary>
    public static IReadOnlyDictionary<string, Tensor> Halved(Module network)
    {
        var halves = network.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.Dtype == ScalarType.Float32 ? pair.Value.Detach().To(ScalarType.Float16) : pair.Value);
        network.LoadStateDict(halves);
        return halves;
    }

    public static string Spell(Preprocessing preprocessing) =>
        $"{preprocessing.Height} {preprocessing.Width} {string.Join(' ', preprocessing.Normalisation.Mean.ToArray())} {string.Join(' ', preprocessing.Normalisation.Deviation.ToArray())} {preprocessing.Resampling}";

    public static FingerprintBuilder AddWeights(FingerprintBuilder builder, Module network)
    {
        foreach (var (name, tensor) in network.StateDict())
        {
            builder.Add($"weights {name} {tensor.Dtype} {string.Join('x', tensor.Shape)}", tensor.ToBytes());
        }

        return builder;
    }

    public static string Short(string fingerprint) => fingerprint.Length > 12 ? fingerprint[..12] : fingerprint;

    private static string ExistingFacts(string directory) => Path.Combine(directory, FactsName) is var path && File.Exists(path)
        ? path : throw new SemblanceFormatException(path, $"no such file, expected a model folder with {FactsName}, {Weights} and {Vocabulary}");

    internal abstract record Facts
    {
        public required string Format { get; init; }

        public required string Fingerprint { get; init; }

        public required string Licence { get; init; }

        public required PreprocessingFacts Preprocessing { get; init; }
    }

    internal sealed record PreprocessingFacts
    {
        public required int Height { get; init; }

        public required int Width { get; init; }

        public required float[] Mean { get; init; }

        public required float[] Deviation { get; init; }

        public required Resampling Resampling { get; init; }

        public static PreprocessingFacts Of(Preprocessing preprocessing) => new()
        {
            Height = preprocessing.Height,
            Width = preprocessing.Width,
            Mean = preprocessing.Normalisation.Mean.ToArray(),
            Deviation = preprocessing.Normalisation.Deviation.ToArray(),
            Resampling = preprocessing.Resampling,
        };
    }
}
