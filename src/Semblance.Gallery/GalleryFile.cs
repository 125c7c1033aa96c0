using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Core.Safetensors;

namespace Semblance.Gallery;

/// <summary>A gallery on disk, opened for reading: items, and a unit vector for each in every space. The vectors stay mapped in the file. Thread-safe.</summary>
public sealed class GalleryFile : IDisposable
{
    private const double NormTolerance = 1e-3;

    private readonly GalleryManifest _manifest;
    private readonly SafetensorsReader _vectors;

    private GalleryFile(string directory, GalleryManifest manifest, SafetensorsReader vectors)
    {
        Folder = directory;
        _manifest = manifest;
        _vectors = vectors;
    }

    /// <summary>The gallery's folder.</summary>
    public string Folder { get; }

    /// <summary>Who made the embeddings.</summary>
    public GalleryEncoder Encoder => _manifest.Encoder;

    /// <summary>The embedding spaces.</summary>
    public IReadOnlyList<GallerySpace> Spaces => _manifest.Spaces;

    /// <summary>The items, in the order of the vectors.</summary>
    public IReadOnlyList<GalleryItem> Items => _manifest.Items;

    /// <summary>Opens a gallery and proves it whole: the hash of the vectors, their shapes, unit length of every row.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no gallery in that folder.</exception>
    /// <exception cref="SemblanceFormatException">A file is missing, damaged or truncated, or the two disagree.</exception>
    public static GalleryFile Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var manifestPath = Path.Combine(directory, GalleryManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            throw new DirectoryNotFoundException($"{directory} holds no {GalleryManifest.FileName}, so it is no gallery: build one there first (semblance gallery build)");
        }

        var manifest = GalleryManifest.Read(manifestPath);
        var vectorPath = Path.Combine(directory, manifest.Embeddings);
        if (!File.Exists(vectorPath))
        {
            throw new SemblanceFormatException(vectorPath, $"the vectors that {GalleryManifest.FileName} names are missing: the copy is incomplete, or the gallery was just replaced; open it again");
        }

        var vectors = SafetensorsReader.Open(vectorPath);
        var file = new GalleryFile(directory, manifest, vectors);
        try
        {
            file.Check(vectorPath);
            return file;
        }
        catch
        {
            vectors.Dispose();
            throw;
        }
    }

    /// <summary>Full path of the item's stored picture; null when it has none. The file may be missing: callers show the item without it.</summary>
    public string? PicturePath(GalleryItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Picture is { } relative ? Path.Combine(Folder, relative) : null;
    }

    /// <summary>The space of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public GallerySpace Space(string name) => Spaces.FirstOrDefault(space => space.Name == name)
        ?? throw new ArgumentException($"the gallery has no space \"{name}\"; it has: {string.Join(", ", Spaces.Select(space => space.Name))}", nameof(name));

    /// <summary>Copies an item's unit vector.</summary>
    /// <param name="space">Name of the space.</param>
    /// <param name="index">Which item, from 0.</param>
    /// <param name="vector">Gets <c>[E]</c>.</param>
    public void CopyVector(string space, int index, Span<float> vector)
    {
        var width = Space(space).Width;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Items.Count, nameof(index));
        _vectors.Read(space, (long)index * width * sizeof(float), MemoryMarshal.AsBytes(vector[..width]));
    }

    /// <summary>Unmaps the vectors.</summary>
    public void Dispose() => _vectors.Dispose();

    private void Check(string path)
    {
        if (_vectors.Metadata.GetValueOrDefault("fingerprint") is var fingerprint && fingerprint != Encoder.Fingerprint)
        {
            throw new SemblanceFormatException(path, $"the vectors come from encoder {fingerprint ?? "unknown"}, but {GalleryManifest.FileName} says {Encoder.Fingerprint}: the files do not belong together");
        }

        foreach (var space in Spaces)
        {
            var entry = _vectors[space.Name];
            if (entry.Dtype != SafetensorsDtype.F32 || !entry.Shape.SequenceEqual([Items.Count, space.Width]))
            {
                throw new SemblanceFormatException(
                    path,
                    $"space \"{space.Name}\" is {entry.Dtype.Word()} [{string.Join(", ", entry.Shape)}], expected F32 [{Items.Count}, {space.Width}] for {Items.Count} items",
                    entry.Offset);
            }
        }

        var hash = GalleryBuilder.Hash(path);
        if (hash != _manifest.EmbeddingsHash)
        {
            throw new SemblanceFormatException(path, $"the content has SHA-256 {hash}, expected {_manifest.EmbeddingsHash}: the file is damaged; copy it again or build the gallery again");
        }

        foreach (var space in Spaces)
        {
            CheckUnitRows(path, space);
        }
    }

    private void CheckUnitRows(string path, GallerySpace space)
    {
        var row = new float[space.Width];
        for (var i = 0; i < Items.Count; i++)
        {
            CopyVector(space.Name, i, row);
            var norm = TensorPrimitives.Norm<float>(row);
            if (!(Math.Abs(norm - 1) <= NormTolerance || norm == 0))
            {
                throw new SemblanceFormatException(
                    path, $"row {i} of space \"{space.Name}\" has length {norm}, expected 1 (or 0)", _vectors[space.Name].Offset + ((long)i * space.Width * sizeof(float)));
            }
        }
    }
}
