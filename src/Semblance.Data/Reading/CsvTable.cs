using System.Text;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>A table in RFC 4180's form: a header, quoted cells that may hold separators, quotes and line breaks. Commas, semicolons or tabs, whichever the header has most of.</summary>
internal sealed class CsvTable
{
    private const long MaxBytes = 1L << 30;

    private CsvTable(IReadOnlyList<string> header, IEnumerable<(int Line, IReadOnlyList<string> Cells)> rows) => (Header, Rows) = (header, rows);

    public IReadOnlyList<string> Header { get; }

    /// <summary>Rows with the line that each begins on, from 2; empty lines are passed over. A row may have more or fewer cells than the header.</summary>
    public IEnumerable<(int Line, IReadOnlyList<string> Cells)> Rows { get; }

    /// <summary>Reads a file; UTF-8, a byte-order mark is accepted.</summary>
    /// <exception cref="SemblanceFormatException">It is empty, too long, or a quoted cell does not end.</exception>
    public static CsvTable Read(string path)
    {
        if (new FileInfo(path).Length is var length && length > MaxBytes)
        {
            throw new SemblanceFormatException(path, $"{length} bytes, at most {MaxBytes} are read: this is no table");
        }

        var text = File.ReadAllText(path, Encoding.UTF8);
        var first = text.AsSpan(0, text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? end : text.Length);
        var separator = ',';
        foreach (var candidate in ";\t")
        {
            separator = first.Count(candidate) > first.Count(separator) ? candidate : separator;
        }

        var rows = Split(path, text, separator).ToList();
        return rows.Count > 0 ? new CsvTable([.. rows[0].Cells.Select(cell => cell.Trim())], rows.Skip(1)) : throw new SemblanceFormatException(path, "the table is empty, expected a header");
    }

    private static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Split(string path, string text, char separator)
    {
        var (line, at) = (1, 0);
        while (at < text.Length)
        {
            var (began, cells) = (line, new List<string>());
            var more = true;
            while (more)
            {
                var cell = Cell(path, text, separator, ref at, ref line);
                cells.Add(cell);
                more = at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            }

            // Past the line's end, which may be \r\n.
            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            if (at < text.Length && text[at] == '\n')
            {
                (at, line) = (at + 1, line + 1);
            }

            if (cells is not [{ Length: 0 }])
            {
                yield return (began, cells);
            }
        }
    }

    private static string Cell(string path, string text, char separator, ref int at, ref int line)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] != separator && text[at] is not ('\n' or '\r'))
            {
                at++;
            }

            return text[start..at];
        }

        var (cell, began) = (new StringBuilder(), line);
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"')
                {
                    at++;

                    // What stands between the closing quote and the separator is kept: better odd than lost.
                    while (at < text.Length && text[at] != separator && text[at] is not ('\n' or '\r'))
                    {
                        cell.Append(text[at++]);
                    }

                    return cell.ToString();
                }

                at++;
            }

            line += text[at] == '\n' ? 1 : 0;
            cell.Append(text[at]);
        }

        throw new SemblanceFormatException(path, "a quoted cell that begins here does not end", began);
    }
}
