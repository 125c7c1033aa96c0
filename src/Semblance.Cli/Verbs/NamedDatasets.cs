using Semblance.Data;

namespace Semblance.Cli.Verbs;

/// <summary>Data sets that a command line names as LAYOUT=DIR.</summary>
internal static class NamedDatasets
{
    /// <summary>Opens each; two of one layout get the folder into their names.</summary>
    /// <exception cref="ArgumentException">One is not LAYOUT=DIR, or is named twice.</exception>
    public static Dictionary<string, PersonDataset> Open(IReadOnlyList<string> named, DatasetOptions options)
    {
        var parts = named.Select(one => one.Split('=', 2) is [var layout, var path]
            ? (Layout: layout, Path: path)
            : throw new ArgumentException($"--target is \"{one}\", expected LAYOUT=DIR, such as market1501=Market-1501")).ToList();
        var opened = new Dictionary<string, PersonDataset>(StringComparer.Ordinal);
        foreach (var (layout, path) in parts)
        {
            var name = parts.Count(part => part.Layout == layout) > 1 ? $"{layout} {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}" : layout;
            if (!opened.TryAdd(name, DataLayout.Open(layout, path, options)))
            {
                throw new ArgumentException($"--target names \"{name}\" twice");
            }
        }

        return opened;
    }
}
