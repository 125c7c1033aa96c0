using System.Security.Cryptography;
using System.Text.Json;

namespace Semblance.Gallery.Stores;

/// <summary>A line of the audit log. Each holds the hash of the one before, so that no line can be changed or taken out unseen.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Time">UTC, to the millisecond.</param>
/// <param name="Draft">What happened.</param>
/// <param name="Previous">Hash of the line before; of the first line, 64 zeros.</param>
/// <param name="Hash">SHA-256 of all of the above, hexadecimal.</param>
public sealed record AuditEntry(long Number, DateTimeOffset Time, AuditDraft Draft, string Previous, string Hash)
{
    /// <summary>What the first line follows.</summary>
    public static string Beginning { get; } = new('0', 64);

    /// <summary>The line that follows another.</summary>
    public static AuditEntry After(AuditEntry? previous, AuditDraft draft, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var entry = new AuditEntry((previous?.Number ?? 0) + 1, DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()), draft, previous?.Hash ?? Beginning, "");
        return entry with { Hash = entry.Digest() };
    }

    /// <summary>SHA-256 of a JSON array of number, time, actor, role, action, subject, purpose, details, and the hash before.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        (object?[])[Number, Time.ToUnixTimeMilliseconds(), Draft.Actor, Draft.Role, Draft.Action, Draft.Subject, Draft.Purpose, Draft.Details, Previous])));
}
