using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.Core;

namespace Semblance.Training.Metrics;

/// <summary>
/// The curves of a run as JSON lines: one object per line, <c>step</c> first. Lines are appended whole; opening at a step drops the lines after it, and a line that
/// a killed process left half written.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Opens the log to go on after a step.</summary>
    /// <param name="path">Made if missing.</param>
    /// <param name="afterStep">Lines with a greater step are dropped: the run is about to write them again. 0 starts anew.</param>
    public MetricsLog(string path, long afterStep)
    {
        var kept = afterStep > 0 && File.Exists(path) ? Read(path).Where(line => (long?)line["step"] <= afterStep).ToList() : [];
        AtomicFile.WriteText(path, string.Concat(kept.Select(line => line.ToJsonString() + "\n")));
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The whole lines of a log, oldest first; a torn last line is left out.</summary>
    public static IEnumerable<JsonObject> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            JsonNode? node;
            try
            {
                node = JsonNode.Parse(line);
            }
            catch (JsonException)
            {
                yield break;
            }

            if (node is JsonObject entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Appends one line.</summary>
    public void Write(JsonObject line) => _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n']);

    public void Dispose() => _stream.Dispose();
}
