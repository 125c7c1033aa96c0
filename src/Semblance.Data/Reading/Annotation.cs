using System.Globalization;
using System.Text.Json;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>Reads the JSON files that come with data sets: bounded, with the entry's number in every error.</summary>
internal sealed class Annotation(string path)
{
    private const long MaxBytes = 1L << 30;

    public string Path => path;

    /// <summary>Parses the file; a byte-order mark is accepted. The caller disposes the document.</summary>
    public JsonDocument Parse()
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
        {
            throw new SemblanceFormatException(path, $"{length} bytes, at most {MaxBytes} are read: this is no annotation file");
        }

        ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
        bytes = bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowTrailingCommas = true, MaxDepth = 16 });
        }
        catch (JsonException error)
        {
            throw new SemblanceFormatException(path, $"not JSON: {error.Message}", error.LineNumber + 1, error);
        }
    }

    /// <summary>The one array that the file should be.</summary>
    public IEnumerable<(int Number, JsonElement Entry)> Entries(JsonDocument document)
    {
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new SemblanceFormatException(path, $"the file holds {Kind(document.RootElement)}, expected an array of entries");
        }

        var number = 0;
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object)
            {
                throw Wrong(number, $"is {Kind(entry)}, expected an object");
            }

            yield return (number++, entry);
        }
    }

    /// <summary>A number or a string of digits, as plain digits.</summary>
    public string Identity(int number, JsonElement entry)
    {
        var id = Required(number, entry, "id");
        return id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var value) ? value.ToString(CultureInfo.InvariantCulture)
            : id.ValueKind == JsonValueKind.String && long.TryParse(String(number, id, "id"), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed.ToString(CultureInfo.InvariantCulture)
            : throw Wrong(number, $"has the id {id.GetRawText()}, expected a whole number");
    }

    /// <summary>An array of strings, or one plain string.</summary>
    public string[] Captions(int number, JsonElement entry) => Strings(number, Required(number, entry, "captions"), "captions");

    public string[] Strings(int number, JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => [String(number, value, name)],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? String(number, item, name) : throw Wrong(number, $"has {Kind(item)} among its {name}, expected strings"))],
        _ => throw Wrong(number, $"has {Kind(value)} as {name}, expected an array of strings"),
    };

    public string Text(int number, JsonElement entry, string name)
    {
        var value = Required(number, entry, name);
        return value.ValueKind == JsonValueKind.String ? String(number, value, name) : throw Wrong(number, $"has {Kind(value)} as {name}, expected a string");
    }

    // JSON may be well formed and its text may not: another encoding, or half of a pair of surrogates.
    private string String(int number, JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(number, $"has {name} that is no UTF-8 text: save the file as UTF-8");
        }
    }

    /// <summary>A relative path with <c>/</c>; anything that would leave the data set's folder is refused.</summary>
    public string RelativePath(int number, string written)
    {
        var relative = written.Replace('\\', '/');
        return relative.Length > 0 && relative[0] != '/' && !(relative.Length > 1 && relative[1] == ':' && char.IsAsciiLetter(relative[0])) && !relative.Contains('\0', StringComparison.Ordinal)
            && Array.TrueForAll(relative.Split('/'), segment => segment is not (".." or "." or ""))
            ? relative
            : throw Wrong(number, $"names the path \"{written}\", expected one inside the data set's folder");
    }

    public SemblanceFormatException Wrong(int number, string problem) => new(path, $"entry {number} {problem}");

    private JsonElement Required(int number, JsonElement entry, string name) => entry.TryGetProperty(name, out var value)
        ? value
        : throw Wrong(number, $"lacks \"{name}\" (it has {string.Join(", ", entry.EnumerateObject().Select(property => property.Name).Take(8))})");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
