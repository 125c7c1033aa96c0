using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>The terms of L_A that a batch gives; the others are null. Scalars, float32, with their graph, unweighted.</summary>
public sealed record PretrainingLosses
{
    private readonly MmetOptions _options;

    internal PretrainingLosses(MmetOptions options) => _options = options;

    /// <summary>L_MIM, of picture batches.</summary>
    public Tensor? MaskedImage { get; init; }

    /// <summary>L_MLM, of caption batches.</summary>
    public Tensor? MaskedText { get; init; }

    /// <summary>L_MMM-image, of pair batches.</summary>
    public Tensor? FusionImage { get; init; }

    /// <summary>L_MMM-text, of pair batches.</summary>
    public Tensor? FusionText { get; init; }

    /// <summary>L_ITM, of pair batches.</summary>
    public Tensor? Matching { get; init; }

    /// <summary>L_GC, of pair batches.</summary>
    public Tensor? Contrastive { get; init; }

    /// <summary>The weighted sum; run backward from it. Computed by <see cref="MmetPretraining"/>; owned by the caller or the open scope, as are the terms.</summary>
    public Tensor Total { get; private init; } = null!;

    /// <summary>The terms that are there, by the names that metrics use: mim, mlm, mmm_image, mmm_text, itm, gc.</summary>
    public IEnumerable<(string Name, Tensor Loss, double Weight)> Terms =>
        from term in (IEnumerable<(string Name, Tensor? Loss, double Weight)>)
        [
            ("mim", MaskedImage, _options.MaskedImageWeight), ("mlm", MaskedText, _options.MaskedTextWeight),
            ("mmm_image", FusionImage, _options.FusionImageWeight), ("mmm_text", FusionText, _options.FusionTextWeight),
            ("itm", Matching, _options.MatchingWeight), ("gc", Contrastive, _options.ContrastiveWeight),
        ]
        where term.Loss is not null
        select (term.Name, term.Loss!, term.Weight);

    internal PretrainingLosses With((Tensor Image, Tensor Text, Tensor Matching) hidden) =>
        this with { FusionImage = hidden.Image, FusionText = hidden.Text, Matching = hidden.Matching };

    /// <summary>Adds up the terms and hands them all to the scope around <paramref name="scope"/>.</summary>
    internal PretrainingLosses Keep(TensorScope scope)
    {
        Tensor? total = null;
        foreach (var (_, loss, weight) in Terms)
        {
            scope.Keep(loss);
            total = total is null ? loss * weight : total + (loss * weight);
        }

        return this with { Total = scope.Keep(total!) };
    }
}
