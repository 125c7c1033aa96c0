using Semblance.Tensors;

namespace Semblance.Models.Onnx;

/// <summary>Turns the ATen operators of a traced encoder into nodes of ONNX's operator set 17: those that the methods use, each with the arguments that they give it.</summary>
internal sealed class OnnxTranslator
{
    private readonly OnnxGraph _graph;
    private readonly string _input;
    private readonly IReadOnlyDictionary<Tensor, string> _weights;
    private readonly Dictionary<TracedValue, string> _names = [];

    private OnnxTranslator(OnnxGraph graph, string input, IReadOnlyDictionary<Tensor, string> weights) => (_graph, _input, _weights) = (graph, input, weights);

    /// <summary>Adds a program to a graph.</summary>
    /// <param name="program">Borrowed.</param>
    /// <param name="graph">Has declared the input.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="weights">What parameters and buffers are called.</param>
    /// <returns>Names of the program's outputs.</returns>
    /// <exception cref="NotSupportedException">An operator is not among those that can be said in ONNX; the message names it.</exception>
    public static IReadOnlyList<string> Translate(TracedProgram program, OnnxGraph graph, string input, IReadOnlyDictionary<Tensor, string> weights)
    {
        var translator = new OnnxTranslator(graph, input, weights);
        translator._names.Add(program.Input, input);
        foreach (var call in program.Calls)
        {
            foreach (var (result, name) in call.Results.Zip(translator.Nodes(call), (result, name) => (result, name)))
            {
                translator._names.Add(result, name);
            }
        }

        return [.. program.Outputs.Select(translator.Name)];
    }

    private IReadOnlyList<string> Nodes(TracedCall call) => (call.Name, call.Arguments.Count) switch
    {
        ("chunk", 3) => Split(call),
        ("unbind.int", 2) => [.. call.Results.Select((_, i) => Pick(call, i))],
        _ => [Node(call)],
    };

