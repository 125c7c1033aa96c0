using Semblance.Models.Backbones;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>Words as a frozen BERT reads them in their sentence: its last hidden states. It is always in evaluation, and takes no gradient.</summary>
/// <remarks>Frozen as in TIPCB (Chen et al. 2021, arXiv 2105.11628) and MANet (Yan et al. 2022, arXiv 2208.14365); recipes name its weights by <c>model.words</c>.</remarks>
public sealed class BertWords : Module, ITextInput
{
    private readonly Bert _bert;

    /// <param name="bert">With the weights that it shall have; becomes a part of this.</param>
    public BertWords(Bert bert)
    {
        ArgumentNullException.ThrowIfNull(bert);
        _bert = Register("bert", bert);
        _bert.RequireGradients(false);
    }

    /// <summary>The BERT itself, which public weights fill.</summary>
    public Bert Bert => _bert;

    /// <inheritdoc/>
    public int Width => _bert.Options.HiddenWidth;

    /// <inheritdoc/>
    public Module Module => this;

    /// <inheritdoc/>
    public Tensor Read(Tensor tokens, Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var noGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        _bert.Eval();
        var states = _bert.Forward(tokens, attention);
        return scope.Keep(states.MaskedFill(attention.LogicalNot().Unsqueeze(2), 0));                              // [B, L, E]
    }
}
