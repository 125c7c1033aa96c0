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
/// <param name="Time">When, as that line has it.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Purpose">What for; null where nothing was stated.</param>
/// <remarks>Small pictures are made when they are shown and kept nowhere; a snapshot of vectors is deleted with every erasure.</remarks>
public sealed record Certificate(
    IReadOnlyList<long> Sightings, IReadOnlyList<long> People, long Vectors, IReadOnlyList<string> Pictures, int KeptPictures, long AuditEntry, string AuditHash, DateTimeOffset? Time, string? Actor, string? Purpose)
{
    public static Certificate Of(Erasure erasure)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return new(erasure.Sightings, erasure.People, erasure.Vectors, erasure.Pictures, erasure.KeptPictures, erasure.Line?.Number ?? 0, erasure.Line?.Hash ?? "", erasure.Line?.Time, erasure.Line?.Draft.Actor, erasure.Line?.Draft.Purpose);
    }
}
