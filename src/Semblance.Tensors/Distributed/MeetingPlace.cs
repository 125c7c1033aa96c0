namespace Semblance.Tensors.Distributed;

/// <summary>Where the processes of a group find each other: a file that all of them reach, or a port of the first one's machine.</summary>
public sealed record MeetingPlace
{
    private MeetingPlace(string? file, string? host, int port) => (File, Host, Port) = (file, host, port);

    /// <summary>Null where they meet at a port.</summary>
    public string? File { get; }

    internal string? Host { get; }

    internal int Port { get; }

    /// <summary>On this machine: no port is opened to others. The file must not exist; the processes share its memory (2 MB for each of them), and it is gone once all have met.</summary>
    public static MeetingPlace AtFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path, null, 0);
    }

    /// <summary>Across machines. The traffic is neither encrypted nor signed: in a network that others do not enter.</summary>
    /// <param name="host">Name or address of the first process's machine.</param>
    /// <param name="port">Where that one listens.</param>
    public static MeetingPlace AtPort(string host, int port)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return new(null, host, port);
    }

    public override string ToString() => File ?? $"{Host}:{Port}";
}
