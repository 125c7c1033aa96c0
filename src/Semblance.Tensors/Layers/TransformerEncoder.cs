namespace Semblance.Tensors.Layers;

/// <summary>Transformer blocks one after the other, and a last normalisation where pre-norm blocks want one. PyTorch's names: layers.N and norm.</summary>
public sealed class TransformerEncoder : Module
{
    /// <param name="blocks">In the order of use; owned from here on.</param>
    /// <param name="norm">After the last block, or null.</param>
    public TransformerEncoder(IEnumerable<TransformerEncoderLayer> blocks, LayerNorm? norm = null)
    {
        Blocks = Register("layers", new ModuleList<TransformerEncoderLayer>(blocks));
        Norm = norm is null ? null : Register("norm", norm);
    }

    public ModuleList<TransformerEncoderLayer> Blocks { get; }

    public LayerNorm? Norm { get; }

    /// <inheritdoc cref="TransformerEncoderLayer.Forward"/>
    public Tensor Forward(Tensor input, Tensor? keyPaddingMask = null)
    {
        using var scope = new TensorScope();
        var x = input;
        foreach (var block in Blocks)
        {
            x = block.Forward(x, keyPaddingMask);
        }

        return scope.Keep(Norm?.Forward(x) ?? x);
    }
}
