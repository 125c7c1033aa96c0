using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.Core;

namespace Semblance.Training;

/// <summary>JSON records beside results: indented for a reader, replaced atomically.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, JsonNode node) => AtomicFile.WriteText(path, node.ToJsonString(Indented) + "\n");

    public static JsonObject ReadObject(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new SemblanceFormatException(path, "no JSON object");
        }
        catch (JsonException exception)
        {
            throw new SemblanceFormatException(path, $"damaged JSON: {exception.Message}", exception.BytePositionInLine, exception);
        }
    }
}
