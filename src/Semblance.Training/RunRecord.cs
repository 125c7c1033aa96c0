using System.Text.Json.Nodes;
using Semblance.Tensors;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training;

/// <summary>What stands beside every result: options, seed, commit, data counts, library versions, machine. Enough to make it again.</summary>
internal static class RunRecord
{
    public static JsonObject Begin(Recipe recipe, SampleSet samples, int vocabularySize, DateTimeOffset now) => new()
    {
        ["name"] = recipe.Name,
        ["seed"] = recipe.Seed,
        ["commit"] = SourceCommit.Find(),
        ["options"] = ToJson(SettingBinder.Describe(recipe)),
        ["vocabulary_size"] = vocabularySize,
        ["data"] = samples.Counts.DeepClone(),
        ["data_fingerprint"] = samples.Fingerprint,
        ["libraries"] = Libraries(),
        ["machine"] = new JsonObject
        {
            ["system"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
            ["processors"] = Environment.ProcessorCount,
            ["threads"] = recipe.Threads,
            ["blas_kernels"] = Torch.BlasKernels,
        },
        ["started"] = now.ToString("O"),
        ["resumed"] = new JsonArray(),
    };

    public static JsonObject Libraries() => new()
    {
        ["semblance"] = typeof(RunRecord).Assembly.GetName().Version?.ToString(),
        ["dotnet"] = Environment.Version.ToString(),
        ["libtorch"] = Torch.Version,
    };

    private static JsonNode? ToJson(SettingNode node) => node switch
    {
        { Keys: { } keys } => new JsonObject(keys.Select(pair => KeyValuePair.Create(pair.Key, ToJson(pair.Value)))),
        { Items: { } items } => new JsonArray([.. items.Select(ToJson)]),
        { IsNull: true } => null,
        { Quoted: true } => JsonValue.Create(node.Scalar),
        { Scalar: "true" or "false" } => JsonValue.Create(node.Scalar == "true"),
        _ => double.TryParse(node.Scalar, out var number) ? JsonValue.Create(number) : JsonValue.Create(node.Scalar),
    };
}