    /// <summary>The node of a call with one result. An operator is known with a number of arguments: one more would change what it does.</summary>
    private string Node(TracedCall call) => (call.Name, call.Arguments.Count) switch
    {
        // by element
        ("add.Tensor" or "add.Scalar", 2) => Binary("Add", call),
        ("sub.Tensor" or "sub.Scalar", 2) => Binary("Sub", call),
        ("mul.Tensor" or "mul.Scalar", 2) => Binary("Mul", call),
        ("div.Tensor" or "div.Scalar", 2) => Binary("Div", call),
        ("clamp_min", 2) => Binary("Max", call),
        ("relu", 1) => Unary("Relu", call),
        ("sigmoid", 1) => Unary("Sigmoid", call),
        ("gelu", 1) => Gelu(call),
        ("ne.Scalar", 2) => _graph.Add("Not", [_graph.Add("Equal", [Name(call.Value(0)), Scalar(call.Number(1), call.Value(0).Dtype)])]),
        ("logical_not", 1) => Unary("Not", call),
        ("masked_fill.Scalar", 3) => _graph.Add("Where", [Name(call.Value(1)), Scalar(call.Number(2), call.Value(0).Dtype), Name(call.Value(0))]),
        ("to.dtype", 2) => As(call.Value(0), call.Results[0].Dtype),
        ("alias" or "contiguous", 1) => Name(call.Value(0)),
        ("dropout", 3) when !call.Flag(2) => Name(call.Value(0)),

        // over dimensions
        ("softmax.int", 2) => _graph.Add("Softmax", [Name(call.Value(0))], ("axis", call.Whole(1))),
        ("mean.dim", 3) => _graph.Add("ReduceMean", [Name(call.Value(0))], ("axes", call.Wholes(1)), ("keepdims", Bit(call.Flag(2)))),
        ("amax", 3) => _graph.Add("ReduceMax", [Name(call.Value(0))], ("axes", call.Wholes(1)), ("keepdims", Bit(call.Flag(2)))),
        ("sum.dim_IntList", 3) => _graph.Add("ReduceSum", [Name(call.Value(0)), _graph.Integers(call.Wholes(1))], ("keepdims", Bit(call.Flag(2)))),
        ("norm.ScalarOpt_dim", 4) when call.Number(1) == 2 => _graph.Add("ReduceL2", [Name(call.Value(0))], ("axes", call.Wholes(2)), ("keepdims", Bit(call.Flag(3)))),

        // layers
        ("matmul", 2) => _graph.Add("MatMul", [Name(call.Value(0)), Name(call.Value(1))]),
        ("linear", 3) => Linear(call),
        ("layer_norm", 5) => LayerNorm(call),
        ("batch_norm", 9) when !call.Flag(5) => BatchNorm(call),
        ("conv2d", 7) => Convolution(call),
        ("max_pool2d", 4) => Pool("MaxPool", call),
        ("avg_pool2d", 4) => Pool("AveragePool", call, ("count_include_pad", 1L)),
        ("adaptive_avg_pool2d", 2) when call.Wholes(1) is [1, 1] => Unary("GlobalAveragePool", call),
        ("embedding", 3) => _graph.Add("Gather", [Name(call.Value(0)), Name(call.Value(1))], ("axis", 0L)),

        // the same elements elsewhere
        ("reshape" or "view", 2) or ("flatten.using_ints", 3) => Reshape(call),
        ("permute", 2) => _graph.Add("Transpose", [Name(call.Value(0))], ("perm", call.Wholes(1).Select(dim => Dimension(call, dim)).ToArray())),
        ("transpose.int", 3) => _graph.Add("Transpose", [Name(call.Value(0))], ("perm", Swapped(call))),
        ("unsqueeze", 2) => _graph.Add("Unsqueeze", [Name(call.Value(0)), _graph.Integers(call.Whole(1))]),
        ("squeeze.dim", 2) when call.Value(0).Shape[(int)Dimension(call, call.Whole(1))] == 1 => _graph.Add("Squeeze", [Name(call.Value(0)), _graph.Integers(call.Whole(1))]),
        ("expand", 2) => _graph.Add("Expand", [Name(call.Value(0)), Sizes([.. call.Sizes(1).Select(size => size == -1 ? 1 : size)])]),
        ("narrow", 4) => Slice(call, call.Size(2), call.Size(2) + call.Size(3)),
        ("slice.Tensor", 4) => Slice(call, call.Size(2), call.Size(3)),
        ("select.int", 3) => Pick(call, call.Whole(2)),
        ("gather", 3) => _graph.Add("GatherElements", [Name(call.Value(0)), Name(call.Value(2))], ("axis", call.Whole(1))),
        ("cat", 2) => _graph.Add("Concat", [.. call.Values(0).Select(part => As(part, call.Results[0].Dtype))], ("axis", call.Whole(1))),
        ("triu", 2) => _graph.Add("Trilu", [Name(call.Value(0)), Scalar(call.Whole(1), ScalarType.Int64)], ("upper", 1L)),

        // Of whole numbers; as 32 bits, which every runtime compares.
        ("argmax", 3) => _graph.Add("ArgMax", [As(call.Value(0), ScalarType.Int32)], ("axis", call.Whole(1)), ("keepdims", Bit(call.Flag(2)))),
        ("ones", 4) => _graph.Add("Add", [_graph.Add("ConstantOfShape", [Sizes(call.Sizes(0))], ("value", call.Results[0].Dtype)), Scalar(1, call.Results[0].Dtype)]),
        ("zeros", 4) => _graph.Add("ConstantOfShape", [Sizes(call.Sizes(0))], ("value", call.Results[0].Dtype)),

        _ => throw new NotSupportedException($"operator \"{call.Name}\"({string.Join(", ", call.Arguments.Select(Spell))}) is not among those that can be exported to ONNX"),
    };

