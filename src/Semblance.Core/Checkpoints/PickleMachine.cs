using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Semblance.Core.Checkpoints;

/// <summary>A name that a pickle asks for; what it stands for is decided by <see cref="TorchGlobals"/>, never by loading code.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>Keys and values in the order in which they were set; also the attributes of a TorchScript module.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];

    /// <summary>True for the attributes of an object, which a pickle sets after making it.</summary>
    public bool IsRecord { get; init; }
}

/// <summary>
/// Interprets a pickle as data: numbers, strings, containers, and the few names that <see cref="TorchGlobals"/> knows. A pickle is a program for a stack machine; this machine has
/// no instruction that could import or call anything else.
/// </summary>
/// <remarks>
/// Source: CPython's <c>Lib/pickletools.py</c>, protocols 2 to 5. Tuples are <c>object?[]</c>, lists and sets <c>List&lt;object?&gt;</c>, whole numbers <c>long</c>, or
/// <c>BigInteger</c> where that is too narrow. Operations, stack and bytes are bounded, so hostile input ends in an error and not in a full memory.
/// </remarks>
internal sealed class PickleMachine
{
    private const int MaxOperations = 8_000_000;
    private const int MaxStack = 1_000_000;
    private const int MaxCopies = 8_000_000;
    private const int MaxNumberBytes = 256;

    private readonly byte[] _bytes;
    private readonly long _start;
    private readonly string _path;
    private readonly TorchGlobals _globals;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;
    private int _opcodeAt;
    private long _copied;

    private PickleMachine(byte[] bytes, int at, long start, string path, TorchGlobals globals)
    {
        (_bytes, _at, _start, _path, _globals) = (bytes, at, start, path, globals);
    }

    /// <summary>Interprets one pickle.</summary>
    /// <param name="bytes">Holds the pickle from <paramref name="at"/> on, perhaps with more behind.</param>
    /// <param name="at">Where it starts; afterwards where it ended.</param>
    /// <param name="start">Position of the first byte in the file, for errors.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="globals">What names stand for.</param>
    /// <exception cref="SemblanceFormatException">The pickle is cut off, asks for an unknown name or operation, or is larger than any checkpoint.</exception>
    public static object? Run(byte[] bytes, ref int at, long start, string path, TorchGlobals globals)
    {
        var machine = new PickleMachine(bytes, at, start, path, globals);
        var result = machine.Run();
        at = machine._at;
        return result;
    }

    private object? Run()
    {
        for (var operation = 0; operation < MaxOperations; operation++)
        {
            _opcodeAt = _at;
            var opcode = Byte();
            if (opcode == (byte)'.')
            {
                return Pop();
            }

            Step(opcode);
            if (_stack.Count > MaxStack)
            {
                throw Fault($"the pickle stacks more than {MaxStack} values: no checkpoint needs that");
            }
        }

        throw Fault($"the pickle has more than {MaxOperations} operations: no checkpoint needs that");
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:                                                                              // PROTO
                if (Byte() is var protocol and (< 2 or > 5))
                {
                    throw Fault($"the pickle has protocol {protocol}, expected 2 to 5");
                }

                break;
            case 0x95: Skip(sizeof(long)); break;                                                   // FRAME: how much to read ahead
            case (byte)'(': _marks.Add(_stack.Count); break;                                        // MARK
            case (byte)'0': Pop(); break;                                                           // POP
            case (byte)'1': PopToMark(); break;                                                     // POP_MARK
            case (byte)'2': Push(Peek()); break;                                                    // DUP

            case (byte)'N': Push(null); break;                                                      // NONE
            case 0x88: Push(true); break;                                                           // NEWTRUE
            case 0x89: Push(false); break;                                                          // NEWFALSE
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;     // BININT
            case (byte)'K': Push((long)Byte()); break;                                              // BININT1
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;    // BININT2
            case 0x8a: PushNumber(Byte()); break;                                                   // LONG1
            case 0x8b: PushNumber(Length4()); break;                                                // LONG4
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;             // BINFLOAT

            case (byte)'X': PushText(Length4()); break;                                             // BINUNICODE
            case 0x8c: PushText(Byte()); break;                                                     // SHORT_BINUNICODE
            case 0x8d: PushText(Length8()); break;                                                  // BINUNICODE8
            case (byte)'T': PushText(Length4()); break;                                             // BINSTRING, text of Python 2
            case (byte)'U': PushText(Byte()); break;                                                // SHORT_BINSTRING
            case (byte)'B': Push(Take(Length4()).ToArray()); break;                                 // BINBYTES
            case (byte)'C': Push(Take(Byte()).ToArray()); break;                                    // SHORT_BINBYTES
            case 0x8e: Push(Take(Length8()).ToArray()); break;                                      // BINBYTES8

            case (byte)']': Push(new List<object?>()); break;                                       // EMPTY_LIST
            case 0x8f: Push(new List<object?>()); break;                                            // EMPTY_SET
            case (byte)'l': Push(PopToMark().ToList()); break;                                      // LIST
            case 0x91: Push(PopToMark().ToList()); break;                                           // FROZENSET
            case (byte)'a': Append([Pop()]); break;                                                 // APPEND
            case (byte)'e': Append(PopToMark()); break;                                             // APPENDS
            case 0x90: Append(PopToMark()); break;                                                  // ADDITEMS
            case (byte)')': Push(Array.Empty<object?>()); break;                                    // EMPTY_TUPLE
            case 0x85: Push(PopMany(1)); break;                                                     // TUPLE1
            case 0x86: Push(PopMany(2)); break;                                                     // TUPLE2
            case 0x87: Push(PopMany(3)); break;                                                     // TUPLE3
            case (byte)'t': Push(PopToMark()); break;                                               // TUPLE
            case (byte)'}': Push(new PickleDictionary()); break;                                    // EMPTY_DICT
            case (byte)'d':                                                                         // DICT
                var pairs = PopToMark();
                Push(new PickleDictionary());
                SetItems(pairs);
                break;
            case (byte)'s': SetItems(PopMany(2)); break;                                            // SETITEM
            case (byte)'u': SetItems(PopToMark()); break;                                           // SETITEMS

