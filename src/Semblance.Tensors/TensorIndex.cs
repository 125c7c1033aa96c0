using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>How to take a part of one dimension: a number, a range, a tensor of indices, a mask, or a new dimension.</summary>
public readonly struct TensorIndex
{
    private readonly Form _form;
    private readonly Index _start;
    private readonly Index _end;
    private readonly Tensor? _tensor;

    private TensorIndex(Form form, Index start = default, Index end = default, Tensor? tensor = null)
    {
        _form = form;
        _start = start;
        _end = end;
        _tensor = tensor;
    }

    private enum Form
    {
        Range,
        One,
        Tensor,
        NewAxis,
        Ellipsis,
    }

    /// <summary>All of a dimension, as <c>..</c> is.</summary>
    public static TensorIndex All => Range.All;

    /// <summary>A new dimension of size 1 at this place.</summary>
    public static TensorIndex NewAxis => new(Form.NewAxis);

    /// <summary>All of as many dimensions as the other indices leave.</summary>
    public static TensorIndex Ellipsis => new(Form.Ellipsis);

    /// <summary>One entry; a negative number counts from the end, as in PyTorch.</summary>
    public static implicit operator TensorIndex(int index) => new(Form.One, index < 0 ? new Index(-index, fromEnd: true) : new Index(index));

    public static implicit operator TensorIndex(Index index) => new(Form.One, index);

    public static implicit operator TensorIndex(Range range) => new(Form.Range, range.Start, range.End);

    public static implicit operator TensorIndex(Tensor tensor) => new(Form.Tensor, tensor: tensor);

    internal static Tensor Apply(Tensor tensor, ReadOnlySpan<TensorIndex> indices)
    {
        var used = 0;
        foreach (ref readonly var index in indices)
        {
            used += index.Consumes;
        }

        if (used > tensor.Rank)
        {
            throw new ArgumentException($"{used} dimensions are indexed in a tensor {tensor} that has {tensor.Rank}", nameof(indices));
        }

        var result = tensor;
        var dim = 0;
        Tensor?[]? gathers = null;
        foreach (ref readonly var index in indices)
        {
            switch (index._form)
            {
                case Form.One:
                    Step(ref result, Operator.One("select.int", result, dim, index._start.GetOffset(checked((int)result.Size(dim)))), tensor);
                    break;
                case Form.Range:
                    if (!(index._start.Equals(Index.Start) && index._end.Equals(Index.End)))
                    {
                        var size = checked((int)result.Size(dim));
                        Step(ref result, Operator.One("slice.Tensor", result, dim, index._start.GetOffset(size), index._end.GetOffset(size)), tensor);
                    }

                    dim++;
                    break;
                case Form.NewAxis:
                    Step(ref result, result.Unsqueeze(dim++), tensor);
                    break;
                case Form.Ellipsis:
                    dim += tensor.Rank - used;
                    break;
                case Form.Tensor:
                    gathers ??= new Tensor?[tensor.Rank + indices.Length];
                    gathers[dim] = index._tensor;
                    dim += index.Consumes;
                    break;
            }
        }

        if (gathers is not null)
        {
            // A mask of several dimensions stands once in the list, for all that it covers.
            var list = new List<Tensor?>();
            for (var i = 0; i < dim;)
            {
                list.Add(gathers[i]);
                i += gathers[i] is { Dtype: ScalarType.Bool } mask ? mask.Rank : 1;
            }

            Step(ref result, Operator.One("index.Tensor", result, Argument.Optional([.. list])), tensor);
        }

        return ReferenceEquals(result, tensor) ? tensor.Alias() : result;
    }

    private int Consumes => _form switch
    {
        Form.One or Form.Range => 1,
        Form.Tensor => _tensor!.Dtype == ScalarType.Bool ? _tensor.Rank : 1,
        _ => 0,
    };

    private static void Step(ref Tensor result, Tensor next, Tensor original)
    {
        if (!ReferenceEquals(result, original))
        {
            result.Dispose();
        }

        result = next;
    }
}
