using System.Text;

namespace Semblance.Cli.Report;

/// <summary>A line chart as SVG: one or more named series over a common horizontal axis.</summary>
internal sealed class LineChart(string title, string horizontal)
{
    private const int Width = 340, Height = 220, Left = 44, Right = 10, Top = 40, Bottom = 30, Legend = 31;
    private static readonly string[] Colours = ["#2563eb", "#c8362b", "#1a8f4c", "#9333ea", "#c77800"];
    private readonly List<(string Name, IReadOnlyList<(double X, double Y)> Points)> _series = [];

    /// <summary>Adds a series; points that are not finite are left out. A series without points draws nothing.</summary>
    public LineChart Add(string name, IEnumerable<(double X, double Y)> points)
    {
        _series.Add((name, [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))]));
        return this;
    }

    public string ToSvg()
    {
        var all = _series.SelectMany(series => series.Points).ToArray();
        var svg = new StringBuilder();
        svg.Append($"<svg role=\"img\" aria-label=\"{HtmlPage.Escape(title)}\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\">");
        svg.Append($"<text x=\"{Left}\" y=\"16\" font-weight=\"600\">{HtmlPage.Escape(title)}</text>");
        if (all.Length == 0)
        {
            return svg.Append("</svg>").ToString();
        }

        var (lowX, highX) = Bounds(all.Select(p => p.X), includeZero: false);
        var (lowY, highY) = Bounds(all.Select(p => p.Y), includeZero: true);
        double X(double x) => Left + ((x - lowX) / (highX - lowX) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - lowY) / (highY - lowY) * (Height - Top - Bottom));
        for (var i = 0; i <= 4; i++)
        {
            var y = lowY + ((highY - lowY) * i / 4);
            svg.Append($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#8884\"/><text x=\"{Left - 5}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:0.##}</text>");
        }

        svg.Append($"<text x=\"{Left}\" y=\"{Height - 10}\">{lowX:0.#}</text><text x=\"{Width - Right}\" y=\"{Height - 10}\" text-anchor=\"end\">{highX:0.#} {HtmlPage.Escape(horizontal)}</text>");
        var label = Left;
        for (var i = 0; i < _series.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"{string.Join(' ', _series[i].Points.Select(p => $"{X(p.X):0.#},{Y(p.Y):0.#}"))}\"/>");
            if (_series.Count > 1)
            {
                svg.Append($"<text x=\"{label}\" y=\"{Legend}\" style=\"fill:{colour}\">{HtmlPage.Escape(_series[i].Name)}</text>");
                label += 14 + (7 * _series[i].Name.Length);
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static (double Low, double High) Bounds(IEnumerable<double> values, bool includeZero)
    {
        var low = values.Min();
        var high = values.Max();
        if (includeZero)
        {
            low = Math.Min(0, low);
        }

        return high > low ? (low, high) : (low, low + 1);
    }
}
