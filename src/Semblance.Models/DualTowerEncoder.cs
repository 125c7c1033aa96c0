using Semblance.Core;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>A trained network with two towers as the rest of Semblance uses it. Pictures and words live in one space, which Image, Text and Joint all name.</summary>
public sealed class DualTowerEncoder : TorchEncoder
{
    private readonly DualTower _tower;
    private readonly DualTowerMethod _method;

    /// <param name="method">Of the network.</param>
    /// <param name="tower">Evaluated, never trained.</param>
    /// <param name="options">Those that it was made from.</param>
    /// <param name="tokenizer">The vocabulary that it was trained with.</param>
    /// <param name="run">Batch size, precision, device.</param>
    /// <param name="ownsTower">Whether disposing the encoder disposes the network.</param>
    /// <exception cref="ArgumentException">The vocabulary's size does not fit.</exception>
    public DualTowerEncoder(DualTowerMethod method, DualTower tower, MethodOptions options, ITokenizer tokenizer, EncoderOptions? run = null, bool ownsTower = true)
        : base(tower, options, tokenizer, run, ownsTower)
    {
        ArgumentNullException.ThrowIfNull(method);
        (_method, _tower) = (method, tower);
    }

    /// <inheritdoc/>
    public override string Method => _method.Name;

    /// <inheritdoc/>
    public override int Width(EmbeddingSpace space) => _tower.Width;

    /// <inheritdoc/>
    public override Tensor ExplainedFeature(Tensor images, EmbeddingSpace space, string? text, Trace? trace, bool unit)
    {
        if (text is not null)
        {
            throw PairsHaveNoSpace();
        }

        var feature = _tower.PictureFeature(images, trace);
        return unit ? Unit(feature) : feature.To(ScalarType.Float32);
    }

    /// <inheritdoc/>
    public override (string Name, PatchGrid Grid) ExplainedLayer(EmbeddingSpace space)
    {
        var (rows, columns) = _tower.MapSize;
        var cell = Preprocessing.Height / rows;
        return Preprocessing.Width / columns == cell
            ? (DualTower.PictureMap, new PatchGrid(Preprocessing.Height, Preprocessing.Width, cell, cell))
            : throw new NotSupportedException($"a map of {rows}x{columns} over a picture of {Preprocessing.Height}x{Preprocessing.Width} has cells that are not square");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> AttentionLayers => _tower.AttentionLayers;

    /// <inheritdoc/>
    public override Fingerprint Export(string directory, string licence, bool half) => DualTowerFile.Save(directory, _method, _tower, Options, Tokenizer, licence, half);

    /// <summary>Whether weights of this network fit one of these options.</summary>
    public bool IsLike(DualTowerMethod method, MethodOptions options) => method == _method && ModelFolder.ToJson(options).GetRawText() == ModelFolder.ToJson(Options).GetRawText();

    /// <summary>Copies the weights into another network of the same options.</summary>
    /// <exception cref="Tensors.Layers.StateDictException">It is of another architecture.</exception>
    public void CopyTo(DualTower other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.LoadStateDict(_tower.StateDict());
    }

    internal override IReadOnlyList<EmbeddingSpace> PictureSpaces => [EmbeddingSpace.Joint];

    internal override IReadOnlyList<EmbeddingSpace> TextSpaces => [EmbeddingSpace.Joint];

    internal override IReadOnlyList<Tensor> PictureFeatures(IReadOnlyList<EmbeddingSpace> spaces, Tensor images)
    {
        foreach (var space in spaces.Where(space => space is not (EmbeddingSpace.Image or EmbeddingSpace.Joint)))
        {
            throw new ArgumentException($"pictures alone have no place in the {space} space: expected Image or Joint", nameof(spaces));
        }

        var feature = Unit(_tower.PictureFeature(images));
        return [.. spaces.Select(_ => feature)];
    }

    internal override Tensor TextFeatures(EmbeddingSpace space, Tensor tokens, Tensor attention) => space is EmbeddingSpace.Text or EmbeddingSpace.Joint
        ? Unit(_tower.TextFeature(tokens, attention))
        : throw new ArgumentException($"words alone have no place in the {space} space: expected Text or Joint", nameof(space));

    private protected override Tensor PairFeatures(Tensor images, Tensor tokens, Tensor attention) => throw PairsHaveNoSpace();

    private protected override Fingerprint ComputeFingerprint() => DualTowerFile.FingerprintOf(_method, _tower, Options, Tokenizer);

    private NotSupportedException PairsHaveNoSpace() =>
        new($"{_method.Name} has no feature of a picture together with words: compare each by itself, as task image+text does by their scores");

    private static Tensor Unit(Tensor feature) => feature.To(ScalarType.Float32).Normalize(dim: -1);
}
