using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>A trainable vector for each word piece; in training, a text begins anywhere that it fits.</summary>
/// <remarks>Vectors start at normal(0, 0.02). Starting a text at a random place as Zheng et al. 2020, arXiv 1711.05535, do; theirs are words, ours are word pieces.</remarks>
public sealed class WordVectors : Module, ITextInput
{
    private readonly EmbeddingTable _table;
    private readonly bool _shift;

    /// <param name="vocabulary">Word pieces of the tokenizer.</param>
    /// <param name="width">E.</param>
    /// <param name="paddingIndex">Id of [PAD]; its vector stays 0.</param>
    /// <param name="shift">Whether texts begin at a random place in training.</param>
    public WordVectors(int vocabulary, int width, int paddingIndex = 0, bool shift = true)
    {
        Width = width;
        _shift = shift;
        _table = Register("words", new EmbeddingTable(vocabulary, width, paddingIndex));
        Initialise.Normal(_table.Weight, 0, 0.02);
        using var noGrad = Autograd.NoGrad();
        using var padding = _table.Weight.Narrow(0, paddingIndex, 1);
        Initialise.Zeros(padding);
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public Module Module => this;

    /// <inheritdoc/>
    public Tensor Read(Tensor tokens, Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = new TensorScope();
        var vectors = _table.Forward(tokens) * attention.Unsqueeze(2).To(_table.Weight.Dtype);                     // [B, L, E]
        return scope.Keep(_shift && IsTraining ? Shift(vectors, attention) : vectors)!;
    }

    /// <summary>Moves each text to the right by a number drawn evenly from those that keep it whole.</summary>
    private static Tensor Shift(Tensor vectors, Tensor attention)
    {
        long batch = vectors.Size(0), length = vectors.Size(1);
        var room = length - attention.To(ScalarType.Int64).Sum([1], keepDim: true);                                // [B, 1]
        var offset = (Tensor.Rand([batch, 1], device: vectors.Device) * (room + 1).To(ScalarType.Float32)).Floor().To(ScalarType.Int64).Minimum(room);
        var from = (Tensor.Arange(length, device: vectors.Device).Unsqueeze(0) - offset).Remainder(length);        // what falls off at the end is padding, and 0
        return vectors.Gather(1, from.Unsqueeze(2).Expand(batch, length, vectors.Size(2)));
    }
}
