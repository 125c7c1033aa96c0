using Semblance.Core.Safetensors;

namespace Semblance.Core.Checkpoints;

/// <summary>One tensor of a PyTorch checkpoint: a view of a storage, proven to lie inside it.</summary>
/// <param name="Name">Keys from the outermost dictionary inwards, joined by dots: <c>state_dict.conv1.weight</c>.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Strides">Elements between neighbours along each dimension; 0 or more.</param>
public sealed record CheckpointEntry(string Name, SafetensorsDtype Dtype, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides)
{
    /// <summary>Elements of its storage from the first that it uses to the last; as many as the tensor has when it is contiguous.</summary>
    public long Extent { get; } = TorchView.Extent(Shape, Strides);

    /// <summary>How many elements it has.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>True when the elements lie row-major and without gaps, so that its bytes are the tensor.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var d = Shape.Count - 1; d >= 0; d--)
            {
                if (Shape[d] != 1 && Strides[d] != expected)
                {
                    return ElementCount == 0;
                }

                expected *= Shape[d];
            }

            return true;
        }
    }

    internal TorchView View { get; init; } = null!;
}
