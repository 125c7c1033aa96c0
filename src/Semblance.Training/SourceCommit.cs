namespace Semblance.Training;

/// <summary>The commit of the checkout that a program runs from, for the record that stands beside every result.</summary>
public static class SourceCommit
{
    /// <summary>The full hash, or "unknown" for a program that does not lie in a checkout.</summary>
    public static string Find() => Find(AppContext.BaseDirectory);

    internal static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var git = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(git))
            {
                return Head(git) ?? "unknown";
            }

            // A linked checkout has a file that says where its git directory is.
            if (File.Exists(git) && File.ReadAllText(git).Trim() is ['g', 'i', 't', 'd', 'i', 'r', ':', ' ', .. var elsewhere])
            {
                return Head(Path.GetFullPath(elsewhere, folder.FullName)) ?? "unknown";
            }
        }

        return "unknown";
    }

    private static string? Head(string git)
    {
        var head = ReadLine(Path.Combine(git, "HEAD"));
        if (head is null || !head.StartsWith("ref: ", StringComparison.Ordinal))
        {
            return head;
        }

        var name = head["ref: ".Length..];
        var shared = ReadLine(Path.Combine(git, "commondir")) is { } common ? Path.GetFullPath(common, git) : git;
        return ReadLine(Path.Combine(git, name)) ?? ReadLine(Path.Combine(shared, name)) ?? Packed(Path.Combine(shared, "packed-refs"), name);
    }

    private static string? Packed(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.EndsWith($" {name}", StringComparison.Ordinal))?.Split(' ')[0] : null;

    private static string? ReadLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() : null;
}
