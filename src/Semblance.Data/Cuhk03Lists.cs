using System.Text.Json;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>
/// The new protocol of CUHK03 as lists over the extracted pictures, the form that most public code has: <c>images_labeled/</c> beside <c>splits_new_labeled.json</c> or
/// <c>cuhk03_new_protocol_config_labeled.mat</c>, and the same for <c>detected</c>. Numbers in the lists differ from file to file (counted from 0 or 1, people renumbered), so
/// person and view are read from the pictures' names.
/// </summary>
/// <param name="Root">Holds the folder of pictures.</param>
/// <param name="Folder"><c>images_detected</c> or <c>images_labeled</c>.</param>
/// <param name="File">The lists.</param>
internal sealed record Cuhk03Lists(string Root, string Folder, string File)
{
    private const string Prefix = "images_";
    private static readonly string[] Kinds = ["labeled", "detected"];
    private static readonly (string Json, string Matlab, Split Split)[] Parts =
        [("train", "train_idx", Split.Train), ("query", "query_idx", Split.Query), ("gallery", "gallery_idx", Split.Gallery)];

    /// <summary>The lists at a folder of pictures, or at the folder that holds it; null where there are none.</summary>
    /// <exception cref="SemblanceFormatException">There are lists of both kinds of boxes.</exception>
    public static Cuhk03Lists? Find(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var name = Path.GetFileName(root);
        Cuhk03Lists[] found = name.StartsWith(Prefix, StringComparison.Ordinal) && Path.GetDirectoryName(root) is { } parent
            ? [.. Of(parent, name[Prefix.Length..])]
            : [.. Kinds.SelectMany(kind => Of(root, kind))];
        return found.Length < 2 ? found.FirstOrDefault()
            : throw new SemblanceFormatException(root, $"CUHK03: {string.Join(" and ", found.Select(lists => lists.Folder))} are two forms of the same people: name one of them, such as {Path.Combine(root, found[0].Folder)}");
    }

    /// <summary>The pictures of each part, in the order of the lists.</summary>
    /// <exception cref="SemblanceFormatException">The file holds something else; the message says what.</exception>
    public IEnumerable<(Split Split, string Name)> Pictures() => Path.GetExtension(File) == ".mat" ? FromMatlab() : FromJson();

    private static IEnumerable<Cuhk03Lists> Of(string root, string kind)
    {
        var file = new[] { $"splits_new_{kind}.json", $"cuhk03_new_protocol_config_{kind}.mat" }.Select(name => Path.Combine(root, name)).FirstOrDefault(System.IO.File.Exists);
        return file is not null && Directory.Exists(Path.Combine(root, Prefix + kind)) ? [new Cuhk03Lists(root, Prefix + kind, file)] : [];
    }

    private List<(Split, string)> FromJson()
    {
        using var document = new Annotation(File).Parse();
        try
        {
            var root = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement[0] : document.RootElement;

            // Lists of public code hold whole paths of the machine that wrote them: only the file's name counts.
            return [.. Parts.SelectMany(part => root.GetProperty(part.Json).EnumerateArray().Select(entry => entry[0].GetString()!.Replace('\\', '/')).Select(path => (part.Split, path[(path.LastIndexOf('/') + 1)..])))];
        }
        catch (Exception problem) when (problem is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new SemblanceFormatException(File, $"no object with train, query and gallery, each a list of [path, person, camera]: {problem.Message}", null, problem);
        }
    }

    private IEnumerable<(Split, string)> FromMatlab()
    {
        var values = MatlabFile.Read(File);
        string[] names = values.GetValueOrDefault("filelist") is MatlabCells cells
            ? [.. cells.Values.Select(cell => cell is MatlabText { Rows: [var name] } ? name : throw new SemblanceFormatException(File, $"filelist holds {cell.Kind}, expected names of pictures"))]
            : throw new SemblanceFormatException(File, "no filelist of names, expected it with train_idx, query_idx and gallery_idx");
        foreach (var (_, key, split) in Parts)
        {
            var places = values.GetValueOrDefault(key) as MatlabNumbers ?? throw new SemblanceFormatException(File, $"no {key}, expected places in filelist, counted from 1");
            foreach (var place in places.Values)
            {
                yield return place >= 1 && place <= names.Length && place == Math.Floor(place)
                    ? (split, names[(int)place - 1])
                    : throw new SemblanceFormatException(File, $"{key} names place {place} of {names.Length}, counted from 1");
            }
        }
    }
}
