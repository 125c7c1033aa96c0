using System.Text.Json.Serialization;

namespace Semblance.Gallery.Stores;

/// <summary>What an erasure removed. Holds numbers and hashes, nothing of what was erased.</summary>
/// <param name="Sightings">Their ids.</param>
/// <param name="Vectors">Rows of vectors, of all models.</param>
/// <param name="Pictures">Hashes of the pictures that nobody else used and that are gone.</param>
/// <param name="KeptPictures">Pictures that other sightings show as well.</param>
/// <param name="People">People erased.</param>
public sealed record Erasure(IReadOnlyList<long> Sightings, long Vectors, IReadOnlyList<string> Pictures, int KeptPictures, IReadOnlyList<long> People)
{
    /// <summary>The log's line that says so; null when nothing was to be logged.</summary>
    [JsonIgnore]
    public AuditEntry? Line { get; init; }
}
