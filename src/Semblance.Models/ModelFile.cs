using Semblance.Core;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>Opens the model of any method by what its folder says it is.</summary>
public static class ModelFile
{
    /// <summary>The files of a model's folder, all of them, whatever its method.</summary>
    public static IReadOnlyList<string> Names { get; } = [ModelFolder.FactsName, ModelFolder.Weights, ModelFolder.Vocabulary];

    /// <summary>Reads a model for use.</summary>
    /// <exception cref="SemblanceFormatException">A file is missing, damaged, of an unknown method, or not of the fingerprint it states.</exception>
    public static TorchEncoder Open(string directory, EncoderOptions? run = null) =>
        ModelFolder.FactOf(directory, "format") == DualTowerFile.Format ? DualTowerFile.Open(directory, run) : MmetModelFile.Open(directory, run);

    /// <summary>Under which a saved model's weights may be used, and what they were trained on.</summary>
    /// <exception cref="SemblanceFormatException">The facts are missing or damaged.</exception>
    public static string LicenceOf(string directory) => ModelFolder.FactOf(directory, "licence");

    /// <summary>The vocabulary of a saved model: whoever starts from its weights needs it.</summary>
    /// <exception cref="SemblanceFormatException">The file is missing or damaged.</exception>
    public static ITokenizer VocabularyOf(string directory) => Tokenizers.Load(Path.Combine(directory, ModelFolder.Vocabulary));
}
