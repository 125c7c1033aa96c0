using System.Security.Cryptography;
using Semblance.Core;
using Semblance.Tensors;

namespace Semblance.Models.Onnx;

/// <summary>A graph in the making: nodes, initializers, inputs and outputs, and the file that they become.</summary>
/// <remarks>What was computed once is not computed again: a node or an initializer that is there already is given instead of a second one. Fields as in onnx.proto, IR version 8.</remarks>
internal sealed class OnnxGraph(string name)
{
    /// <summary>Version of the operators that nodes may name.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _made = [];
    private readonly Dictionary<string, string> _kept = [];
    private readonly OrderedDictionary<string, ProtobufMessage> _initializers = [];
    private readonly List<(string Name, ProtobufMessage Info)> _inputs = [];
    private readonly List<(string Name, ProtobufMessage Info)> _outputs = [];

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        Tensor = 4,
        Ints = 7,
    }

    /// <summary>Names of the operators in use.</summary>
    public IReadOnlyList<string> Operators => [.. _nodes.Select(node => node.Type)];

    /// <summary>What initializers are called.</summary>
    public IReadOnlyList<string> Initializers => [.. _initializers.Keys];

    /// <summary>Declares an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Sizes that are no constants become named dimensions.</param>
    /// <param name="meaning">What to put there.</param>
    public void Input(string input, ScalarType dtype, IReadOnlyList<SymbolicSize?> shape, string meaning) => _inputs.Add((input, ValueInfo(input, dtype, shape, meaning)));

    /// <summary>Gives a value out under a name of its own.</summary>
    public void Output(string output, string value, ScalarType dtype, IReadOnlyList<SymbolicSize?> shape, string meaning)
    {
        _nodes.Add(new Node("Identity", [value], [output], []));
        _outputs.Add((output, ValueInfo(output, dtype, shape, meaning)));
    }

    /// <summary>A node with one output, and the output's name.</summary>
    public string Add(string type, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => Add(type, inputs, outputs: 1, attributes)[0];

    /// <summary>A node, and the names of its outputs.</summary>
    /// <param name="type">Operator of the standard's own domain.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="outputs">How many.</param>
    /// <param name="attributes">Values of type long, float, long[] or <see cref="ScalarType"/> for a tensor that holds one zero.</param>
    public IReadOnlyList<string> Add(string type, IReadOnlyList<string> inputs, int outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var spelt = attributes.ToArray().Select(attribute => $"{attribute.Name}={(attribute.Value is long[] list ? string.Join(' ', list) : attribute.Value)}");
        var key = string.Join('\n', [type, $"{outputs}", .. inputs, "", .. spelt]);
        if (!_made.TryGetValue(key, out var names))
        {
            names = [.. Enumerable.Range(0, outputs).Select(o => outputs == 1 ? $"{type}_{_nodes.Count}" : $"{type}_{_nodes.Count}_{o}")];
            _nodes.Add(new Node(type, [.. inputs], names, [.. attributes.ToArray().Select(attribute => Attribute(attribute.Name, attribute.Value))]));
            _made.Add(key, names);
        }

        return names;
    }

    /// <summary>A constant, and its name.</summary>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bytes">The elements, little-endian; referred to until the file is written.</param>
    /// <param name="wanted">A name for readers; the first of equal constants keeps its own.</param>
    public string Initializer(ScalarType dtype, IReadOnlyList<long> shape, byte[] bytes, string? wanted = null)
    {
        var key = $"{dtype} {string.Join('x', shape)} {Convert.ToHexString(SHA256.HashData(bytes))}";
        if (!_kept.TryGetValue(key, out var kept))
        {
            kept = wanted is not null && !_initializers.ContainsKey(wanted) ? wanted : $"constant_{_initializers.Count}";
            _initializers.Add(kept, TensorOf(dtype, shape, bytes).Text(8, kept));
            _kept.Add(key, kept);
        }

        return kept;
    }

    /// <summary>Whole numbers as a constant of one dimension.</summary>
    public string Integers(params ReadOnlySpan<long> values) => Initializer(ScalarType.Int64, [values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The whole model, without what no output needs.</summary>
    /// <param name="metadata">Named facts.</param>
    public ProtobufMessage ToModel(IReadOnlyDictionary<string, string> metadata)
    {
        Prune();
        var graph = new ProtobufMessage()
            .Messages(1, _nodes.Select(node => node.ToMessage()))
            .Text(2, name)
            .Messages(5, _initializers.Values)
            .Messages(11, _inputs.Select(input => input.Info))
            .Messages(12, _outputs.Select(output => output.Info));
        return new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, "Semblance")
            .Message(7, graph)
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet))
            .Messages(14, metadata.Select(pair => new ProtobufMessage().Text(1, pair.Key).Text(2, pair.Value)));
    }

    /// <summary>Writes the model, atomically.</summary>
    /// <exception cref="NotSupportedException">It would be longer than protocol buffers allow; nothing is written.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var model = ToModel(metadata);
        CheckLength(path, model.Length);
        AtomicFile.Write(path, model.WriteTo);
    }

    internal static void CheckLength(string path, long bytes)
    {
        if (bytes > int.MaxValue)
        {
            throw new NotSupportedException($"{path} would have {bytes / 1e9:0.0} GB, but an ONNX file holds 2 GB at most: export as safetensors, or a smaller model");
        }
    }

    private static int TypeOf(ScalarType dtype) => dtype switch
    {
        ScalarType.Float32 => 1,
        ScalarType.Byte => 2,
        ScalarType.Int8 => 3,
        ScalarType.Int16 => 5,
        ScalarType.Int32 => 6,
        ScalarType.Int64 => 7,
        ScalarType.Bool => 9,
        ScalarType.Float16 => 10,
        ScalarType.Float64 => 11,
        ScalarType.BFloat16 => 16,
        _ => throw new NotSupportedException($"ONNX has no elements of type {dtype}"),
    };

    /// <summary>The number by which attributes of Cast name an element type.</summary>
    public static long CastTo(ScalarType dtype) => TypeOf(dtype);

    private static ProtobufMessage TensorOf(ScalarType dtype, IReadOnlyList<long> shape, byte[] bytes) =>
        new ProtobufMessage().Integers(1, shape).Integer(2, TypeOf(dtype)).Bytes(9, bytes);

    private static ProtobufMessage ValueInfo(string value, ScalarType dtype, IReadOnlyList<SymbolicSize?> shape, string meaning)
    {
        var dimensions = shape.Select(size => size is { IsConstant: true } constant ? new ProtobufMessage().Integer(1, constant.Constant) : new ProtobufMessage().Text(2, size?.ToString() ?? "?"));
        var tensor = new ProtobufMessage().Integer(1, TypeOf(dtype)).Message(2, new ProtobufMessage().Messages(1, dimensions));
        return new ProtobufMessage().Text(1, value).Message(2, new ProtobufMessage().Message(1, tensor)).Text(3, meaning);
    }

    private static ProtobufMessage Attribute(string attribute, object value)
    {
        var message = new ProtobufMessage().Text(1, attribute);
        return value switch
        {
            float real => message.Real(2, real).Integer(20, (long)AttributeType.Float),
            long whole => message.Integer(3, whole).Integer(20, (long)AttributeType.Int),
            ScalarType zero => message.Message(5, TensorOf(zero, [1], new byte[zero.Size()])).Integer(20, (long)AttributeType.Tensor),
            long[] list => message.Integers(8, list).Integer(20, (long)AttributeType.Ints),
            _ => throw new ArgumentException($"an attribute of type {value.GetType().Name}", nameof(value)),
        };
    }

    private void Prune()
    {
        var needed = _outputs.Select(output => output.Name).ToHashSet();
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            if (_nodes[i].Outputs.Any(needed.Contains))
            {
                needed.UnionWith(_nodes[i].Inputs);
            }
            else
            {
                _nodes.RemoveAt(i);
            }
        }

        foreach (var unused in _initializers.Keys.Where(initializer => !needed.Contains(initializer)).ToList())
        {
            _initializers.Remove(unused);
        }
    }

    private sealed record Node(string Type, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<ProtobufMessage> Attributes)
    {
        public ProtobufMessage ToMessage() => new ProtobufMessage().Texts(1, Inputs).Texts(2, Outputs).Text(3, Outputs[0]).Text(4, Type).Messages(5, Attributes);
    }
}
