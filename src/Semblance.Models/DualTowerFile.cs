using System.Text.Json;
using Semblance.Core;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>A network with two towers on disk: the folder of <see cref="MmetModelFile"/>, with the method's name and its own options among the facts.</summary>
public static class DualTowerFile
{
    internal const string Format = "semblance dual tower 1";

    /// <summary>Writes a network; <c>model.json</c> last, so that a half-written folder is noticed.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="method">Of the network.</param>
    /// <param name="tower">Borrowed.</param>
    /// <param name="options">Those that it was made from.</param>
    /// <param name="tokenizer">The vocabulary that it was trained with.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <param name="half">Round the weights to float16, in <paramref name="tower"/> too, and store them so.</param>
    /// <returns>The fingerprint that the file states.</returns>
    public static Fingerprint Save(
        string directory, DualTowerMethod method, DualTower tower, MethodOptions options, ITokenizer tokenizer, string licence = "as of the training data", bool half = false)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(tower);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Directory.CreateDirectory(directory);
        using var scope = new TensorScope();
        var stored = half ? ModelFolder.Halved(tower) : tower.StateDict();
        var fingerprint = FingerprintOf(method, tower, options, tokenizer);
        Safetensors.Write(Path.Combine(directory, ModelFolder.Weights), stored, new Dictionary<string, string> { ["format"] = Format, ["fingerprint"] = fingerprint.Hex });
        tokenizer.Save(Path.Combine(directory, ModelFolder.Vocabulary));
        ModelFolder.WriteFacts(directory, new TowerFacts
        {
            Format = Format,
            Fingerprint = fingerprint.Hex,
            Licence = licence,
            Preprocessing = ModelFolder.PreprocessingFacts.Of(options.Preprocessing()),
            Method = method.Name,
            EmbeddingSize = tower.Width,
            Options = ModelFolder.ToJson(options),
        });
        return fingerprint;
    }

    /// <summary>Reads a network that <see cref="Save"/> wrote, for use.</summary>
    /// <exception cref="SemblanceFormatException">A file is missing, damaged, of an unknown method, or not of the fingerprint it states; the message names the file and what differs.</exception>
    public static DualTowerEncoder Open(string directory, EncoderOptions? run = null)
    {
        var facts = ModelFolder.ReadFacts<TowerFacts>(directory, Format);
        var method = DualTowerMethod.All.FirstOrDefault(known => known.Name == facts.Method) ?? throw new SemblanceFormatException(
            Path.Combine(directory, ModelFolder.FactsName), $"of method \"{facts.Method}\", known here: {string.Join(", ", DualTowerMethod.All.Select(known => known.Name))}");
        var options = (MethodOptions)ModelFolder.FromJson(directory, facts.Options, method.OptionsType);
        var tokenizer = Tokenizers.Load(Path.Combine(directory, ModelFolder.Vocabulary));
        DualTower? tower = null;
        try
        {
            tower = method.Make(options);
            using (var scope = new TensorScope())
            {
                tower.LoadStateDict(Safetensors.Load(ModelFolder.WeightsOf(directory)));
            }

            var found = FingerprintOf(method, tower, options, tokenizer);
            return found.Hex == facts.Fingerprint
                ? new DualTowerEncoder(method, tower, options, tokenizer, run)
                : throw new SemblanceFormatException(directory, $"{ModelFolder.Weights}, {ModelFolder.Vocabulary} and {ModelFolder.FactsName} make fingerprint {found.Short}, "
                    + $"but {ModelFolder.FactsName} states {ModelFolder.Short(facts.Fingerprint)}: a file was changed after training, take the folder whole");
        }
        catch (Exception error) when (error is StateDictException or ArgumentException)
        {
            tower?.Dispose();
            throw new SemblanceFormatException(directory, $"{ModelFolder.Weights} and {ModelFolder.FactsName} do not fit: {error.Message}", inner: error);
        }
        catch
        {
            tower?.Dispose();
            throw;
        }
    }

    internal static Fingerprint FingerprintOf(DualTowerMethod method, DualTower tower, MethodOptions options, ITokenizer tokenizer) =>
        ModelFolder.AddWeights(
            new FingerprintBuilder()
                .Add("preprocessing", ModelFolder.Spell(options.Preprocessing()))
                .Add("vocabulary", string.Join('\n', tokenizer.Vocabulary))
                .Add("architecture", $"{method.Name} {ModelFolder.ToJson(options).GetRawText()}"),
            tower).Build();

    private sealed record TowerFacts : ModelFolder.Facts
    {
        public required string Method { get; init; }

        public required int EmbeddingSize { get; init; }

        public required JsonElement Options { get; init; }
    }
}
