using Semblance.Core;
using Semblance.Tensors;

namespace Semblance.Models.Weights;

/// <summary>Sizes of a network as the shapes of its weights show them.</summary>
/// <param name="file">Open.</param>
/// <param name="path">For errors.</param>
/// <param name="names">Our names to the file's.</param>
internal sealed class WeightSizes(IWeightsFile file, string path, IReadOnlyDictionary<string, string> names)
{
    private const int LargestSize = 1 << 18;
    private const int HeadWidth = 64;

    public bool Has(string ours) => names.ContainsKey(ours);

    /// <summary>A size of a tensor.</summary>
    /// <exception cref="SemblanceFormatException">There is no such tensor, it has fewer dimensions, or its size is that of no network.</exception>
    public int Of(string ours, int dimension)
    {
        if (!names.TryGetValue(ours, out var name))
        {
            throw new SemblanceFormatException(path, $"\"{ours}\" is missing, which shows the network's size{Suggestion.DidYouMean(ours, names.Keys)}");
        }

        var shape = file.Shape(name);
        return dimension < shape.Length && shape[dimension] is > 0 and <= LargestSize
            ? (int)shape[dimension]
            : throw new SemblanceFormatException(path, $"\"{name}\" is [{string.Join(", ", shape)}], expected a size from 1 to {LargestSize} at index {dimension}");
    }

    /// <summary>A head for every 64 of the width, as in the published networks; one in narrower ones. The weights do not show it.</summary>
    public int Heads(string ours, int dimension) => Of(ours, dimension) is var width && width % HeadWidth == 0 ? width / HeadWidth : 1;

    /// <summary>How many blocks are numbered behind a prefix: one more than the highest number; 0 when there are none.</summary>
    /// <param name="before">As <c>blocks.</c></param>
    /// <param name="after">What must follow the number, if not everything that is numbered is a block.</param>
    public int Count(string before, string after = ".")
    {
        var highest = -1;
        foreach (var name in names.Keys.Where(name => name.StartsWith(before, StringComparison.Ordinal)))
        {
            var end = name.IndexOf('.', before.Length);
            if (end >= 0 && int.TryParse(name.AsSpan(before.Length, end - before.Length), out var number) && number is >= 0 and < 1000
                && (after == "." || name.AsSpan(end).SequenceEqual(after)))
            {
                highest = Math.Max(highest, number);
            }
        }

        return highest >= 0 ? highest + 1 : throw new SemblanceFormatException(path, $"no tensor is called {before}0{after}..., so the network's depth cannot be seen");
    }
}
