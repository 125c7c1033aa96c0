using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>Finding a data set's folders, and saying what is wrong when they are not there.</summary>
internal static class Layouts
{
    /// <summary>The folder that holds what is needed: the root itself, or the one folder in it that does.</summary>
    /// <param name="root">As given.</param>
    /// <param name="name">The data set's name, for messages.</param>
    /// <param name="layout">What is expected, for messages.</param>
    /// <param name="lacks">What a folder lacks to be the one.</param>
    public static string FindRoot(string root, string name, string layout, Func<string, string[]> lacks)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (Directory.Exists(root))
        {
            if (lacks(root).Length == 0)
            {
                return root;
            }

            var inside = Directory.GetDirectories(root).Where(FolderListing.MayBeListed).Where(folder => lacks(folder).Length == 0).Order(StringComparer.Ordinal).ToArray();
            if (inside.Length == 1)
            {
                return inside[0];
            }

            if (inside.Length > 1)
            {
                throw new SemblanceFormatException(root, $"{name}: {inside.Length} folders hold this layout ({string.Join(", ", inside.Select(Path.GetFileName))}): name one of them");
            }
        }

        var missing = Directory.Exists(root) ? lacks(root) : [];
        throw new SemblanceFormatException(
            root,
            $"{name}: found {FolderListing.Describe(root)}; expected {layout}"
            + (missing.Length > 0 ? $"; missing: {string.Join(", ", missing)}" : "")
            + ". Give the folder of the data set itself, or the one that holds it");
    }

    /// <summary>Lists an image folder and reports what does not belong there.</summary>
    public static FolderListing List(DatasetAssembly set, string root, string folder)
    {
        var listing = FolderListing.Of(Path.Combine(root, folder));
        foreach (var file in listing.Unexpected)
        {
            set.Report(folder.Length == 0 ? file.Name : $"{folder}/{file.Name}", ProblemStatus.Unexpected, "no picture that is read here (.jpg, .jpeg, .png, .bmp, .webp); ignored");
        }

        return listing;
    }
}
