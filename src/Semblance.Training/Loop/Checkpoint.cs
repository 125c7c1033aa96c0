using System.Text.Json;
using Semblance.Core;
using Semblance.Tensors;

namespace Semblance.Training.Loop;

/// <summary>
/// The whole state of a run after some steps: weights and buffers, the optimiser's moments, and the counters that all randomness follows from. One safetensors file,
/// written atomically.
/// </summary>
/// <param name="Stage">Key of the stage.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="GlobalStep">Steps done in all.</param>
/// <param name="Data">Fingerprint of the data.</param>
/// <param name="Threads">Threads of one tensor operation.</param>
/// <param name="Libtorch">Version of libtorch.</param>
internal sealed record Checkpoint(string Stage, long Step, long GlobalStep, string Data, int Threads, string Libtorch)
{
    private const string Key = "semblance.checkpoint";
    private const string Weights = "weights/";
    private const string Moments = "optimiser/";

    /// <summary>What float16's losses are multiplied by from here on.</summary>
    public double LossFactor { get; init; } = 1;

    /// <summary>Seconds of training so far, those before an interruption too.</summary>
    public double Seconds { get; init; }

    /// <summary>Good steps since that factor changed.</summary>
    public int GoodSteps { get; init; }

    /// <summary>Writes the file for this step, and then removes all but the newest.</summary>
    public void Write(string directory, IReadOnlyDictionary<string, Tensor> weights, IReadOnlyDictionary<string, Tensor> optimiser, int keep)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in weights)
        {
            tensors.Add(Weights + name, tensor);
        }

        foreach (var (name, tensor) in optimiser)
        {
            tensors.Add(Moments + name, tensor);
        }

        Safetensors.Write(PathOf(directory, GlobalStep), tensors, new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = JsonSerializer.Serialize(this) });
        foreach (var old in All(directory).SkipLast(keep))
        {
            File.Delete(old);
        }
    }

    /// <summary>The newest checkpoint, null when there is none.</summary>
    public static string? Newest(string directory) => All(directory).LastOrDefault();

    /// <summary>Reads the counters, and hands over the weights and the optimiser's state; they are freed afterwards.</summary>
    /// <exception cref="SemblanceFormatException">The file is damaged or no checkpoint.</exception>
    public static Checkpoint Read(string path, Action<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>>? load = null)
    {
        using var file = Safetensors.Open(path);
        Checkpoint header;
        try
        {
            header = JsonSerializer.Deserialize<Checkpoint>(file.Metadata.GetValueOrDefault(Key) ?? "null")
                ?? throw new SemblanceFormatException(path, "these are weights, but no checkpoint of a run: its header has no counters");
        }
        catch (JsonException exception)
        {
            throw new SemblanceFormatException(path, $"damaged counters: {exception.Message}", inner: exception);
        }

        if (load is not null)
        {
            using var scope = new TensorScope();
            load(Part(file, Weights), Part(file, Moments));
        }

        return header;
    }

    private static Dictionary<string, Tensor> Part(SafetensorsFile file, string prefix) => file.Names
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(name => name[prefix.Length..], name => file.Load(name), StringComparer.Ordinal);

    private static string PathOf(string directory, long step) => Path.Combine(directory, $"step-{step:D9}.safetensors");

    private static IEnumerable<string> All(string directory) =>
        Directory.Exists(directory) ? Directory.GetFiles(directory, "step-*.safetensors").Order(StringComparer.Ordinal) : [];
}
