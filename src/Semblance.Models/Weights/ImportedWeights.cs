using Semblance.Core;
using Semblance.Models.Backbones;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Weights;

/// <summary>Files that <see cref="WeightImport"/> wrote, put to use: a part of a network begins with them.</summary>
public static class ImportedWeights
{
    /// <summary>Sizes of the BERT in a file.</summary>
    /// <exception cref="SemblanceFormatException">It is no file of that kind.</exception>
    public static BertOptions BertOf(string path)
    {
        using var file = Open(path, WeightMap.BertKey);
        return WeightMap.BertOf(new WeightSizes(file, path, file.Names.ToDictionary(name => name, name => name, StringComparer.Ordinal)));
    }

    /// <summary>Fills a network with a file's weights; every parameter must be there, and what the network has no place for is named.</summary>
    /// <param name="network">With our names of that kind.</param>
    /// <param name="kind">As <see cref="WeightMap.Key"/>.</param>
    /// <param name="path">Of the file.</param>
    /// <returns>What the file is and what was left over, in words.</returns>
    /// <exception cref="SemblanceFormatException">It is of another kind or of other sizes; the message lists every difference.</exception>
    public static string Fill(Module network, string kind, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = new TensorScope();
        using var file = Open(path, kind);
        var places = network.StateDict();
        try
        {
            network.LoadStateDict(file.Names.Where(places.ContainsKey).ToDictionary(name => name, name => file.Load(name), StringComparer.Ordinal));
        }
        catch (StateDictException error)
        {
            throw new SemblanceFormatException(path, $"{kind} weights of other sizes than the recipe's network: {error.Message}", inner: error);
        }

        string[] left = [.. file.Names.Where(name => !places.ContainsKey(name))];
        return $"{file.Metadata.GetValueOrDefault("source", kind)}{(left.Length > 0 ? $"; without a place here: {string.Join(", ", left)}" : "")}; {file.Metadata.GetValueOrDefault("licence", "licence not stated")}";
    }

    private static SafetensorsFile Open(string path, string kind)
    {
        var file = Safetensors.Open(path);
        if (file.Metadata.GetValueOrDefault("map") is var found && (found == kind || (kind == WeightMap.ClipKey && found == WeightMap.IrraKey)))
        {
            return file;
        }

        file.Dispose();
        throw new SemblanceFormatException(path, $"{(found is null ? "no weights that \"semblance import\" wrote" : $"weights of kind {found}")}, expected {kind}: make them with \"semblance import FILE --as {kind}\"");
    }
}
