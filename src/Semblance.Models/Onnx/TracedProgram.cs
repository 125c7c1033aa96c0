using Semblance.Tensors;
using Semblance.Tensors.Interop;

namespace Semblance.Models.Onnx;

/// <summary>What an encoder computes, operator by operator, for every size of its input.</summary>
/// <remarks>
/// An encoder is run at four sizes of its input and its operators are recorded. A number that is the same each time is a constant; one that differs is fitted as
/// <see cref="SymbolicSize"/> to the first three runs, and has to hold in the fourth. What depends on no input and no size is not a call but a constant.
/// </remarks>
internal sealed class TracedProgram : IDisposable
{
    // One step of each size from the first, so that a difference is a slope; then both at once, further on.
    private static readonly TraceSize[] Sizes = [new(2, 3), new(3, 3), new(2, 4), new(5, 5)];

    private readonly List<OperatorRecording> _recordings = [];
    private readonly Dictionary<RecordedTensor, TracedValue> _values = [];
    private readonly List<TracedCall> _calls = [];

    private TracedProgram()
    {
    }

    /// <summary>What is computed from.</summary>
    public TracedValue Input { get; private set; } = null!;

    public IReadOnlyList<TracedValue> Outputs { get; private set; } = null!;

    /// <summary>In an order in which they can be computed; constants are not among them.</summary>
    public IReadOnlyList<TracedCall> Calls => _calls;

    /// <summary>Traces an encoder; run it in evaluation mode. The constants are freed with the program.</summary>
    /// <param name="input">An input of a size; tensor of the open scope.</param>
    /// <param name="encode">Gives the outputs of an input; tensors of the open scope.</param>
    /// <exception cref="NotSupportedException">The encoder does another thing for another size or for other values; the message names the operator.</exception>
    public static TracedProgram Of(Func<TraceSize, Tensor> input, Func<Tensor, IReadOnlyList<Tensor>> encode)
    {
        var program = new TracedProgram();
        try
        {
            using var withoutGrad = Autograd.NoGrad();
            foreach (var size in Sizes)
            {
                using var scope = new TensorScope();
                var given = input(size);
                program._recordings.Add(OperatorRecording.Of([given], () => encode(given)));
            }

            program.Merge();
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var recording in _recordings)
        {
            recording.Dispose();
        }
    }

    /// <summary>The linear form that gives these numbers at the traced sizes; null if there is none.</summary>
    internal static SymbolicSize? Fit(IReadOnlyList<long> numbers)
    {
        var (perItem, perToken) = (numbers[1] - numbers[0], numbers[2] - numbers[0]);
        var form = new SymbolicSize(numbers[0] - (perItem * Sizes[0].Items) - (perToken * Sizes[0].Tokens), perItem, perToken);
        return form.At(Sizes[3]) == numbers[3] ? form : null;
    }

    private void Merge()
    {
        Input = Add(AtEachSize(recording => recording.Inputs[0]), constant: false);
        for (var i = 0; i < _recordings[0].Calls.Count; i++)
        {
            var calls = AtEachSize(recording => i < recording.Calls.Count ? recording.Calls[i] : null);
            var (name, count, made) = (calls[0]!.Name, calls[0]!.Arguments.Count, calls[0]!.Results.Count);
            if (calls.Any(call => call is null || call.Name != name || call.Arguments.Count != count || call.Results.Count != made))
            {
                throw new NotSupportedException(
                    $"the encoder takes another way for another size of its input: its operator {i} is {string.Join(", ", calls.Zip(Sizes, (call, size) => $"{call?.Name ?? "none"} for {size.Items} x {size.Tokens}"))}");
            }

            object?[] arguments = [.. Enumerable.Range(0, count).Select(a => MergeArgument(name, [.. calls.Select(call => call!.Arguments[a])]))];
            var constant = arguments.All(IsConstant);
            TracedValue[] results = [.. Enumerable.Range(0, made).Select(r => Add([.. calls.Select(call => call!.Results[r])], constant))];
            if (!constant || made == 0)    // what gives nothing was called for what it does, and no translation knows it
            {
                _calls.Add(new TracedCall(name, arguments, results));
            }
        }

        if (_recordings.Any(recording => recording.Calls.Count != _recordings[0].Calls.Count))
        {
            throw new NotSupportedException($"the encoder takes another way for another size of its input: it calls {string.Join(", ", _recordings.Select(recording => recording.Calls.Count))} operators");
        }

        Outputs = [.. Enumerable.Range(0, _recordings[0].Outputs.Count).Select(o => Value(AtEachSize(recording => recording.Outputs[o])))];
    }

    private T[] AtEachSize<T>(Func<OperatorRecording, T> part) => [.. _recordings.Select(part)];

    private object? MergeArgument(string name, object?[] given) => given[0] switch
    {
        RecordedTensor when All<RecordedTensor>(given) is { } tensors => Value(tensors),
        long when All<long>(given) is { } numbers => Fitted(name, numbers),
        RecordedTensor?[] when Columns<RecordedTensor?>(given) is { } columns => Array.ConvertAll(columns, column => column[0] is null ? null : Value(column!)),
        long[] when Columns<long>(given) is { } columns => Array.ConvertAll(columns, column => Fitted(name, column)),
        double[] first when given.All(other => other is double[] list && list.SequenceEqual(first)) => first,
        var first when given.All(other => Equals(other, first)) => first,
        _ => throw new NotSupportedException($"operator \"{name}\" takes other arguments for another size of the input, and not only other numbers"),
    };

