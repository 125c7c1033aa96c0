namespace Semblance.Gallery.Stores;

/// <summary>A key to a gallery. The key itself is shown once, when it is made; only its hash is kept.</summary>
public sealed record AccessKey
{
    public long Id { get; init; }

    /// <summary>Whose it is; what the audit log calls the actor.</summary>
    public required string Name { get; init; }

    /// <summary>What it allows.</summary>
    public required string Role { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it opens anything at that time.</summary>
    public bool IsValid(DateTimeOffset now) => Revoked is null && (Expires is null || Expires > now);
}
