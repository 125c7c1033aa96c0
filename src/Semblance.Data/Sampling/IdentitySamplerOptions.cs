namespace Semblance.Data.Sampling;

/// <summary>The shape of a batch of persons and pictures (PK).</summary>
public sealed record IdentitySamplerOptions
{
    /// <summary>Persons in a batch, P.</summary> <value>16, as in MMET.</value>
    public int Persons { get; init; } = 16;

    /// <summary>Pictures of each person, K.</summary> <value>4, as in MMET.</value>
    public int PicturesPerPerson { get; init; } = 4;

    /// <summary>
    /// Take the K pictures of a person from the four viewpoint sectors in turn (around 0, 90, 180 and 270 degrees), where viewpoints are known: FineGPR holds
    /// 1,764 renderings of each person, most of them nearly the same.
    /// </summary>
    /// <value>false; true for FineGPR (decision D25).</value>
    public bool ViewpointSectors { get; init; }

    /// <summary>Batches in an epoch; null for as many as the pictures give.</summary> <value>null; 1000 for FineGPR (D25).</value>
    public int? BatchesPerEpoch { get; init; }
}
