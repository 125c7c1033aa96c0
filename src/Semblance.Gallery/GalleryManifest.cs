using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Core;

namespace Semblance.Gallery;

/// <summary>The file <c>gallery.json</c>: everything but vectors and pictures. It names the file of vectors, so that replacing it alone replaces the gallery.</summary>
internal sealed record GalleryManifest
{
    public const string FileName = "gallery.json";
    public const string FormatName = "semblance-gallery";
    public const int CurrentVersion = 1;
    public const string PictureFolder = "pictures";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentSize = 1,
    };

    private static readonly JsonSerializerOptions HeadOptions = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required GalleryEncoder Encoder { get; init; }

    public required string Embeddings { get; init; }

    /// <summary>SHA-256 of the file of vectors, 64 hexadecimal digits.</summary>
    public required string EmbeddingsHash { get; init; }

    public required IReadOnlyList<GallerySpace> Spaces { get; init; }

    public required IReadOnlyList<GalleryItem> Items { get; init; }

    public static GalleryManifest Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            CheckHead(path, stream);
            return JsonSerializer.Deserialize<GalleryManifest>(stream, Options) is { } manifest
                ? manifest.Checked(path)
                : throw new SemblanceFormatException(path, "the file holds null, expected a gallery");
        }
        catch (JsonException problem)
        {
            throw new SemblanceFormatException(path, $"not a readable gallery: {problem.Message}", problem.LineNumber + 1, problem);
        }
    }

    public void Write(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Options));

    // The two first fields are looked at before the rest, so that a gallery of a later version is named as such and not as damaged.
    private static void CheckHead(string path, FileStream stream)
    {
        var head = JsonSerializer.Deserialize<Head>(stream, HeadOptions);
        if (head?.Format != FormatName)
        {
            throw new SemblanceFormatException(path, $"the field \"format\" is {(head?.Format is { } other ? $"\"{other}\"" : "missing")}, expected \"{FormatName}\"");
        }

        if (head.Version != CurrentVersion)
        {
            throw new SemblanceFormatException(path, $"the gallery has version {head.Version}, this program reads version {CurrentVersion}: use the program that wrote it, or build it again");
        }

        stream.Position = 0;
    }

    private GalleryManifest Checked(string path)
    {
        if (!IsPlainName(Embeddings))
        {
            throw new SemblanceFormatException(path, $"the file of vectors is \"{Embeddings}\", expected a name inside the gallery's folder");
        }

        if (Spaces.Count == 0 || Spaces.Contains(null!) || Spaces.Any(space => space.Width < 1) || Spaces.DistinctBy(space => space.Name).Count() != Spaces.Count)
        {
            throw new SemblanceFormatException(path, $"the spaces are {string.Join(", ", Spaces)}, expected at least one, each with its own name and a positive width");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Items)
        {
            if (item is null)
            {
                throw new SemblanceFormatException(path, $"item {ids.Count} is null, expected an object");
            }

            if (!ids.Add(item.Id))
            {
                throw new SemblanceFormatException(path, $"two items have the id \"{item.Id}\"");
            }

            if (item.Picture is { } picture && !IsInside(picture))
            {
                throw new SemblanceFormatException(path, $"the picture of item \"{item.Id}\" is \"{picture}\", expected a path inside the gallery's folder");
            }
        }

        return this;
    }

    private static bool IsPlainName(string name) => name.Length > 0 && name == Path.GetFileName(name) && name is not ("." or "..");

    private static bool IsInside(string path) => path.Length > 0 && path.Split('/').All(part => IsPlainName(part) && !part.Contains('\\', StringComparison.Ordinal));

    private sealed record Head(string? Format = null, int? Version = null);
}