    private string Unary(string type, TracedCall call) => _graph.Add(type, [Name(call.Value(0))]);

    /// <summary>Of two tensors, or of a tensor and a number; ONNX wants both of one type.</summary>
    private string Binary(string type, TracedCall call)
    {
        var dtype = call.Results[0].Dtype;
        return _graph.Add(type, [As(call.Value(0), dtype), call.Arguments[1] is TracedValue other ? As(other, dtype) : Scalar(call.Number(1), dtype)]);
    }

    /// <summary><c>x / 2 · (1 + erf(x / √2))</c>: the operator of this name came with operator set 20.</summary>
    private string Gelu(TracedCall call)
    {
        var (x, dtype) = (Name(call.Value(0)), call.Value(0).Dtype);
        var twice = _graph.Add("Add", [_graph.Add("Erf", [_graph.Add("Div", [x, Scalar(Math.Sqrt(2), dtype)])]), Scalar(1, dtype)]);
        return _graph.Add("Mul", [_graph.Add("Mul", [x, twice]), Scalar(0.5, dtype)]);
    }

    private string Linear(TracedCall call)
    {
        var weight = call.Value(1);
        string transposed;
        if (weight.Constant is { } constant)
        {
            using var turned = constant.T();
            transposed = _graph.Initializer(turned.Dtype, turned.Shape, turned.ToBytes(), _weights.TryGetValue(weight.Source, out var name) ? $"{name}.transposed" : null);
        }
        else
        {
            transposed = _graph.Add("Transpose", [Name(weight)], ("perm", (long[])[1, 0]));
        }

        var product = _graph.Add("MatMul", [Name(call.Value(0)), transposed]);
        return call.Optional(2) is { } bias ? _graph.Add("Add", [product, Name(bias)]) : product;
    }

    private string LayerNorm(TracedCall call) =>
        _graph.Add("LayerNormalization", [Name(call.Value(0)), Name(call.Value(2)), Name(call.Value(3))], ("axis", -(long)call.Sizes(1).Count), ("epsilon", (float)call.Number(4)));

    /// <summary>With the running figures.</summary>
    private string BatchNorm(TracedCall call) =>
        _graph.Add("BatchNormalization", [.. Enumerable.Range(0, 5).Select(i => Name(call.Value(i)))], ("epsilon", (float)call.Number(7)));

    private string Convolution(TracedCall call)
    {
        string[] inputs = [Name(call.Value(0)), Name(call.Value(1)), .. call.Optional(2) is { } bias ? (string[])[Name(bias)] : []];
        return _graph.Add("Conv", inputs, ("strides", call.Wholes(3)), ("pads", BothSides(call.Wholes(4))), ("dilations", call.Wholes(5)), ("group", call.Whole(6)));
    }

    private string Pool(string type, TracedCall call, params ReadOnlySpan<(string Name, object Value)> more) =>
        _graph.Add(type, [Name(call.Value(0))], [("kernel_shape", call.Wholes(1)), ("strides", call.Wholes(2)), ("pads", BothSides(call.Wholes(3))), .. more]);

    /// <summary>To the sizes of the result: one that follows the input's size stays where it is (0) or is worked out (-1), else the sizes are computed.</summary>
    private string Reshape(TracedCall call)
    {
        var (from, to) = (call.Value(0).Shape, call.Results[0].Shape);
        long[] sizes = [.. to.Select((size, i) => size is { IsConstant: true } known ? known.Constant : size is not null && i < from.Count && from[i] == size ? 0 : -1)];
        return _graph.Add("Reshape", [Name(call.Value(0)), sizes.Count(size => size == -1) <= 1 ? _graph.Integers(sizes) : Sizes([.. to.Select(size => Known(call, size))])]);
    }

    private string Slice(TracedCall call, SymbolicSize start, SymbolicSize end) =>
        _graph.Add("Slice", [Name(call.Value(0)), Sizes([start]), Sizes([end]), _graph.Integers(call.Whole(1))]);

