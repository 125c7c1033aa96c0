namespace Semblance.Models;

/// <summary>What a step trains on; every batch is of one kind.</summary>
public enum MmetBatchKind
{
    /// <summary>Stage A, pictures alone.</summary>
    Images,

    /// <summary>Stage A, captions alone.</summary>
    Texts,

    /// <summary>Stage A, pictures with captions.</summary>
    Pairs,

    /// <summary>Stage B, labelled samples.</summary>
    Identities,
}
