using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// A method with one tower for pictures and one for words, which meet in one space: all that evaluation, galleries, search and explanations need to know of it.
/// A new method is a file with such a class, its options and its <see cref="Learner"/>s, and a line in <see cref="DualTowerMethod.All"/>.
/// </summary>
public abstract class DualTower : Module
{
    /// <summary>Name of the intermediate that explanations read: the last map <c>[B, C, h, w]</c> of the picture tower, or its last tokens <c>[B, 1 + N, D]</c>.</summary>
    public const string PictureMap = "image.map";

    /// <summary>How pictures are brought into the tower's form.</summary>
    public abstract Preprocessing Preprocessing { get; }

    /// <summary>Longest text in tokens with [CLS] and [SEP], L.</summary>
    public abstract int TextLength { get; }

    /// <summary>Numbers of an embedding, E.</summary>
    public abstract int Width { get; }

    /// <summary>Rows and columns of <see cref="PictureMap"/>.</summary>
    public abstract (int Rows, int Columns) MapSize { get; }

    /// <summary>Names of the picture tower's attention probabilities in a trace, first block to last; none in a tower that has no attention.</summary>
    public virtual IReadOnlyList<string> AttentionLayers => [];

    /// <summary>The picture stream that public weights of <see cref="MethodOptions.BackboneKind"/> fill; null in a tower that has none.</summary>
    public virtual Module? Backbone => null;

    /// <summary>The frozen BERT that reads the words; null where they are vectors of the tower's own.</summary>
    public virtual Module? WordReader => null;

    /// <summary>Pictures where they meet words; rows of any length, whose cosine counts.</summary>
    /// <param name="images">Normalised pixels, <c>[B, 3, H, W]</c>; borrowed.</param>
    /// <param name="trace">Keeps <see cref="PictureMap"/> and what else the tower names.</param>
    /// <returns><c>[B, E]</c>.</returns>
    public abstract Tensor PictureFeature(Tensor images, Trace? trace = null);

    /// <summary>Words where they meet pictures.</summary>
    /// <param name="tokens">Ids with [CLS], [SEP] and padding, <c>[B, L]</c> int64; borrowed.</param>
    /// <param name="attention">True for real tokens, <c>[B, L]</c> bool; borrowed.</param>
    /// <returns><c>[B, E]</c>.</returns>
    public abstract Tensor TextFeature(Tensor tokens, Tensor attention);

    /// <summary>
    /// The same texts padded to <see cref="TextLength"/>, for towers that pool over every place: batches are padded to their own longest text, which must not show in a feature.
    /// </summary>
    private protected (Tensor Tokens, Tensor Attention) AtFullLength(Tensor tokens, Tensor attention)
    {
        var missing = TextLength - tokens.Size(1);
        return missing <= 0 ? (tokens, attention) : (
            Tensor.Cat([tokens, Tensor.Zeros([tokens.Size(0), missing], ScalarType.Int64, tokens.Device)], 1),
            Tensor.Cat([attention, Tensor.Zeros([attention.Size(0), missing], ScalarType.Bool, attention.Device)], 1));
    }
}

/// <summary>What a training stage trains: a tower with what only training needs (classifiers, a teacher), and its losses.</summary>
public abstract class Learner : Module
{
    /// <summary>As recipes' curves and checkpoints name the stage, such as <c>teacher</c>.</summary>
    public abstract string Stage { get; }

    /// <summary>Whether this learner trains the network that is kept; false for one that only prepares for the next, such as a teacher.</summary>
    public virtual bool TrainsTheNetwork => true;

    /// <summary>What it wants beside every sample; null for nothing.</summary>
    public virtual SupportWish? Support => null;

    /// <summary>Before its first batch, and again before a run goes on: everything that is learnt from, unvaried, for a learner that wants <see cref="SupportSource.Stored"/> support.</summary>
    /// <param name="images">Every picture in the order of its place, in pieces <c>[n, 3, H, W]</c>; borrowed until the next is asked for.</param>
    /// <param name="texts">Every text in the order of its place, in pieces of tokens <c>[n, L]</c> and attention <c>[n, L]</c>; borrowed likewise.</param>
    public virtual void Remember(IEnumerable<Tensor> images, IEnumerable<(Tensor Tokens, Tensor Attention)> texts) =>
        throw new InvalidOperationException($"the stage {Stage} wants no stored support");

    /// <summary>The losses of one batch of pictures with captions. The tensors belong to the open scope.</summary>
    /// <param name="batch">Pictures, captions and identities.</param>
    public abstract LearningLosses Forward(IdentityBatch batch);

    /// <summary>Whether a parameter starts from nothing, and so learns at the heads' rate.</summary>
    public abstract bool IsHead(string name);
}

/// <summary>What a batch loses.</summary>
/// <param name="Total">Run backward from it; scalar float32 with its graph.</param>
/// <param name="Terms">The parts by the names of their curves; scalars.</param>
public sealed record LearningLosses(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
