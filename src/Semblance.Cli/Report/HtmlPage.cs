using System.Net;
using System.Text;
using Semblance.Imaging;

namespace Semblance.Cli.Report;

/// <summary>One self-contained HTML page: style, pictures and charts inside, no script, nothing fetched. Text is escaped here and nowhere else.</summary>
internal sealed class HtmlPage(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c1f23; --paper: #ffffff; --soft: #f3f4f6; --line: #d9dce1; --quiet: #5d6570; --right: #1a8f4c; --wrong: #c8362b; --mark: #2563eb; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --paper: #15171a; --soft: #1f2327; --line: #363c43; --quiet: #9aa3ad; --right: #45c07c; --wrong: #f0766c; --mark: #7aa7ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.9rem; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; border-top: 1px solid var(--line); padding-top: 1.25rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
        p { max-width: 60rem; margin: .5rem 0; } .quiet { color: var(--quiet); }
        table { border-collapse: collapse; margin: .75rem 0; } th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; } th:first-child, td:first-child { text-align: left; } th { color: var(--quiet); font-weight: 600; } tr.best td { font-weight: 700; }
        .row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: flex-start; margin: .5rem 0 1rem; }
        figure { margin: 0; width: 5.6rem; font-size: .74rem; line-height: 1.3; text-align: center; color: var(--quiet); } figure img { width: 100%; display: block; border-radius: 4px; border: 3px solid var(--line); }
        figure.right img { border-color: var(--right); } figure.wrong img { border-color: var(--wrong); } figure.query img { border-color: var(--mark); } figure.right b { color: var(--right); } figure.wrong b { color: var(--wrong); }
        img.wide { max-width: 100%; height: auto; border-radius: 4px; } blockquote { margin: .4rem 0; padding: .4rem .9rem; background: var(--soft); border-left: 3px solid var(--mark); border-radius: 4px; }
        svg { max-width: 100%; height: auto; background: var(--soft); border-radius: 6px; } svg text { fill: var(--quiet); font-size: 11px; } .charts { display: flex; flex-wrap: wrap; gap: 1rem; }
        code { background: var(--soft); padding: .1rem .35rem; border-radius: 4px; font-size: .9em; }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Text made safe for HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public HtmlPage Heading(string text)
    {
        _body.Append("<h2>").Append(Escape(text)).AppendLine("</h2>");
        return this;
    }

    public HtmlPage Subheading(string text)
    {
        _body.Append("<h3>").Append(Escape(text)).AppendLine("</h3>");
        return this;
    }

    public HtmlPage Paragraph(string text, bool quiet = false)
    {
        _body.Append(quiet ? "<p class=\"quiet\">" : "<p>").Append(Escape(text)).AppendLine("</p>");
        return this;
    }

    public HtmlPage Quote(string text)
    {
        _body.Append("<blockquote>").Append(Escape(text)).AppendLine("</blockquote>");
        return this;
    }

    /// <summary>A table; the first column is text, the others figures. The row with the index <paramref name="best"/> is set bold.</summary>
    public HtmlPage Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int best = -1)
    {
        _body.Append("<table><thead><tr>");
        foreach (var cell in header)
        {
            _body.Append("<th scope=\"col\">").Append(Escape(cell)).Append("</th>");
        }

        _body.AppendLine("</tr></thead><tbody>");
        for (var i = 0; i < rows.Count; i++)
        {
            _body.Append(i == best ? "<tr class=\"best\">" : "<tr>");
            foreach (var cell in rows[i])
            {
                _body.Append("<td>").Append(Escape(cell)).Append("</td>");
            }

            _body.AppendLine("</tr>");
        }

        _body.AppendLine("</tbody></table>");
        return this;
    }

    /// <summary>A row of small pictures, each with its mark and note.</summary>
    public HtmlPage Row(IEnumerable<HtmlFigure> figures)
    {
        _body.AppendLine("<div class=\"row\">");
        foreach (var figure in figures)
        {
            _body.Append("<figure class=\"").Append(figure.Mark.ToString().ToLowerInvariant()).Append("\"><img alt=\"").Append(Escape(figure.Alt))
                .Append("\" src=\"").Append(Embed(figure.Picture)).Append("\"><figcaption>").Append(Escape(figure.Note)).AppendLine("</figcaption></figure>");
        }

        _body.AppendLine("</div>");
        return this;
    }

    /// <summary>One picture over the whole width.</summary>
    public HtmlPage Wide(Picture picture, string alt)
    {
        _body.Append("<p><img class=\"wide\" alt=\"").Append(Escape(alt)).Append("\" src=\"").Append(Embed(picture)).AppendLine("\"></p>");
        return this;
    }

    /// <summary>Charts side by side.</summary>
    public HtmlPage Charts(IEnumerable<LineChart> charts)
    {
        _body.AppendLine("<div class=\"charts\">");
        foreach (var chart in charts)
        {
            _body.AppendLine(chart.ToSvg());
        }

        _body.AppendLine("</div>");
        return this;
    }

    /// <summary>A map over the whole width.</summary>
    public HtmlPage Map(ScatterChart chart)
    {
        _body.AppendLine(chart.ToSvg());
        return this;
    }

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Escape(title)}</title><style>
        {Style}
        </style></head><body><main><h1>{Escape(title)}</h1>
        {_body}
        </main></body></html>
        """;

    private static string Embed(Picture picture) => "data:image/jpeg;base64," + Convert.ToBase64String(picture.EncodeJpeg(quality: 88));
}
