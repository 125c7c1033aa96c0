using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>One step's input; every batch holds one kind of sample. The tensors belong to the batch.</summary>
public abstract record MmetBatch : IDisposable
{
    /// <summary>Samples, B.</summary>
    public abstract int Count { get; }

    /// <summary>Every tensor of the batch.</summary>
    protected abstract IEnumerable<Tensor?> Tensors { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor?.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>Stage A, pictures alone: L_MIM.</summary>
public sealed record ImageBatch : MmetBatch
{
    /// <summary>Normalised pixels, <c>[B, 3, H, W]</c>.</summary>
    public required Tensor Images { get; init; }

    /// <summary>Hidden patches, <c>[B, N]</c> bool.</summary>
    public required Tensor Masked { get; init; }

    /// <inheritdoc/>
    public override int Count => (int)Images.Size(0);

    /// <inheritdoc/>
    protected override IEnumerable<Tensor?> Tensors => [Images, Masked];
}

/// <summary>Stage A, captions alone: L_MLM.</summary>
public sealed record TextBatch : MmetBatch
{
    /// <summary>Ids with some words hidden, <c>[B, L]</c> int64.</summary>
    public required Tensor MaskedTokens { get; init; }

    /// <summary>True for real tokens, <c>[B, L]</c> bool.</summary>
    public required Tensor Attention { get; init; }

    /// <summary>The hidden ids, -1 elsewhere, <c>[B, L]</c> int64.</summary>
    public required Tensor Labels { get; init; }

    /// <inheritdoc/>
    public override int Count => (int)MaskedTokens.Size(0);

    /// <inheritdoc/>
    protected override IEnumerable<Tensor?> Tensors => [MaskedTokens, Attention, Labels];
}

/// <summary>Stage A, pictures with captions: L_GC, L_MMM, L_ITM.</summary>
public sealed record PairBatch : MmetBatch
{
    /// <summary>Normalised pixels, <c>[B, 3, H, W]</c>.</summary>
    public required Tensor Images { get; init; }

    /// <summary>Hidden patches, <c>[B, N]</c> bool.</summary>
    public required Tensor Masked { get; init; }

    /// <summary>Token ids, <c>[B, L]</c> int64.</summary>
    public required Tensor Tokens { get; init; }

    /// <summary>The same with some words hidden.</summary>
    public required Tensor MaskedTokens { get; init; }

    /// <summary>True for real tokens, <c>[B, L]</c> bool.</summary>
    public required Tensor Attention { get; init; }

    /// <summary>The hidden ids, -1 elsewhere, <c>[B, L]</c> int64.</summary>
    public required Tensor Labels { get; init; }

    /// <summary>Identity of each picture, -1 unknown, <c>[B]</c> int64.</summary>
    public required Tensor Identities { get; init; }

    /// <summary>Equal exactly where the captions are equal, <c>[B]</c> int64.</summary>
    public required Tensor CaptionKeys { get; init; }

    /// <summary>Pictures of the mismatched pairs, indices <c>[M]</c> int64; null when no picture has a stranger in the batch, or with swapped captions.</summary>
    public Tensor? StrangerImages { get; init; }

    /// <summary>Captions of the mismatched pairs, indices <c>[M]</c> int64.</summary>
    public Tensor? StrangerTexts { get; init; }

    /// <summary>False where the caption was swapped for another's, <c>[B]</c> bool; null means that all match.</summary>
    public Tensor? Matched { get; init; }

    /// <inheritdoc/>
    public override int Count => (int)Images.Size(0);

    /// <inheritdoc/>
    protected override IEnumerable<Tensor?> Tensors =>
        [Images, Masked, Tokens, MaskedTokens, Attention, Labels, Identities, CaptionKeys, StrangerImages, StrangerTexts, Matched];
}

/// <summary>Stage B: labelled pictures, captions, or both: L_ID and L_triplet.</summary>
public sealed record IdentityBatch : MmetBatch
{
    /// <summary>Normalised pixels, <c>[B, 3, H, W]</c>; null for captions alone.</summary>
    public Tensor? Images { get; init; }

    /// <summary>Token ids, <c>[B, L]</c> int64; null for pictures alone.</summary>
    public Tensor? Tokens { get; init; }

    /// <summary>True for real tokens, <c>[B, L]</c> bool; null exactly when <see cref="Tokens"/> is.</summary>
    public Tensor? Attention { get; init; }

    /// <summary>Training label 0 .. C-1, <c>[B]</c> int64.</summary>
    public required Tensor Identities { get; init; }

    /// <summary>Equal for equal captions, <c>[B]</c> int64; null without captions.</summary>
    public Tensor? CaptionKeys { get; init; }

    /// <summary>Other samples of each person; null where the learner wants none.</summary>
    public SupportBatch? Support { get; init; }

    /// <inheritdoc/>
    public override int Count => (int)Identities.Size(0);

    /// <inheritdoc/>
    protected override IEnumerable<Tensor?> Tensors => [Images, Tokens, Attention, Identities, CaptionKeys, .. Support?.Tensors ?? []];

    /// <summary>The pictures with their captions.</summary>
    /// <exception cref="ArgumentException">One of the two is missing.</exception>
    internal (Tensor Images, Tensor Tokens, Tensor Attention) Pairs() => this is { Images: { } images, Tokens: { } tokens, Attention: { } attention }
        ? (images, tokens, attention)
        : throw new ArgumentException($"a batch of {Count} samples without {(Images is null ? "pictures" : "captions")}: this method learns from pictures with captions, give it both");
}
