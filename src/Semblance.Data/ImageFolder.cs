using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>Any folder of pictures, with what is below it: a gallery of people whom nobody has named.</summary>
public static class ImageFolder
{
    public const string Key = "images";

    /// <summary>Reads the pictures, ordinal by relative path; folders and files whose names begin with a dot, and <c>masks/</c>, are passed over.</summary>
    /// <exception cref="SemblanceFormatException">There is no such folder, or no picture in it.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        root = Path.GetFullPath(root);
        var set = new DatasetAssembly(Key, root, options ?? new DatasetOptions(), DataNotice.OwnPictures);
        if (Directory.Exists(root))
        {
            List<(string Path, long Bytes)> files = [];
            Walk(set, root, "", files);
            foreach (var (path, bytes) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            {
                set.Add(new PersonRecord { Dataset = Key, Split = Split.Gallery, ImagePath = path, RawId = "" }, bytes);
            }
        }

        return set.Records.Count > 0
            ? set.Finish(new Dictionary<string, int>(StringComparer.Ordinal))
            : throw new SemblanceFormatException(root, $"found {FolderListing.Describe(root)}; expected pictures (.jpg, .jpeg, .png, .bmp, .webp), in it or in folders below it");
    }

    private static void Walk(DatasetAssembly set, string root, string folder, List<(string Path, long Bytes)> files)
    {
        var listing = Layouts.List(set, root, folder);
        files.AddRange(listing.Pictures.Where(file => file.Name[0] != '.').Select(file => (folder.Length == 0 ? file.Name : $"{folder}/{file.Name}", file.Bytes)));
        foreach (var name in Directory.GetDirectories(Path.Combine(root, folder)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            var inside = folder.Length == 0 ? name : $"{folder}/{name}";
            if (name[0] == '.' || (folder.Length == 0 && name == "masks"))
            {
                continue;
            }

            // A link to a folder above would be walked for ever.
            if (Directory.ResolveLinkTarget(Path.Combine(root, inside), returnFinalTarget: true) is { } target
                && $"{Path.GetFullPath(Path.Combine(root, folder))}/".StartsWith($"{Path.TrimEndingDirectorySeparator(target.FullName)}/", StringComparison.Ordinal))
            {
                set.Report(inside, ProblemStatus.Unexpected, "a link to a folder that holds it; not followed");
                continue;
            }

            Walk(set, root, inside, files);
        }
    }
}
