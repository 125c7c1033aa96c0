namespace Semblance.Core;

/// <summary>A file or stream from outside that cannot be read as what it claims to be: damaged, truncated, lying, or another format.</summary>
/// <remarks>The message says what was found, what was expected and what to do; <see cref="Path"/> and <see cref="Position"/> say where.</remarks>
public sealed class SemblanceFormatException : Exception
{
    /// <summary>Makes the error; the message is prefixed with the path, and with the position when there is one.</summary>
    /// <param name="path">File, or a name for the stream.</param>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="position">Byte offset, or line number for text, where reading stopped.</param>
    /// <param name="inner">The cause, if another exception told us.</param>
    public SemblanceFormatException(string path, string problem, long? position = null, Exception? inner = null)
        : base(position is { } p ? $"{path} (at {p}): {problem}" : $"{path}: {problem}", inner)
    {
        Path = path;
        Position = position;
        Problem = problem;
    }

    /// <summary>File, or the name of the stream.</summary>
    public string Path { get; }

    /// <summary>Byte offset or line where reading stopped; null when the whole file is meant.</summary>
    public long? Position { get; }

    /// <summary>The message without path and position.</summary>
    public string Problem { get; }
}
