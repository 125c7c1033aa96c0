namespace Semblance.Cli.Terminal;

/// <summary>How this program is started again: for the other processes of a training run.</summary>
internal static class OwnProgram
{
    /// <summary>The program and its first arguments; a verb follows.</summary>
    public static IReadOnlyList<string> Command { get; } = Environment.ProcessPath is not { } path ? throw new InvalidOperationException("the path of this program is not known")
        : Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, typeof(OwnProgram).Assembly.Location] : [path];
}
