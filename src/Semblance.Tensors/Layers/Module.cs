using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Layers;

/// <summary>
/// A part of a network that owns parameters (trained), buffers (kept, not trained) and other modules, all by name.
/// Names join with dots and equal PyTorch's, so that state dicts pass between the two.
/// </summary>
/// <remarks>A module owns what it registers, outside any <see cref="TensorScope"/>, and frees it when disposed.</remarks>
public abstract class Module : IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _parameters = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Tensor> _buffers = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Module> _modules = new(StringComparer.Ordinal);

    /// <summary>Whether dropout drops and batch normalisation uses and learns from its batch; true at first.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The parameters of this module and those within, each once even where two modules share it.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(pair => pair.Tensor);

    /// <summary>As <see cref="Parameters"/>, with names such as "layers.0.norm1.weight".</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedParameters() => Named(module => module._parameters).DistinctBy(pair => pair.Tensor);

    /// <summary>What is kept but not trained, as running means.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> NamedBuffers() => Named(module => module._buffers).DistinctBy(pair => pair.Tensor);

    /// <summary>The modules within at any depth, parents first; not this one.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules()
    {
        foreach (var (name, child) in _modules)
        {
            yield return (name, child);
            foreach (var (inner, module) in child.NamedModules())
            {
                yield return ($"{name}.{inner}", module);
            }
        }
    }

    /// <summary>Everything that a checkpoint holds, in PyTorch's order. The tensors are the module's own: borrowed, and changed by training.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        Collect(state, "");
        return state;
    }

    /// <summary>Copies values into the parameters and buffers, casting and moving them as needed. Nothing is copied unless everything fits.</summary>
    /// <param name="state">Borrowed.</param>
    /// <param name="strict">Whether a missing or unexpected name is an error; a shape that differs always is.</param>
    /// <returns>The names that were missing and unexpected; both empty when strict.</returns>
    /// <exception cref="StateDictException">The dictionary does not fit; it lists every missing and unexpected name and every shape that differs.</exception>
    public (IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) LoadStateDict(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = StateDict();
        string[] missing = [.. own.Keys.Where(name => !state.ContainsKey(name))];
        string[] unexpected = [.. state.Keys.Where(name => !own.ContainsKey(name))];
        (string, long[], long[])[] misshapen =
            [.. own.Where(pair => state.TryGetValue(pair.Key, out var given) && !given.Shape.SequenceEqual(pair.Value.Shape)).Select(pair => (pair.Key, state[pair.Key].Shape, pair.Value.Shape))];
        if (misshapen.Length > 0 || (strict && missing.Length + unexpected.Length > 0))
        {
            throw new StateDictException(GetType().Name, strict ? missing : [], strict ? unexpected : [], misshapen);
        }

        foreach (var (name, tensor) in own)
        {
            if (state.TryGetValue(name, out var given))
            {
                tensor.CopyFrom(given);
            }
        }

        return (missing, unexpected);
    }

    /// <summary>Switches this module and those within to training, or with false to evaluation.</summary>
    public void Train(bool training = true)
    {
        IsTraining = training;
        foreach (var module in _modules.Values)
        {
            module.Train(training);
        }
    }

    /// <summary>Switches to evaluation: nothing is left to chance and nothing is learnt.</summary>
    public void Eval() => Train(false);

    /// <summary>Freezes every parameter, or with true lets it be trained again.</summary>
    public void RequireGradients(bool required)
    {
        foreach (var parameter in Parameters())
        {
            parameter.RequiresGrad = required;
        }
    }

    /// <summary>Moves parameters and buffers; the tensors stay the same objects, so an optimiser made before goes on working.</summary>
    public void To(Device device) => Replace(tensor => tensor.To(device));

    /// <summary>Casts floating-point parameters and buffers; counters stay whole numbers.</summary>
    public void To(ScalarType dtype) => Replace(tensor => tensor.Dtype.IsFloatingPoint() ? tensor.To(dtype) : tensor);

    /// <summary>Frees parameters, buffers and the modules within.</summary>
    public virtual void Dispose()
    {
        foreach (var tensor in _parameters.Values.Concat(_buffers.Values))
        {
            tensor.Dispose();
        }

        foreach (var module in _modules.Values)
        {
            module.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a module in under a name; its parameters appear as "name.weight" and so on.</summary>
    /// <returns>The same module.</returns>
    protected T Register<T>(string name, T module)
        where T : Module
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(module);
        _modules.Add(name, module);
        return module;
    }

    /// <summary>Takes a floating-point tensor in as a trained parameter, out of any scope.</summary>
    /// <returns>The same tensor, which now requires a gradient.</returns>
    protected Tensor RegisterParameter(string name, Tensor parameter)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.RequiresGrad = true;
        _parameters.Add(name, TensorScope.Release(parameter));
        return parameter;
    }

    /// <summary>Takes a tensor in that is saved with the module but not trained, out of any scope.</summary>
    /// <returns>The same tensor.</returns>
    protected Tensor RegisterBuffer(string name, Tensor buffer)
    {
        CheckName(name);
        _buffers.Add(name, TensorScope.Release(buffer));
        return buffer;
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('.', StringComparison.Ordinal) || _parameters.ContainsKey(name) || _buffers.ContainsKey(name) || _modules.ContainsKey(name))
        {
            throw new ArgumentException($"{GetType().Name} cannot register \"{name}\": the name is taken or holds a dot", nameof(name));
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> Named(Func<Module, OrderedDictionary<string, Tensor>> own) =>
        own(this).Select(pair => (pair.Key, pair.Value))
            .Concat(_modules.SelectMany(child => child.Value.Named(own).Select(pair => ($"{child.Key}.{pair.Name}", pair.Tensor))));

    private void Collect(OrderedDictionary<string, Tensor> state, string prefix)
    {
        foreach (var (name, tensor) in _parameters.Concat(_buffers))
        {
            state.Add(prefix + name, tensor);
        }

        foreach (var (name, module) in _modules)
        {
            module.Collect(state, $"{prefix}{name}.");
        }
    }

    private void Replace(Func<Tensor, Tensor> convert)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var tensor in StateDict().Values.Distinct())
        {
            using var scope = new TensorScope();
            tensor.Grad = null;
            Operator.InPlace("set_data", tensor, convert(tensor));
        }
    }
}
