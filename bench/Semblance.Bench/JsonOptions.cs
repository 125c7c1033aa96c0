using System.Text.Json;

namespace Semblance.Bench;

internal static class JsonOptions
{
    public static JsonSerializerOptions Default { get; } = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
