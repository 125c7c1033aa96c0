using Semblance.Tensors.Layers;

namespace Semblance.Tensors.Tests;

/// <summary>One golden file of tests/golden/make_layers.py, and the comparison of our answers with PyTorch's.</summary>
internal sealed class GoldenCase : IDisposable
{
    private readonly IReadOnlyDictionary<string, Tensor> _tensors;
    private readonly string _name;

    public GoldenCase(string name)
    {
        _name = name;
        using var file = Safetensors.Open(Golden.File($"layers/{name}.safetensors"));
        Metadata = file.Metadata;
        _tensors = file.Names.ToDictionary(key => key, key => TensorScope.Release(file.Load(key, Device.Parse(Golden.DeviceName))));
    }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IEnumerable<string> Names => _tensors.Keys;

    public Tensor this[string key] => _tensors[key];

    public bool Has(string key) => _tensors.ContainsKey(key);

    /// <summary>The tensors under a prefix, without it.</summary>
    public Dictionary<string, Tensor> Under(string prefix) =>
        _tensors.Where(pair => pair.Key.StartsWith(prefix)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    /// <summary>Loads the module, runs it on the inputs, and compares every output, gradient and buffer.</summary>
    /// <param name="module">With the golden file's names; null for a function without parameters.</param>
    /// <param name="forward">Inputs by name to outputs by name.</param>
    public void Check(Module? module, Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>> forward)
    {
        using var scope = new TensorScope();
        module?.To(Device.Parse(Golden.DeviceName));
        module?.LoadStateDict(Under("parameter.").Concat(Under("buffer.")).ToDictionary());
        var inputs = Under("input.");
        foreach (var input in inputs.Values.Where(input => input.Dtype == ScalarType.Float32))
        {
            input.RequiresGrad = true;
        }

        var outputs = forward(inputs);
        Assert.Equal(Under("output.").Keys.Order(), outputs.Keys.Order());
        var sum = Tensor.Scalar(0);
        foreach (var (key, output) in outputs)
        {
            AssertClose($"output.{key}", output);
            sum += (output * this[$"upstream.{key}"]).Sum();
        }

        sum.Backward();
        foreach (var (key, input) in inputs.Where(pair => pair.Value.RequiresGrad))
        {
            AssertClose($"gradient.{key}", input.Grad);
        }

        foreach (var (key, parameter) in module?.NamedParameters() ?? [])
        {
            AssertClose($"gradient.parameter.{key}", parameter.Grad);
        }

        foreach (var (key, buffer) in module?.NamedBuffers() ?? [])
        {
            AssertClose($"after.{key}", buffer);
        }
    }

    /// <summary>Compares with relative tolerance 1e-5 and absolute 2e-6: the rounding of float32 in sums of a few hundred terms; other orders of summing on other devices get ten times that.</summary>
    public void AssertClose(string key, Tensor? actual, double relative = 1e-5, double absolute = 2e-6)
    {
        var slack = Golden.DeviceName == "cpu" ? 1 : 10;
        (relative, absolute) = (relative * slack, absolute * slack);
        Assert.True(actual is not null, $"{_name}: {key} is not there");
        Assert.True(_tensors.ContainsKey(key), $"{_name}: the golden file has no {key}");
        Assert.Equal(this[key].Shape, actual.Shape);
        double[] expected = this[key].ToArray<double>(), found = actual.ToArray<double>();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(found[i] - expected[i]) <= absolute + (relative * Math.Abs(expected[i])),
                $"{_name}: {key}[{i}] is {found[i]:R}, PyTorch says {expected[i]:R}");
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
