using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>Where the other samples of a person come from that stand beside each sample of a batch.</summary>
public enum SupportSource
{
    /// <summary>From everything that is learnt from, anew for every sample, each varied by itself.</summary>
    Drawn,

    /// <summary>From everything that is learnt from, as features that were computed once from samples as they are.</summary>
    Stored,

    /// <summary>From the other samples of the same batch.</summary>
    Batch,
}

/// <summary>What a learner wants beside every sample: pictures of the same person, and texts of the same person, never the sample itself.</summary>
/// <param name="Source">Drawn or stored; what is in the batch needs no wish.</param>
/// <param name="Size">Most pictures, and most texts, K; fewer where the person has fewer.</param>
public sealed record SupportWish(SupportSource Source, int Size);

/// <summary>The support of one sample, ready to be put into a batch. Drawn support has values, stored support has places.</summary>
public sealed record PreparedSupport
{
    /// <summary>Normalised pixels of up to K other pictures, <c>[3, H, W]</c> each.</summary>
    public IReadOnlyList<float[]> Pixels { get; init; } = [];

    /// <summary>Token ids of up to K other texts.</summary>
    public IReadOnlyList<int[]> Tokens { get; init; } = [];

    /// <summary>Places of up to K other pictures among all that <see cref="Learner.Remember"/> was given.</summary>
    public IReadOnlyList<int> PicturePlaces { get; init; } = [];

    /// <summary>Places of up to K other texts.</summary>
    public IReadOnlyList<int> TextPlaces { get; init; } = [];
}

/// <summary>The support of a batch: for each sample, which rows belong to it. The tensors belong to the batch.</summary>
public sealed record SupportBatch
{
    /// <summary>Drawn pictures of the whole batch one after another, <c>[M, 3, H, W]</c>; null where they are stored, or nobody has any.</summary>
    public Tensor? Images { get; init; }

    /// <summary>Drawn texts, <c>[N, L]</c> int64 with the batch's L.</summary>
    public Tensor? Tokens { get; init; }

    /// <summary>True for real tokens, <c>[N, L]</c> bool.</summary>
    public Tensor? Attention { get; init; }

    /// <summary>Row of each picture of a support set among <see cref="Images"/>, or its place in the store, <c>[B, K]</c> int64; 0 in an empty slot.</summary>
    public required Tensor ImageSlots { get; init; }

    /// <summary>True for slots without a picture, <c>[B, K]</c> bool.</summary>
    public required Tensor NoImage { get; init; }

    /// <summary>As <see cref="ImageSlots"/>, of the texts.</summary>
    public required Tensor TextSlots { get; init; }

    /// <summary>True for slots without a text, <c>[B, K]</c> bool.</summary>
    public required Tensor NoText { get; init; }

    /// <summary>Every tensor of the support.</summary>
    internal IEnumerable<Tensor?> Tensors => [Images, Tokens, Attention, ImageSlots, NoImage, TextSlots, NoText];
}
