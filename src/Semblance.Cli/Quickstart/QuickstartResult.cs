using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Semblance.Cli.Quickstart;

/// <summary>Every figure of a quickstart, as <c>quickstart.json</c> holds them.</summary>
internal sealed record QuickstartResult
{
    /// <summary>The trained model on people and cameras that it has never seen.</summary>
    public required Measured Unseen { get; init; }

    /// <summary>The weights that training started from, by themselves; null when it started from random ones.</summary>
    public Measured? Start { get; init; }

    /// <summary>The same model with random weights: what chance and architecture give.</summary>
    public required Measured Untrained { get; init; }

    /// <summary>Colour histograms against pictures, colour words against stripes: what colours alone give.</summary>
    public required Measured Histogram { get; init; }

    public required Timing Seconds { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Directory of the training run; eval, gallery and explain take it.</summary>
    public required string Run { get; init; }

    /// <summary>The unseen pictures, in the layout of Market-1501.</summary>
    public required string World { get; init; }

    public required string Gallery { get; init; }

    public required string Report { get; init; }

    public FootageFigures? Footage { get; init; }

    /// <summary>Two tasks on one domain, each in the form of <c>eval --json</c>.</summary>
    internal sealed record Measured
    {
        public string? Domain { get; init; }

        [JsonPropertyName("text-to-image")]
        public required JsonObject TextToImage { get; init; }

        [JsonPropertyName("image")]
        public required JsonObject Image { get; init; }
    }

    /// <summary>Seconds, in all and by step.</summary>
    internal sealed record Timing(double Total, IReadOnlyDictionary<string, double> Steps);

    /// <summary>What was found in the video.</summary>
    internal sealed record FootageFigures(string Video, int Detections, string Gallery);
}
