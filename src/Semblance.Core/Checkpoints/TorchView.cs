using Semblance.Core.Safetensors;

namespace Semblance.Core.Checkpoints;

/// <summary>Elements of one type under a key of the checkpoint; their bytes are found later.</summary>
/// <param name="Key">The storage's name in the file.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Count">Elements that the pickle claims.</param>
internal sealed record TorchStorage(string Key, SafetensorsDtype Dtype, long Count);

/// <summary>A tensor as the pickle describes it.</summary>
/// <param name="Storage">Whose elements it views.</param>
/// <param name="Offset">First element.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">Elements between neighbours along each dimension.</param>
internal sealed record TorchView(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Most dimensions of one tensor; libtorch itself stops at 64.</summary>
    private const int MaxRank = 64;

    /// <summary>What is wrong with the view, or null when every element lies inside the storage.</summary>
    public string? Fault
    {
        get
        {
            if (Shape.Length != Strides.Length || Shape.Length > MaxRank)
            {
                return $"has {Shape.Length} sizes and {Strides.Length} strides, expected the same number, at most {MaxRank}";
            }

            if (Offset < 0 || Shape.Any(size => size < 0) || Strides.Any(stride => stride < 0))
            {
                return $"has offset {Offset}, sizes [{string.Join(", ", Shape)}] and strides [{string.Join(", ", Strides)}], expected none below 0";
            }

            // Expanded tensors repeat elements by a stride of 0 and could claim any size; no state dict needs more elements than are stored.
            Int128 elements = 1, extent = 1;
            for (var d = 0; d < Shape.Length; d++)
            {
                elements = elements > long.MaxValue && Shape[d] > 0 ? elements : elements * Shape[d];
                extent += Shape[d] == 0 || extent > long.MaxValue ? 0 : (Int128)(Shape[d] - 1) * Strides[d];
            }

            if (Shape.Contains(0))
            {
                return null;
            }

            return elements > Storage.Count || Offset + extent > Storage.Count
                ? $"claims [{string.Join(", ", Shape)}] with strides [{string.Join(", ", Strides)}] from element {Offset} on, but its storage \"{Storage.Key}\" has {Storage.Count} elements"
                : null;
        }
    }

    /// <summary>Elements from the first to the last one that a proven view uses.</summary>
    public static long Extent(IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        var extent = 1L;
        for (var d = 0; d < shape.Count; d++)
        {
            extent += (shape[d] - 1) * strides[d];
        }

        return extent;
    }
}
