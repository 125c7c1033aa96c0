using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Tests.Backbones;

/// <summary>One file of tests/golden/make_backbones.py: a state dict with the public names, inputs, and the answers of PyTorch's own modules.</summary>
internal sealed class BackboneGolden : IDisposable
{
    private readonly TensorScope _scope = new();
    private readonly Dictionary<string, Tensor> _tensors;

    public BackboneGolden(string name)
    {
        using var file = Safetensors.Open(Golden.File($"backbones/{name}.safetensors"));
        _tensors = file.Names.ToDictionary(key => key, key => file.Load(key, Device.Parse(Golden.DeviceName)), StringComparer.Ordinal);
    }

    public Tensor this[string key] => _tensors[key];

    /// <summary>Every weight, strictly: a name or shape too many or too few fails. Evaluation from here on.</summary>
    public T Load<T>(T module, Func<string, bool>? only = null)
        where T : Module
    {
        module.To(Device.Parse(Golden.DeviceName));
        module.LoadStateDict(_tensors.Where(pair => pair.Key.StartsWith("weight.", StringComparison.Ordinal) && only?.Invoke(pair.Key["weight.".Length..]) != false)
            .ToDictionary(pair => pair.Key["weight.".Length..], pair => pair.Value));
        module.Eval();
        return module;
    }

    /// <summary>Within 1e-4 of the largest value, or of 1: float32 against float64 through a whole network.</summary>
    public void Matches(string key, Tensor actual) =>
        Examples.AssertClose(this[key], actual, 1e-4 * Math.Max(1, this[key].Abs().Max().Item<double>()), key);

    public void Dispose() => _scope.Dispose();
}