            case (byte)'q': _memo[Byte()] = Peek(); break;                                          // BINPUT
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;  // LONG_BINPUT
            case 0x94: _memo[_memo.Count] = Peek(); break;                                          // MEMOIZE
            case (byte)'h': PushMemo(Byte()); break;                                                // BINGET
            case (byte)'j': PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;      // LONG_BINGET

            case (byte)'c': PushGlobal(Line(), Line()); break;                                      // GLOBAL
            case 0x93:                                                                              // STACK_GLOBAL
                PushGlobal(PopMany(2) is [string module, string name] ? (module, name) : throw Fault("the pickle names a global by something other than two texts"));
                break;
            case (byte)'Q': Push(Told(_globals.Storage(Pop()))); break;                             // BINPERSID
            case (byte)'R':                                                                         // REDUCE
                Push(PopMany(2) is [PickleGlobal function, object?[] arguments]
                    ? Told(TorchGlobals.Call(function, Charged(arguments)))
                    : throw Fault("the pickle calls something other than a name with a tuple of arguments"));
                break;
            case 0x81:                                                                              // NEWOBJ
                Push(PopMany(2) is [PickleGlobal type, object?[]]
                    ? Told(TorchGlobals.New(type))
                    : throw Fault("the pickle makes an object of something other than a name with a tuple of arguments"));
                break;
            case (byte)'b': Build(Pop()); break;                                                    // BUILD
            default:
                throw Fault($"the pickle has operation 0x{opcode:x2}, which no state dict needs and this reader does not know: save the checkpoint again with torch.save(model.state_dict(), path)");
        }
    }

    /// <summary>Attributes of TorchScript modules are kept; what torch hangs on an OrderedDict (version numbers) is not.</summary>
    private void Build(object? state)
    {
        if (Peek() is PickleDictionary { IsRecord: true } record)
        {
            var attributes = state as PickleDictionary ?? throw Fault("the pickle sets the attributes of an object by something other than a dictionary");
            Charge(attributes.Items.Count);
            record.Items.AddRange(attributes.Items);
        }
        else if (Peek() is not PickleDictionary)
        {
            throw Fault("the pickle sets attributes of something that has none");
        }
    }

    private object?[] Charged(object?[] arguments)
    {
        Charge(arguments.Sum(argument => argument is List<object?> list ? list.Count : argument is object?[] tuple ? tuple.Length : 0L));
        return arguments;
    }

    /// <summary>A container that is copied again and again, or into itself, would grow without many operations.</summary>
    private void Charge(long count)
    {
        _copied += count;
        if (_copied > MaxCopies)
        {
            throw Fault($"the pickle copies more than {MaxCopies} values: no checkpoint needs that");
        }
    }

    private void Append(object?[] values)
    {
        if (Peek() is not List<object?> list)
        {
            throw Fault("the pickle appends to something that is no list");
        }

        list.AddRange(values);
    }

    private void SetItems(object?[] values)
    {
        if (Peek() is not PickleDictionary dictionary || values.Length % 2 != 0)
        {
            throw Fault("the pickle sets items of something that is no dictionary, or keys without values");
        }

        for (var i = 0; i < values.Length; i += 2)
        {
            dictionary.Items.Add((values[i], values[i + 1]));
        }
    }

    private void PushGlobal(string module, string name) => PushGlobal((module, name));

    private void PushGlobal((string Module, string Name) named) => Push(Told(_globals.Find(named.Module, named.Name)));

    private void PushMemo(long index) => Push(_memo.TryGetValue(index, out var value) ? value : throw Fault($"the pickle reads memo {index}, which it never wrote"));

    private void PushNumber(int length)
    {
        if (length > MaxNumberBytes)
        {
            throw Fault($"the pickle holds a number of {length} bytes, expected at most {MaxNumberBytes}");
        }

        var number = new BigInteger(Take(length));
        Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number);
    }

    private void PushText(int length) => Push(Encoding.UTF8.GetString(Take(length)));

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Fault("the pickle takes a value from an empty stack");

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Floor)
        {
            throw Fault($"the pickle takes {count} values where the stack has {_stack.Count - Floor}");
        }

        object?[] values = [.. CollectionsMarshal.AsSpan(_stack)[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Fault("the pickle closes a container that it never opened");
        }

        var values = PopMany(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private byte Byte() => Take(1)[0];

    private int Length4() => Length(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private int Length8() => Length(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    private int Length(ulong claimed) => claimed <= (ulong)(_bytes.Length - _at) ? (int)claimed : throw Fault($"the pickle claims {claimed} bytes but {_bytes.Length - _at} follow: it is cut off");

    private void Skip(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Fault("the pickle is cut off");
        }

        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_at).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Fault("the pickle is cut off inside a name");
        }

        var text = Encoding.UTF8.GetString(Take(length));
        Skip(1);
        return text;
    }

    /// <summary>A value, or the reason why there is none as an error at this place.</summary>
    private object? Told((object? Value, string? Problem) answer) => answer.Problem is null ? answer.Value : throw Fault(answer.Problem);

    private SemblanceFormatException Fault(string problem) => new(_path, problem, _start + _opcodeAt);
}
