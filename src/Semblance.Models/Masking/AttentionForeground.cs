using Semblance.Tensors;

namespace Semblance.Models.Masking;

/// <summary>
/// Provider 3: where an image encoder looks. The mean over heads of the attention from the class token to the patches in the last block, on the clean picture, smoothed 3 x 3 and
/// divided by its maximum. Chosen explicitly: before a fifth of a run from scratch it is noise [decision D11].
/// </summary>
/// <param name="model">A frozen or slowly moving copy in evaluation mode; borrowed.</param>
public sealed class AttentionForeground(Mmet model) : IForegroundProvider
{
    private readonly Lock _gate = new();

    /// <summary>Whether the encoder is good enough to be asked; until then the next provider of the chain is.</summary>
    public bool IsReady { get; set; }

    /// <inheritdoc/>
    public float[]? Locate(ForegroundEvidence evidence, PatchGrid grid)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!IsReady || evidence.Pixels is not { } pixels)
        {
            return null;
        }

        lock (_gate)
        {
            using var nothing = Autograd.NoGrad();
            using var scope = new TensorScope();
            var trace = new Trace();
            model.EncodeImages(Tensor.From(pixels, 1, 3, grid.Height, grid.Width), trace: trace);
            var attention = trace[$"image.block{model.Options.ImageLayers - 1:00}.attention"];               // [1, A, 1 + N, 1 + N]
            var map = attention.Mean(1).Select(1, 0).Narrow(1, 1, grid.Count).Reshape(1, 1, grid.Rows, grid.Columns);
            var padded = Tensor.Ones([1, 1, grid.Rows, grid.Columns]).AvgPool2d([3], [1], [1]);              // smaller at the border, where part of the window is outside
            var smooth = map.AvgPool2d([3], [1], [1]) / padded;
            return (smooth / smooth.Max()).ToArray<float>();
        }
    }
}
