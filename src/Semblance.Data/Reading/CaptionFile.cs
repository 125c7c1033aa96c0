using System.Text.Json;

namespace Semblance.Data.Reading;

/// <summary>Captions beside a set that has none of its own: <c>captions.json</c> in its root, an object of paths (or names) to captions, or an array of { file_path, captions }.</summary>
internal sealed class CaptionFile
{
    private const string Name = "captions.json";

    private readonly Dictionary<string, string[]> _captions = new(StringComparer.Ordinal);
    private readonly CaptionCheck _check = new();

    /// <summary>Reads the file where there is one; without it every picture is without captions.</summary>
    /// <exception cref="Core.SemblanceFormatException">The file is broken.</exception>
    public static CaptionFile In(string root, DatasetOptions options)
    {
        var file = new CaptionFile();
        var path = Path.Combine(root, Name);
        if (File.Exists(path))
        {
            file.Read(new Annotation(path), options.CaptionsPerPicture ?? int.MaxValue);
        }

        return file;
    }

    /// <summary>The captions of a picture, found by its path or by its name alone; a person's captions are checked on the way.</summary>
    public IReadOnlyList<string> Of(string path, string rawId)
    {
        var captions = _captions.GetValueOrDefault(path) ?? _captions.GetValueOrDefault(path[(path.LastIndexOf('/') + 1)..]) ?? [];
        _check.Look(path, rawId, captions);
        return captions;
    }

    public void Report(DatasetAssembly set) => _check.Report(set, Name);

    private void Read(Annotation annotation, int most)
    {
        using var document = annotation.Parse();
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            var number = 0;
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                _captions[annotation.RelativePath(number, entry.Name)] = [.. annotation.Strings(number++, entry.Value, "captions").Take(most)];
            }

            return;
        }

        foreach (var (number, entry) in annotation.Entries(document))
        {
            _captions[annotation.RelativePath(number, annotation.Text(number, entry, "file_path"))] = [.. annotation.Captions(number, entry).Take(most)];
        }
    }
}
