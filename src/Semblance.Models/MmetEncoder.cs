using Semblance.Core;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>A trained MMET as the rest of Semblance uses it.</summary>
public sealed class MmetEncoder : TorchEncoder
{
    /// <summary>Wraps a model and moves it to the options' device.</summary>
    /// <param name="model">Evaluated, never trained; its mode is put back after each call.</param>
    /// <param name="tokenizer">The vocabulary that the model was trained with.</param>
    /// <param name="options">Batch size, precision, device.</param>
    /// <param name="ownsModel">Whether disposing the encoder disposes the model; false borrows a model that goes on training.</param>
    /// <exception cref="ArgumentException">The vocabulary's size does not fit the model.</exception>
    public MmetEncoder(MmetIdentification model, ITokenizer tokenizer, EncoderOptions? options = null, bool ownsModel = true)
        : base(model, model?.Model.Options!, tokenizer, options, ownsModel) => Model = model!;

    /// <summary>The network.</summary>
    public MmetIdentification Model { get; }

    /// <inheritdoc/>
    public override string Method => "mmet";

    /// <inheritdoc/>
    public override int Width(EmbeddingSpace space) => Model.Model.Options.HiddenWidth;

    /// <inheritdoc/>
    public override Tensor ExplainedFeature(Tensor images, EmbeddingSpace space, string? text, Trace? trace, bool unit)
    {
        var (tokens, attention) = text is null ? (null, null) : ((Tensor?, Tensor?))Tokens([text], 0, 1);
        return Model.Features(space, images, tokens, attention, trace, unit);
    }

    /// <inheritdoc/>
    /// <remarks>The first layer norm of the image encoder's last block; for the fusion's feature, where the picture's states leave that encoder.</remarks>
    public override (string Name, PatchGrid Grid) ExplainedLayer(EmbeddingSpace space) =>
        (space == EmbeddingSpace.Pair ? "image.last" : $"image.block{Model.Model.Options.ImageLayers - 1:00}.norm1", Model.Model.Options.Grid);

    /// <inheritdoc/>
    public override IReadOnlyList<string> AttentionLayers => [.. Enumerable.Range(0, Model.Model.Options.ImageLayers).Select(i => $"image.block{i:00}.attention")];

    /// <inheritdoc/>
    /// <remarks>Classifiers over the training people are left behind.</remarks>
    public override Fingerprint Export(string directory, string licence, bool half)
    {
        using var bare = MmetModelFile.WithoutClassifiers(Model);
        return MmetModelFile.Save(directory, bare, Tokenizer, licence, half);
    }

    internal override IReadOnlyList<EmbeddingSpace> PictureSpaces => [EmbeddingSpace.Image, EmbeddingSpace.Joint];

    internal override IReadOnlyList<EmbeddingSpace> TextSpaces => [EmbeddingSpace.Text, EmbeddingSpace.Joint];

    internal override IReadOnlyList<Tensor> PictureFeatures(IReadOnlyList<EmbeddingSpace> spaces, Tensor images) => Model.PictureFeatures(spaces, images);

    internal override Tensor TextFeatures(EmbeddingSpace space, Tensor tokens, Tensor attention) => Model.Features(space, tokens: tokens, attention: attention);

    private protected override Tensor PairFeatures(Tensor images, Tensor tokens, Tensor attention) => Model.Features(EmbeddingSpace.Pair, images, tokens, attention);

    private protected override Fingerprint ComputeFingerprint() => MmetModelFile.FingerprintOf(Model, Preprocessing, Tokenizer);
}
