using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>The losses of one identity head. Scalars, float32, with their graph.</summary>
/// <param name="Identity">L_ID.</param>
/// <param name="Triplet">L_triplet.</param>
/// <param name="Weight">a of this head.</param>
/// <param name="TripletWeight">Of L_triplet beside L_ID.</param>
/// <param name="Right">How many samples the classifier put right, scalar int64, without graph.</param>
public sealed record IdentityHeadLosses(Tensor Identity, Tensor Triplet, double Weight, double TripletWeight, Tensor Right);

/// <summary>The terms of L_B that a batch gives; heads that the batch cannot feed are null. Owned by the caller or the open scope.</summary>
public sealed record IdentificationLosses
{
    /// <summary>Of h_CLS,M.</summary>
    public IdentityHeadLosses? Fusion { get; init; }

    /// <summary>Of h_CLS,I.</summary>
    public IdentityHeadLosses? Image { get; init; }

    /// <summary>Of h_CLS,T.</summary>
    public IdentityHeadLosses? Text { get; init; }

    /// <summary>L_GC of the batch; null where <see cref="MmetOptions.IdentificationContrastiveWeight"/> is 0 or a modality is missing.</summary>
    public Tensor? Contrastive { get; init; }

    /// <summary>Weight of <see cref="Contrastive"/> in the total.</summary>
    public double ContrastiveWeight { get; init; }

    /// <summary><c>Σ_x a_x (L_ID^x + L_triplet^x) / Σ_x a_x</c> over the heads that are there [decision D21], and the weighted contrastive term.</summary>
    public Tensor Total { get; private init; } = null!;

    /// <summary>The heads that are there, by the names that metrics use: fusion, image, text.</summary>
    public IEnumerable<(string Name, IdentityHeadLosses Losses)> Heads =>
        from head in (IEnumerable<(string Name, IdentityHeadLosses? Losses)>)[("fusion", Fusion), ("image", Image), ("text", Text)]
        where head.Losses is not null
        select (head.Name, head.Losses!);

    internal IdentificationLosses Keep(TensorScope scope)
    {
        Tensor? total = null;
        var weights = 0.0;
        foreach (var (_, head) in Heads)
        {
            scope.Keep(head.Identity);
            scope.Keep(head.Triplet);
            scope.Keep(head.Right);
            var weighted = (head.Identity + (head.Triplet * head.TripletWeight)) * head.Weight;
            total = total is null ? weighted : total + weighted;
            weights += head.Weight;
        }

        total = total! / weights;
        if (Contrastive is not null)
        {
            total += scope.Keep(Contrastive) * ContrastiveWeight;
        }

        return this with { Total = scope.Keep(total) };
    }
}
