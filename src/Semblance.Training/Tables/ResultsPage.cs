using System.Text;
using Semblance.Core;

namespace Semblance.Training;

/// <summary>A page of results with one section for each table: a run again takes the place of its section, and the rest stays as it is.</summary>
public static class ResultsPage
{
    private const string Opening = "# Results\n\nEach section was written by the command that it names; run again, it takes the place of the old one.\n";

    /// <summary>Puts a table into the page, and makes the page when it is missing.</summary>
    /// <param name="path">A Markdown file.</param>
    /// <param name="title">Names the section.</param>
    /// <param name="command">What made it, as a person would type it.</param>
    /// <param name="body">The section without its heading, as Markdown.</param>
    public static void Put(string path, string title, string command, string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var heading = $"## {title}";
        var text = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : Opening;
        var section = $"{heading}\n\n`{command}`\n\n{body.Trim()}\n";
        var lines = text.Split('\n').ToList();
        var start = lines.IndexOf(heading);
        if (start < 0)
        {
            AtomicFile.WriteText(path, $"{text.TrimEnd()}\n\n{section}");
            return;
        }

        var end = lines.FindIndex(start + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
        var page = new StringBuilder().AppendJoin('\n', lines[..start]).Append('\n').Append(section);
        if (end >= 0)
        {
            page.Append('\n').AppendJoin('\n', lines[end..]);
        }

        AtomicFile.WriteText(path, page.ToString());
    }
}
