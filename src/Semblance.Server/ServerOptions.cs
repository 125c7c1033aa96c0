namespace Semblance.Server;

/// <summary>How a gallery is served.</summary>
public sealed record ServerOptions
{
    /// <summary>Folder or <c>postgres://user@host/database</c>.</summary>
    public required string Gallery { get; init; }

    /// <summary>Let PostgreSQL search by pgvector, in place of this process's memory.</summary> <value>false</value>
    public bool SearchInDatabase { get; init; }

    /// <summary>Sightings from which they are searched in cells (an inverted file), which may miss one of a thousand nearest; null to compare all.</summary> <value>null</value>
    public int? CellsFrom { get; init; }

    /// <summary>Where to listen.</summary> <value>Loopback, port 5180.</value>
    public string Url { get; init; } = "http://127.0.0.1:5180";

    /// <summary>Listen beyond loopback without TLS: only behind a proxy that has it.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>Addresses or networks (CIDR) of proxies whose word about the caller and TLS counts, besides this machine.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Ask everybody for a key, on loopback too. Beyond loopback, and once the gallery has a key, everybody is asked anyway.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>Refuse searches and views that state no purpose.</summary> <value>true</value>
    public bool RequirePurpose { get; init; } = true;

    /// <summary>Certificate (PFX) for TLS; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>Largest picture that may be sent, in bytes.</summary> <value>32 MB</value>
    public long MaxPictureBytes { get; init; } = 32L << 20;

    /// <summary>Most pictures of one request.</summary> <value>200</value>
    public int MaxPictures { get; init; } = 200;

    /// <summary>Largest file of a model that may be sent, and the ZIP file of it, in bytes.</summary> <value>4 GB</value>
    public long MaxModelBytes { get; init; } = 4L << 30;

    /// <summary>Requests that a key may make in a burst.</summary> <value>200</value>
    public int Burst { get; init; } = 200;

    /// <summary>Requests a second that a key may make for long.</summary> <value>50</value>
    public int PerSecond { get; init; } = 50;

    /// <summary>Sign-ins that an address may try in a burst; then one every two seconds.</summary> <value>20</value>
    public int SignIns { get; init; } = 20;

    /// <summary>How often what retention no longer allows is deleted.</summary> <value>Every ten minutes.</value>
    public TimeSpan RetentionEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a browser stays signed in.</summary> <value>8 hours</value>
    public TimeSpan Session { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Whether this process also works at filing jobs.</summary> <value>true</value>
    public bool Works { get; init; } = true;

    /// <summary>Whether the address is this machine's own.</summary>
    public bool IsLoopback => new Uri(Url).IsLoopback;
}
