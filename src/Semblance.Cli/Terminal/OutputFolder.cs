namespace Semblance.Cli.Terminal;

/// <summary>Folders that a verb is told to write to.</summary>
internal static class OutputFolder
{
    /// <summary>The folder, unless a file is in its place.</summary>
    /// <param name="name">How the command line calls it.</param>
    /// <param name="path">As given.</param>
    public static string Checked(string name, string path) =>
        File.Exists(path) ? throw new ArgumentException($"{name} is {path}, which is a file: expected a folder, new or of its own") : path;
}
