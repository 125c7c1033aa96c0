namespace Semblance.Tensors.Interop;

/// <summary>Every operator that a piece of work called on its thread, with arguments and results: the program of a network, as an exporter reads it.</summary>
/// <remarks>
/// What was computed from no input is a constant: a parameter, a value from managed code, or what operators made of these. Its elements are held until the recording is disposed,
/// whatever scopes freed meanwhile. Autograd's own calls do not pass here: record without gradients.
/// </remarks>
internal sealed class OperatorRecording : IDisposable
{
    [ThreadStatic]
    private static OperatorRecording? _current;

    private readonly Dictionary<Tensor, RecordedTensor> _known = new(ReferenceEqualityComparer.Instance);
    private readonly List<RecordedCall> _calls = [];

    private OperatorRecording(IReadOnlyList<Tensor> inputs)
    {
        foreach (var input in inputs)
        {
            _known.Add(input, new RecordedTensor(input, value: null));
        }

        Inputs = [.. inputs.Select(input => _known[input])];
    }

    /// <summary>What this thread records into; null, and no cost but this look, when it records nothing.</summary>
    internal static OperatorRecording? Current => _current;

    internal IReadOnlyList<RecordedTensor> Inputs { get; }

    internal IReadOnlyList<RecordedTensor> Outputs { get; private set; } = [];

    /// <summary>In the order in which they were made.</summary>
    internal IReadOnlyList<RecordedCall> Calls => _calls;

    /// <summary>Does some work and records it.</summary>
    /// <param name="inputs">What the work reads that is no constant; borrowed.</param>
    /// <param name="work">Gives the outputs, tensors of the open scope.</param>
    /// <exception cref="InvalidOperationException">This thread records already.</exception>
    internal static OperatorRecording Of(IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>> work)
    {
        if (_current is not null)
        {
            throw new InvalidOperationException("this thread records operators already: end that recording first");
        }

        var recording = new OperatorRecording(inputs);
        try
        {
            _current = recording;
            recording.Outputs = [.. work().Select(recording.Seen)];
            return recording;
        }
        catch
        {
            recording.Dispose();
            throw;
        }
        finally
        {
            _current = null;
        }
    }

    internal void Note(string name, ReadOnlySpan<Argument> arguments, params ReadOnlySpan<Tensor> results)
    {
        var given = new object?[arguments.Length];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = Plain(in arguments[i]);
        }

        var constant = given.SelectMany(RecordedCall.Tensors).All(tensor => tensor.Value is not null);
        var made = new RecordedTensor[results.Length];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = Add(results[i], constant);
        }

        _calls.Add(new RecordedCall(name, given, made));
    }

    public void Dispose()
    {
        foreach (var tensor in _known.Values)
        {
            tensor.Value?.Dispose();
        }
    }

    private object? Plain(ref readonly Argument argument) => argument.Reference switch
    {
        Tensor tensor => Seen(tensor),
        Tensor?[] tensors => Array.ConvertAll(tensors, tensor => tensor is null ? null : Seen(tensor)),
        Array list => list.Clone(),
        { } text => text,
        null => argument.Kind switch
        {
            ValueKind.Integer => argument.Payload,
            ValueKind.Real => BitConverter.Int64BitsToDouble(argument.Payload),
            ValueKind.Boolean => argument.Payload != 0,
            ValueKind.Device => new Device((DeviceKind)argument.Payload, Math.Max(argument.Index, 0)),
            _ => null,
        },
    };

    private RecordedTensor Seen(Tensor tensor) => _known.TryGetValue(tensor, out var known) ? known : Add(tensor, constant: true);

    private RecordedTensor Add(Tensor tensor, bool constant)
    {
        Tensor? value = null;
        if (constant)
        {
            Native.Check(Native.Share(tensor.Handle, out var shared), "share");
            value = TensorScope.Release(new Tensor(shared));
        }

        return _known[tensor] = new RecordedTensor(tensor, value);
    }
}

/// <summary>One call of an operator.</summary>
/// <param name="Name">In ATen with its overload, as in "add.Tensor".</param>
/// <param name="Arguments">
/// In the order of the schema, as given: <see cref="RecordedTensor"/> or an array of them, long, double, bool, string, long[], double[], <see cref="Device"/>, or null for None.
/// </param>
/// <param name="Results">None of an operator that changed its argument or answered yes or no.</param>
internal sealed record RecordedCall(string Name, IReadOnlyList<object?> Arguments, IReadOnlyList<RecordedTensor> Results)
{
    /// <summary>The tensors of one argument.</summary>
    internal static IEnumerable<RecordedTensor> Tensors(object? argument) => argument switch
    {
        RecordedTensor tensor => [tensor],
        RecordedTensor?[] tensors => tensors.OfType<RecordedTensor>(),
        _ => [],
    };
}

/// <summary>What a tensor was when it was met.</summary>
/// <param name="source">Itself, for its identity: it may be disposed by now.</param>
/// <param name="value">The elements of a constant, owned by the recording; null for what depends on an input.</param>
internal sealed class RecordedTensor(Tensor source, Tensor? value)
{
    internal Tensor Source => source;

    internal Tensor? Value => value;

    internal IReadOnlyList<long> Shape { get; } = source.Shape;

    internal ScalarType Dtype { get; } = source.Dtype;
}
