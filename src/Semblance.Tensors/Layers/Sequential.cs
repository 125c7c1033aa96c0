namespace Semblance.Tensors.Layers;

/// <summary>Layers that feed one another, named "0", "1" and so on, as in PyTorch; or by given names.</summary>
public sealed class Sequential : Layer
{
    private readonly List<Layer> _layers = [];

    /// <param name="layers">In the order of use; owned from here on.</param>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        foreach (var layer in layers)
        {
            _layers.Add(Register($"{_layers.Count}", layer));
        }
    }

    /// <param name="layers">Names and layers in the order of use; owned from here on.</param>
    public Sequential(params ReadOnlySpan<(string Name, Layer Layer)> layers)
    {
        foreach (var (name, layer) in layers)
        {
            _layers.Add(Register(name, layer));
        }
    }

    public int Count => _layers.Count;

    public Layer this[int index] => _layers[index];

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = input;
        foreach (var layer in _layers)
        {
            x = layer.Forward(x);
        }

        return scope.Keep(x);
    }
}
