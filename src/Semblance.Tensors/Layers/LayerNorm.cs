namespace Semblance.Tensors.Layers;

/// <summary>Normalises each vector of the last dimension: <c>(x - mean) / √(variance + epsilon) · weight + bias</c>, <c>[..., D] -> [..., D]</c>.</summary>
public sealed class LayerNorm : Layer
{
    private readonly double _epsilon;

    /// <param name="width">D.</param>
    /// <param name="epsilon">Added to the variance; vision transformers and BERT use 1e-6 and 1e-12.</param>
    public LayerNorm(int width, double epsilon = 1e-5)
    {
        _epsilon = epsilon;
        Weight = RegisterParameter("weight", Tensor.Ones([width]));
        Bias = RegisterParameter("bias", Tensor.Zeros([width]));
    }

    /// <summary>Scale <c>[D]</c>, ones at first.</summary>
    public Tensor Weight { get; }

    /// <summary>Shift <c>[D]</c>, zeros at first.</summary>
    public Tensor Bias { get; }

    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.LayerNorm(Weight, Bias, _epsilon);
    }
}
