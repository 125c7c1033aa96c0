using System.Security.Cryptography;
using Semblance.Core;
using Semblance.Core.Safetensors;
using Semblance.Core.Vectors;

namespace Semblance.Gallery;

/// <summary>Fills a gallery and writes it to a folder. Nothing is visible to readers before <see cref="Save"/>, and then all of it at once. Not thread-safe.</summary>
/// <remarks>
/// The folder: <c>gallery.json</c> (encoder, spaces, items), <c>embeddings-HASH.safetensors</c> (a float32 tensor <c>[N, E]</c> of unit rows for each space),
/// <c>pictures/</c> (thumbnails, named by their content).
/// </remarks>
public sealed class GalleryBuilder
{
    private readonly List<GalleryItem> _items = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<float[]>[] _rows;
    private readonly GallerySpace[] _spaces;

    /// <summary>Starts an empty gallery; whatever the folder holds stays as it is until <see cref="Save"/>.</summary>
    /// <param name="directory">The gallery's folder; made when it is missing.</param>
    /// <param name="encoder">Who makes the embeddings.</param>
    /// <param name="spaces">The spaces in which every item has an embedding; at least one.</param>
    public GalleryBuilder(string directory, GalleryEncoder encoder, params IReadOnlyList<GallerySpace> spaces)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(spaces);
        if (spaces.Count == 0 || spaces.Any(space => space.Width < 1) || spaces.DistinctBy(space => space.Name).Count() != spaces.Count)
        {
            throw new ArgumentException($"the spaces are {string.Join(", ", spaces)}, expected at least one, each with its own name and a positive width", nameof(spaces));
        }

        Folder = directory;
        Encoder = encoder;
        _spaces = [.. spaces];
        _rows = [.. spaces.Select(_ => new List<float[]>())];
    }

    /// <summary>The gallery's folder.</summary>
    public string Folder { get; }

    /// <summary>Who makes the embeddings.</summary>
    public GalleryEncoder Encoder { get; }

    /// <summary>Items so far.</summary>
    public int Count => _items.Count;

    /// <summary>Items so far of which an embedding is a zero vector: they can be found by nothing.</summary>
    public int ZeroVectors { get; private set; }

    /// <summary>Stores an encoded picture under the hash of its content, so that the same picture is stored once.</summary>
    /// <param name="encoded">JPEG, PNG or WebP bytes.</param>
    /// <param name="extension">With the dot.</param>
    /// <returns>What <see cref="GalleryItem.Picture"/> wants.</returns>
    public string StorePicture(ReadOnlyMemory<byte> encoded, string extension = ".jpg")
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(encoded.Span))[..32];
        var relative = $"{GalleryManifest.PictureFolder}/{hash[..2]}/{hash}{extension}";
        var full = Path.Combine(Folder, relative);
        if (!File.Exists(full))
        {
            AtomicFile.WriteBytes(full, encoded);
        }

        return relative;
    }

    /// <summary>Adds an item with its embedding in every space; the vectors are copied and brought to unit length.</summary>
    /// <exception cref="ArgumentException">
    /// The id is taken, a space is missing or unknown, a vector has another width or a value that is not finite, or another encoder made it.
    /// </exception>
    public void Add(GalleryItem item, params IReadOnlyList<Embedding> embeddings)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(embeddings);
        var names = string.Join(", ", _spaces.Select(space => space.Name));
        if (embeddings.Count != _spaces.Length)
        {
            throw new ArgumentException($"item \"{item.Id}\" has {embeddings.Count} embeddings, expected one for each of: {names}", nameof(embeddings));
        }

        var rows = new float[_spaces.Length][];
        var zero = false;
        foreach (var embedding in embeddings)
        {
            Encoder.Check(embedding, $"the embedding of item \"{item.Id}\"");
            var space = Array.FindIndex(_spaces, space => space.Name == embedding.Space);
            if (space < 0 || rows[space] is not null)
            {
                throw new ArgumentException($"item \"{item.Id}\" has an embedding in space \"{embedding.Space}\", expected one for each of: {names}", nameof(embeddings));
            }

            if (embedding.Vector.Length != _spaces[space].Width)
            {
                throw new ArgumentException(
                    $"item \"{item.Id}\" has {embedding.Vector.Length} dimensions in space \"{embedding.Space}\", expected {_spaces[space].Width}", nameof(embeddings));
            }

            rows[space] = embedding.Vector.ToArray();
            zero |= !Normalise(rows[space], item, embedding.Space);
        }

        if (!_ids.Add(item.Id))
        {
            throw new ArgumentException($"there is an item \"{item.Id}\" already: ids are unique", nameof(item));
        }

        _items.Add(item);
        ZeroVectors += zero ? 1 : 0;
        for (var s = 0; s < rows.Length; s++)
        {
            _rows[s].Add(rows[s]);
        }
    }

    /// <summary>Writes the gallery; a reader sees the old one or the new one, never a mixture. More items may be added afterwards, and saved again.</summary>
    /// <exception cref="InvalidOperationException">There is no item.</exception>
    public void Save()
    {
        if (_items.Count == 0)
        {
            throw new InvalidOperationException($"the gallery in {Folder} would be empty: add an item first");
        }

        var beside = Path.Combine(Folder, $"embeddings.{Environment.ProcessId}.new");
        try
        {
            SafetensorsWriter.Write(
                beside,
                _spaces.Select((space, s) => new SafetensorsItem(space.Name, SafetensorsDtype.F32, [_items.Count, space.Width], stream => Pour(stream, _rows[s]))),
                new Dictionary<string, string>(StringComparer.Ordinal) { ["fingerprint"] = Encoder.Fingerprint });
            var hash = Hash(beside);
            var name = $"embeddings-{hash[..16]}.safetensors";
            File.Move(beside, Path.Combine(Folder, name), overwrite: true);
            new GalleryManifest
            {
                Format = GalleryManifest.FormatName,
                Version = GalleryManifest.CurrentVersion,
                Encoder = Encoder,
                Embeddings = name,
                EmbeddingsHash = hash,
                Spaces = _spaces,
                Items = _items,
            }.Write(Path.Combine(Folder, GalleryManifest.FileName));

            // Only now does nobody name the older vectors any more; who has them open keeps them.
            foreach (var old in Directory.EnumerateFiles(Folder, "embeddings-*.safetensors").Where(path => Path.GetFileName(path) != name))
            {
                File.Delete(old);
            }
        }
        finally
        {
            File.Delete(beside);
        }
    }

    internal static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void Pour(Stream stream, List<float[]> rows)
    {
        foreach (var row in rows)
        {
            stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }

    private static bool Normalise(float[] vector, GalleryItem item, string space)
    {
        try
        {
            return UnitVectors.NormaliseInPlace(vector);
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"item \"{item.Id}\", space \"{space}\": {problem.Message}", problem);
        }
    }
}
