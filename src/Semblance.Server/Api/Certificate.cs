using Semblance.Gallery.Stores;

namespace Semblance.Server.Api;

/// <summary>Says what an erasure removed; the log's line with the same hash proves when and by whom.</summary>
/// <param name="Sightings">Their numbers.</param>
/// <param name="People">People erased.</param>
/// <param name="Vectors">Vectors of all models.</param>
/// <param name="Pictures">SHA-256 of the pictures that are gone.</param>
/// <param name="KeptPictures">Pictures that other sightings show too.</param>
/// <param name="AuditEntry">Number of the log's line.</param>
/// <param name="AuditHash">Its hash.</param>
public sealed record Certificate(IReadOnlyList<long> Sightings, IReadOnlyList<long> People, long Vectors, IReadOnlyList<string> Pictures, int KeptPictures, long AuditEntry, string AuditHash)
{
    public static async Task<Certificate> OfAsync(IGalleryStore store, Erasure erasure, CancellationToken cancellation)
    {
        // Newest first: the erasure's own line is among the last few.
        var details = System.Text.Json.JsonSerializer.Serialize(erasure);
        var line = (await store.AuditAsync(long.MaxValue, 50, cancellation)).FirstOrDefault(entry => entry.Draft.Details == details);
        return new Certificate(erasure.Sightings, erasure.People, erasure.Vectors, erasure.Pictures, erasure.KeptPictures, line?.Number ?? 0, line?.Hash ?? "");
    }
}
