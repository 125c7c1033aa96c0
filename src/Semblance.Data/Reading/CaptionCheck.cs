namespace Semblance.Data.Reading;

/// <summary>Looks for captions that are odd; they are kept, since published figures include them, and reported in one line for each kind.</summary>
internal sealed class CaptionCheck
{
    private readonly Dictionary<string, (string RawId, string Path)> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, string Example)> _found = new(StringComparer.Ordinal);

    public void Look(string path, string rawId, IEnumerable<string> captions)
    {
        foreach (var caption in captions)
        {
            if (string.IsNullOrWhiteSpace(caption))
            {
                Note("are empty", path);
                continue;
            }

            if (caption.Any(char.IsControl))
            {
                Note("hold control characters", path);
            }

            if (caption.Any(c => char.IsLetter(c) && c > '\u024F'))
            {
                Note("hold letters that are not Latin", path);
            }

            if (!_first.TryAdd(caption, (rawId, path)) && _first[caption] is var (otherId, otherPath) && otherId != rawId)
            {
                Note("equal a caption of another person", $"{path} and {otherPath}");
            }
        }
    }

    public void Report(DatasetAssembly set, string file)
    {
        foreach (var (what, (count, example)) in _found.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            set.Report(file, ProblemStatus.Caption, $"{count} captions {what}, first {example}; kept as they are");
        }
    }

    private void Note(string what, string example) => _found[what] = _found.TryGetValue(what, out var known) ? (known.Count + 1, known.Example) : (1, example);
}
