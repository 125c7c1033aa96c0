using System.Numerics;
using Semblance.Core.Safetensors;

namespace Semblance.Core.Checkpoints;

/// <summary>
/// The names that a checkpoint may use, and what each stands for here. Everything else is refused by its name: in Python, unpickling an unknown name runs whatever code stands behind it.
/// </summary>
/// <param name="isScript">Whether the file is a TorchScript archive, whose modules are objects of classes under <c>__torch__</c>; their attributes are read as a dictionary, their code is not.</param>
internal sealed class TorchGlobals(bool isScript)
{
    private const string ScriptClasses = "__torch__";
    private const string ScriptHelpers = "torch.jit._pickle";

    private static readonly Dictionary<string, SafetensorsDtype> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = SafetensorsDtype.F32,
        ["DoubleStorage"] = SafetensorsDtype.F64,
        ["HalfStorage"] = SafetensorsDtype.F16,
        ["BFloat16Storage"] = SafetensorsDtype.BF16,
        ["LongStorage"] = SafetensorsDtype.I64,
        ["IntStorage"] = SafetensorsDtype.I32,
        ["ShortStorage"] = SafetensorsDtype.I16,
        ["CharStorage"] = SafetensorsDtype.I8,
        ["ByteStorage"] = SafetensorsDtype.U8,
        ["BoolStorage"] = SafetensorsDtype.Bool,
    };

    private readonly List<TorchStorage> _seen = [];

    /// <summary>Every storage that was referred to, in that order.</summary>
    public IReadOnlyList<TorchStorage> Seen => _seen;

    /// <summary>The name as a value of the machine, or why it is refused.</summary>
    public (object? Value, string? Problem) Find(string module, string name)
    {
        var isKnown = (module, name) switch
        {
            ("collections", "OrderedDict") or ("torch", "Size") => true,
            ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor" or "_rebuild_parameter") => true,
            ("torch.nn.parameter", "Parameter") => true,
            ("torch", _) => Storages.ContainsKey(name),
            (ScriptHelpers, "build_intlist" or "build_doublelist" or "build_boollist" or "build_tensorlist" or "restore_type_tag") => isScript,
            _ => isScript && module.StartsWith(ScriptClasses, StringComparison.Ordinal) && (module.Length == ScriptClasses.Length || module[ScriptClasses.Length] == '.'),
        };
        return isKnown
            ? (new PickleGlobal(module, name), null)
            : (null, $"the checkpoint asks for \"{module}.{name}\", which in Python would run code; only tensors, numbers, text and plain containers are read. "
                + "Where you trust the file, save its weights alone: torch.save(model.state_dict(), path)");
    }

    /// <summary>What PyTorch's function of this name would give.</summary>
    public static (object? Value, string? Problem) Call(PickleGlobal function, object?[] arguments) => (function.Name, arguments) switch
    {
        ("OrderedDict", []) => (new PickleDictionary(), null),
        ("OrderedDict", [List<object?> pairs]) => Dictionary(pairs),
        ("Size", [object?[] sizes]) => (sizes, null),
        ("_rebuild_tensor_v2" or "_rebuild_tensor", [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]) => View(storage, offset, shape, strides),
        ("_rebuild_parameter" or "Parameter", [TorchView tensor, ..]) => (tensor, null),    // the second before PyTorch 0.4
        ("build_intlist" or "build_doublelist" or "build_boollist" or "build_tensorlist" or "restore_type_tag", [var value, ..]) when function.Module == ScriptHelpers => (value, null),
        _ => (null, $"the checkpoint calls {function} with {arguments.Length} arguments that do not fit it: the file is damaged, or of a PyTorch that this reader does not know"),
    };

    /// <summary>An empty object of a class: only TorchScript modules are made so.</summary>
    public static (object? Value, string? Problem) New(PickleGlobal type) => type.Module.StartsWith(ScriptClasses, StringComparison.Ordinal)
        ? (new PickleDictionary { IsRecord = true }, null)
        : (null, $"the checkpoint makes an object of {type}, expected only modules of a TorchScript archive to be made so");

    /// <summary>The storage that a persistent id names: <c>("storage", type, key, device, count)</c>, in the older format with a sixth entry.</summary>
    public (object? Value, string? Problem) Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal { Module: "torch" } type, string key, string, long count, ..] || !Storages.TryGetValue(type.Name, out var dtype))
        {
            return (null, "the checkpoint refers to data by something other than (\"storage\", type, key, device, count): the file is damaged, or of a PyTorch that this reader does not know");
        }

        if (parts is [_, _, _, _, _, not null])
        {
            return (null, $"storage \"{key}\" is part of another one, as PyTorch before 0.4 wrote: load the checkpoint and save it again with a newer PyTorch");
        }

        if (count < 0 || (Int128)count * dtype.ByteSize() > long.MaxValue)
        {
            return (null, $"storage \"{key}\" claims {count} elements");
        }

        var storage = new TorchStorage(key, dtype, count);
        _seen.Add(storage);
        return (storage, null);
    }

    private static (object? Value, string? Problem) Dictionary(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
        {
            switch (pair)
            {
                case object?[] { Length: 2 } tuple:
                    dictionary.Items.Add((tuple[0], tuple[1]));
                    break;
                case List<object?> { Count: 2 } list:
                    dictionary.Items.Add((list[0], list[1]));
                    break;
                default:
                    return (null, "the checkpoint makes an OrderedDict of something other than pairs");
            }
        }

        return (dictionary, null);
    }

    private static (object? Value, string? Problem) View(TorchStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (!shape.All(size => size is long) || !strides.All(stride => stride is long))
        {
            return (null, $"a tensor in storage \"{storage.Key}\" has sizes or strides that are no whole numbers of 64 bits{(shape.Concat(strides).Any(n => n is BigInteger) ? " but larger" : "")}");
        }

        var view = new TorchView(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
        return view.Fault is { } fault ? (null, $"a tensor {fault}") : (view, null);
    }
}