    private static T[]? All<T>(object?[] given) => given.All(argument => argument is T) ? [.. given.Cast<T>()] : null;

    /// <summary>Lists of one length as what stands at each place in all of them.</summary>
    private static T[][]? Columns<T>(object?[] given) =>
        All<T[]>(given) is { } lists && lists.All(list => list.Length == lists[0].Length) ? [.. Enumerable.Range(0, lists[0].Length).Select(i => Array.ConvertAll(lists, list => list[i]))] : null;

    private static SymbolicSize Fitted(string name, long[] numbers) => Fit(numbers) ?? throw new NotSupportedException(
        $"operator \"{name}\" takes {string.Join(", ", numbers.Zip(Sizes, (number, size) => $"{number} for {size.Items} x {size.Tokens}"))}, which is no sum of multiples of the two");

    private static bool IsConstant(object? argument) => argument switch
    {
        TracedValue value => value.Constant is not null,
        TracedValue?[] values => values.All(value => value?.Constant is not null),
        SymbolicSize size => size.IsConstant,
        SymbolicSize[] sizes => sizes.All(size => size.IsConstant),
        _ => true,
    };

    private TracedValue Value(RecordedTensor[] each)
    {
        if (!_values.TryGetValue(each[0], out var value))
        {
            return Add(each, constant: true);
        }

        return each.All(tensor => _values.GetValueOrDefault(tensor) == value)
            ? value : throw new NotSupportedException($"the encoder takes another way for another size of its input: {value} is not what it reads each time");
    }

    private TracedValue Add(RecordedTensor[] each, bool constant)
    {
        var first = each[0];
        if (each.Any(tensor => tensor.Dtype != first.Dtype || tensor.Shape.Count != first.Shape.Count))
        {
            throw new NotSupportedException("the encoder takes another way for another size of its input: a tensor changes its rank or type");
        }

        if (constant && each.Any(other => other.Source != first.Source && !(other.Value?.ToBytes() ?? []).AsSpan().SequenceEqual(first.Value?.ToBytes())))
        {
            throw new NotSupportedException($"a tensor {first.Dtype} [{string.Join(", ", first.Shape)}] was made by no operator and is another one each time: a graph cannot hold it");
        }

        var value = new TracedValue(
            [.. Enumerable.Range(0, first.Shape.Count).Select(d => Fit([.. each.Select(tensor => tensor.Shape[d])]))], first.Dtype, constant ? first.Value : null, first.Source);
        foreach (var tensor in each)
        {
            _values[tensor] = value;
        }

        return value;
    }
}

/// <summary>One operator of a traced program.</summary>
/// <param name="Name">In ATen with its overload.</param>
/// <param name="Arguments">As in <see cref="RecordedCall"/>, with <see cref="TracedValue"/> for tensors and <see cref="SymbolicSize"/> for whole numbers, and arrays of them.</param>
/// <param name="Results">None of an operator that changed its argument or answered yes or no.</param>
internal sealed record TracedCall(string Name, IReadOnlyList<object?> Arguments, IReadOnlyList<TracedValue> Results)
{
    public TracedValue Value(int index) => (TracedValue)Arguments[index]!;

    public TracedValue? Optional(int index) => (TracedValue?)Arguments[index];

    public IReadOnlyList<TracedValue> Values(int index) => (TracedValue[])Arguments[index]!;

    public SymbolicSize Size(int index) => (SymbolicSize)Arguments[index]!;

    public IReadOnlyList<SymbolicSize> Sizes(int index) => (SymbolicSize[])Arguments[index]!;

    /// <summary>A whole number that may not depend on the input's size.</summary>
    public long Whole(int index) => Constant(Size(index));

    public long[] Wholes(int index) => [.. Sizes(index).Select(Constant)];

    public double Number(int index) => Arguments[index] is double real ? real : Whole(index);

    public bool Flag(int index) => (bool)Arguments[index]!;

    private long Constant(SymbolicSize size) =>
        size.IsConstant ? size.Constant : throw new NotSupportedException($"operator \"{Name}\" takes {size} where ONNX wants a number that does not depend on the input");
}

/// <summary>A tensor of a traced program.</summary>
/// <param name="shape">Null where a size is no <see cref="SymbolicSize"/>.</param>
/// <param name="dtype">Element type.</param>
/// <param name="constant">The elements, if they depend on no input; owned by the program.</param>
/// <param name="source">The tensor of the first trace, for its identity.</param>
internal sealed class TracedValue(IReadOnlyList<SymbolicSize?> shape, ScalarType dtype, Tensor? constant, Tensor source)
{
    public IReadOnlyList<SymbolicSize?> Shape => shape;

    public ScalarType Dtype => dtype;

    public Tensor? Constant => constant;

    public Tensor Source => source;

    public override string ToString() => $"[{string.Join(", ", shape.Select(size => size?.ToString() ?? "?"))}] {dtype}";
}
