using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Semblance.Tensors.Interop;

/// <summary>
/// One of libtorch's operators, found by name once and called with plain values: <c>Operator.One("softmax.int", x, dim)</c>.
/// Arguments come in the order of the operator's schema; those left out at the end take its defaults.
/// </summary>
internal sealed unsafe class Operator
{
    /// <summary>Words of stack for the lists of one call; a longer one goes to the heap.</summary>
    private const int StackWords = 48;
    private const int Places = 1024;
    private static readonly ConcurrentDictionary<string, Operator> Known = new(StringComparer.Ordinal);
    private static readonly Operator?[] Met = new Operator?[Places];
    private readonly string _name;
    private readonly nint _handle;

    private Operator(string name)
    {
        _name = name;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (plain, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        Native.Check(Native.Find(plain.Contains("::", StringComparison.Ordinal) ? plain : $"aten::{plain}", overload, out _handle), name);
    }

    /// <summary>Calls an operator that gives one tensor.</summary>
    /// <param name="name">The operator's name in ATen with its overload, as in "add.Tensor".</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="TorchException">libtorch refused: the message has the operator, what it was given, and libtorch's words.</exception>
    internal static Tensor One(string name, params ReadOnlySpan<Argument> arguments)
    {
        var tensor = new Tensor(Find(name).Invoke(arguments)[0].Payload);
        OperatorRecording.Current?.Note(name, arguments, tensor);
        return tensor;
    }

    /// <summary>Calls an operator that gives two tensors.</summary>
    internal static (Tensor First, Tensor Second) Two(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = Find(name).Invoke(arguments);
        var (first, second) = (new Tensor(results[0].Payload), new Tensor(results[1].Payload));
        OperatorRecording.Current?.Note(name, arguments, first, second);
        return (first, second);
    }

    /// <summary>Calls an operator that gives a list of tensors, or several of them.</summary>
    internal static Tensor[] Many(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = Find(name).Invoke(arguments);
        var tensors = new Tensor[results.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new(results[i].Payload);
        }

        OperatorRecording.Current?.Note(name, arguments, tensors);
        return tensors;
    }

    /// <summary>Calls an operator for what it does to its first argument.</summary>
    internal static void InPlace(string name, params ReadOnlySpan<Argument> arguments)
    {
        foreach (var result in Find(name).Invoke(arguments))
        {
            if (result.Kind == ValueKind.Tensor)
            {
                Native.Free((nint)result.Payload);
            }
        }

        OperatorRecording.Current?.Note(name, arguments);
    }

    /// <summary>Calls an operator that answers yes or no.</summary>
    internal static bool Yes(string name, params ReadOnlySpan<Argument> arguments)
    {
        var yes = Find(name).Invoke(arguments)[0].Payload != 0;
        OperatorRecording.Current?.Note(name, arguments);
        return yes;
    }

    /// <summary>Callers name operators by literals, and equal literals are one object: an operator that was met is found by that object, without a look at its letters.</summary>
    private static Operator Find(string name)
    {
        ref var met = ref Met[RuntimeHelpers.GetHashCode(name) % Places];
        if (met is { } last && ReferenceEquals(last._name, name))
        {
            return last;
        }

        var found = Known.GetOrAdd(name, static name => new(name));
        met = ReferenceEquals(found._name, name) ? found : met;
        return found;
    }

    /// <returns>The results, in native memory that holds until this thread's next call.</returns>
    [SkipLocalsInit]
    private ReadOnlySpan<NativeValue> Invoke(ReadOnlySpan<Argument> arguments)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Kind < ValueKind.IntegerList ? 0 : argument.Reference switch
            {
                string text => (Encoding.UTF8.GetMaxByteCount(text.Length) / sizeof(long)) + 1,
                Array list => list.Length,
                _ => 0,
            };
        }

        var values = stackalloc NativeValue[arguments.Length];
        var onStack = stackalloc long[StackWords];
        var scratch = words <= StackWords ? onStack : (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        var held = 0;
        try
        {
            var next = scratch;
            for (var i = 0; i < arguments.Length; i++)
            {
                values[i] = Lower(in arguments[i], ref next, ref held);
            }

            var count = Native.Call(_handle, values, arguments.Length, out var results);
            return count >= 0 ? new(results, count) : throw Refusal(arguments);
        }
        finally
        {
            Release(arguments, held);
            if (scratch != onStack)
            {
                NativeMemory.Free(scratch);
            }
        }
    }

    /// <summary>Writes one argument as native code reads it; every tensor named is held until <see cref="Release"/>.</summary>
    private static NativeValue Lower(ref readonly Argument argument, ref long* next, ref int held)
    {
        var value = new NativeValue { Kind = argument.Kind, Length = argument.Index, Payload = argument.Payload };
        if (argument.Kind == ValueKind.Tensor)
        {
            value.Payload = Hold((Tensor)argument.Reference!, ref held);
            return value;
        }

        switch (argument.Reference)
        {
            case null:
                break;
            case Tensor?[] tensors:
                value.Payload = (long)next;
                value.Length = tensors.Length;
                foreach (var tensor in tensors)
                {
                    *next++ = tensor is null ? 0 : Hold(tensor, ref held);
                }

                break;
            case string text:
                value.Payload = (long)next;
                value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(next, Encoding.UTF8.GetMaxByteCount(text.Length)));
                next += (Encoding.UTF8.GetMaxByteCount(text.Length) / sizeof(long)) + 1;
                break;
            case long[] list:
                value.Payload = (long)next;
                value.Length = list.Length;
                list.CopyTo(new Span<long>(next, list.Length));
                next += list.Length;
                break;
            case double[] list:
                value.Payload = (long)next;
                value.Length = list.Length;
                list.CopyTo(new Span<double>(next, list.Length));
                next += list.Length;
                break;
        }

        return value;
    }

    private static nint Hold(Tensor tensor, ref int held)
    {
        var taken = false;
        tensor.Handle.DangerousAddRef(ref taken);
        held++;
        return tensor.Handle.DangerousGetHandle();
    }

    /// <summary>Lets go of the first <paramref name="held"/> tensors, in the order in which they were taken.</summary>
    private static void Release(ReadOnlySpan<Argument> arguments, int held)
    {
        for (var i = 0; held > 0; i++)
        {
            switch (arguments[i].Reference)
            {
                case Tensor tensor:
                    tensor.Handle.DangerousRelease();
                    held--;
                    break;
                case Tensor?[] tensors:
                    foreach (var tensor in tensors)
                    {
                        if (tensor is not null && held > 0)
                        {
                            tensor.Handle.DangerousRelease();
                            held--;
                        }
                    }

                    break;
            }
        }
    }

    private TorchException Refusal(ReadOnlySpan<Argument> arguments)
    {
        var reason = Native.Error();  // before the description below asks libtorch for shapes
        var given = new List<string>(arguments.Length);
        foreach (ref readonly var argument in arguments)
        {
            given.Add(argument.ToString());
        }

        return new TorchException(_name, string.Join(", ", given), reason);
    }
}
