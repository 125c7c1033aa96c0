using System.Globalization;
using System.Text;

namespace Semblance.Cli.Report;

/// <summary>A map as SVG: one dot for each item, coloured by its group, with the group's name in the dot's title. Axes mean nothing and are not drawn.</summary>
internal sealed class ScatterChart(string title)
{
    private const int Width = 700, Height = 520, Margin = 16, Top = 30;
    private readonly List<(double X, double Y, string Colour, string Name, bool Large)> _dots = [];

    /// <summary>Colours of <paramref name="count"/> groups, evenly around the wheel.</summary>
    public static string Colour(int group, int count) => string.Create(CultureInfo.InvariantCulture, $"hsl({360.0 * group / Math.Max(1, count):0} 75% 45%)");

    public ScatterChart Add((double X, double Y) place, string colour, string name, bool large = true)
    {
        _dots.Add((place.X, place.Y, colour, name, large));
        return this;
    }

    public string ToSvg()
    {
        var svg = new StringBuilder();
        svg.Append($"<svg role=\"img\" aria-label=\"{HtmlPage.Escape(title)}\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\"><text x=\"{Margin}\" y=\"18\" font-weight=\"600\">{HtmlPage.Escape(title)}</text>");
        if (_dots.Count > 0)
        {
            var (lowX, highX, lowY, highY) = (_dots.Min(dot => dot.X), _dots.Max(dot => dot.X), _dots.Min(dot => dot.Y), _dots.Max(dot => dot.Y));
            var scale = Math.Min((Width - (2 * Margin)) / Math.Max(highX - lowX, 1e-9), (Height - Top - Margin) / Math.Max(highY - lowY, 1e-9));

            // Small dots first, so that the named ones lie on top.
            foreach (var dot in _dots.OrderBy(dot => dot.Large))
            {
                var (x, y) = (Margin + ((dot.X - lowX) * scale), Top + ((dot.Y - lowY) * scale));
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{(dot.Large ? 4 : 2)}\" fill=\"{dot.Colour}\" fill-opacity=\"{(dot.Large ? 0.9 : 0.45)}\"><title>{HtmlPage.Escape(dot.Name)}</title></circle>");
            }
        }

        return svg.Append("</svg>").ToString();
    }
}