    /// <summary>One slice along a dimension, without that dimension.</summary>
    private string Pick(TracedCall call, long index) => _graph.Add("Gather", [Name(call.Value(0)), Scalar(index, ScalarType.Int64)], ("axis", call.Whole(1)));

    private IReadOnlyList<string> Split(TracedCall call)
    {
        var dim = (int)Dimension(call, call.Whole(2));
        return _graph.Add("Split", [Name(call.Value(0)), Sizes([.. call.Results.Select(part => Known(call, part.Shape[dim]))])], call.Results.Count, ("axis", (long)dim));
    }

    /// <summary>Whole numbers as a tensor of one dimension, those that follow the input's size computed from it.</summary>
    private string Sizes(IReadOnlyList<SymbolicSize> sizes)
    {
        if (sizes.All(size => size.IsConstant))
        {
            return _graph.Integers([.. sizes.Select(size => size.Constant)]);
        }

        return sizes.Count == 1 ? Computed(sizes[0]) : _graph.Add("Concat", [.. sizes.Select(size => size.IsConstant ? _graph.Integers(size.Constant) : Computed(size))], ("axis", 0L));

        string Computed(SymbolicSize size)
        {
            string[] terms = [.. Term(size.PerItem, dimension: 0), .. Term(size.PerToken, dimension: 1), .. size.Constant == 0 ? (string[])[] : [_graph.Integers(size.Constant)]];
            return terms.Aggregate((sum, term) => _graph.Add("Add", [sum, term]));
        }

        string[] Term(long factor, long dimension)
        {
            if (factor == 0)
            {
                return [];
            }

            var size = _graph.Add("Shape", [_input], ("start", dimension), ("end", dimension + 1));
            return [factor == 1 ? size : _graph.Add("Mul", [size, _graph.Integers(factor)])];
        }
    }

    private string Name(TracedValue value)
    {
        if (!_names.TryGetValue(value, out var name))
        {
            var constant = value.Constant ?? throw new InvalidOperationException($"{value} is read before it is computed");
            name = _graph.Initializer(constant.Dtype, constant.Shape, constant.ToBytes(), _weights.GetValueOrDefault(value.Source));
            _names.Add(value, name);
        }

        return name;
    }

    private string As(TracedValue value, ScalarType dtype) => value.Dtype == dtype ? Name(value) : _graph.Add("Cast", [Name(value)], ("to", OnnxGraph.CastTo(dtype)));

    private string Scalar(double value, ScalarType dtype)
    {
        using var scalar = Tensor.Scalar(value, dtype);
        return _graph.Initializer(dtype, [], scalar.ToBytes());
    }

    private static SymbolicSize Known(TracedCall call, SymbolicSize? size) =>
        size ?? throw new NotSupportedException($"operator \"{call.Name}\" gives {string.Join(", ", call.Results)}, whose sizes do not follow the input's by a sum of multiples");

    /// <summary>A dimension of the call's first argument, counted from the first.</summary>
    private static long Dimension(TracedCall call, long dim) => dim < 0 ? dim + call.Value(0).Shape.Count : dim;

    private static long[] Swapped(TracedCall call)
    {
        long[] order = [.. Enumerable.Range(0, call.Value(0).Shape.Count)];
        var (a, b) = (Dimension(call, call.Whole(1)), Dimension(call, call.Whole(2)));
        (order[a], order[b]) = (order[b], order[a]);
        return order;
    }

    private static long[] BothSides(long[] padding) => [.. padding, .. padding];

    private static long Bit(bool flag) => flag ? 1 : 0;

    private static string Spell(object? argument) => argument switch
    {
        null => "none",
        TracedValue[] values => $"{{{string.Join<TracedValue>(", ", values)}}}",
        SymbolicSize[] sizes => $"({string.Join(", ", sizes)})",
        double[] reals => $"({string.Join(", ", reals)})",
        _ => $"{argument}",
    };
}
