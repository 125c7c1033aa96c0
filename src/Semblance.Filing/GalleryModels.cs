using Semblance.Core;
using Semblance.Gallery;
using Semblance.Gallery.Stores;
using Semblance.Models;

namespace Semblance.Filing;

/// <summary>Models travel with their gallery: put in from a folder, opened on any machine.</summary>
public static class GalleryModels
{
    /// <summary>Takes a model's folder into a gallery; the first becomes its current model.</summary>
    /// <param name="store">The gallery.</param>
    /// <param name="folder">With model.json.</param>
    /// <param name="encoder">Opened from that folder.</param>
    /// <param name="description">For people.</param>
    /// <param name="audit">Logged with it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static Task<StoredModel> AddAsync(
        IGalleryStore store, string folder, IPersonEncoder encoder, string description, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(encoder);
        return store.AddModelAsync(
            new GalleryEncoder(encoder.Fingerprint.ToString(), description),
            [new GallerySpace(GallerySpaces.Image, encoder.Width(EmbeddingSpace.Image)), new GallerySpace(GallerySpaces.Joint, encoder.Width(EmbeddingSpace.Joint))],
            [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => new StoredModelFile(Path.GetFileName(path), File.ReadAllBytes(path)))],
            audit,
            cancellation);
    }

    /// <summary>Opens the current model of a gallery.</summary>
    /// <exception cref="ArgumentException">The gallery has no model.</exception>
    public static async Task<TorchEncoder> OpenAsync(IGalleryStore store, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var model = (await store.ModelsAsync(cancellation)).FirstOrDefault(model => model.State == ModelState.Current)
            ?? throw new ArgumentException($"the gallery {store.Location} has no model: file something with one first (semblance gallery build RUN)", nameof(store));
        return await OpenAsync(store, model.Encoder.Fingerprint, cancellation);
    }

    /// <summary>Opens a model of a gallery by its fingerprint, from a copy beside the gallery or in the user's cache.</summary>
    /// <exception cref="SemblanceFormatException">Its files are damaged, or not those of that fingerprint.</exception>
    public static async Task<TorchEncoder> OpenAsync(IGalleryStore store, string fingerprint, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(fingerprint);
        var folder = Path.Combine(CacheFolder(store), fingerprint);
        if (!Directory.Exists(folder))
        {
            await UnpackAsync(store, fingerprint, folder, cancellation);
        }

        try
        {
            return Proven(ModelFile.Open(folder), fingerprint, folder);
        }
        catch (SemblanceFormatException)
        {
            // The copy is only a copy: the gallery has the model itself.
            Directory.Delete(folder, recursive: true);
            await UnpackAsync(store, fingerprint, folder, cancellation);
            return Proven(ModelFile.Open(folder), fingerprint, folder);
        }
    }

    private static TorchEncoder Proven(TorchEncoder encoder, string fingerprint, string folder)
    {
        if (encoder.Fingerprint.ToString() == fingerprint)
        {
            return encoder;
        }

        var found = encoder.Fingerprint;
        encoder.Dispose();
        throw new SemblanceFormatException(folder, $"holds model {found}, expected {fingerprint}");
    }

    private static async Task UnpackAsync(IGalleryStore store, string fingerprint, string folder, CancellationToken cancellation)
    {
        var files = await store.ModelFilesAsync(fingerprint, cancellation);
        if (files.Count == 0)
        {
            throw new ArgumentException($"the gallery {store.Location} has no model {fingerprint}");
        }

        var beside = $"{folder}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        Directory.CreateDirectory(beside);
        try
        {
            foreach (var file in files)
            {
                // Names come from a database that others write to.
                var name = Path.GetFileName(file.Name);
                await File.WriteAllBytesAsync(Path.Combine(beside, name), file.Content, cancellation);
            }

            Directory.Move(beside, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another worker was quicker.
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    private static string CacheFolder(IGalleryStore store) => GalleryStores.IsPostgres(store.Location)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "semblance", "models")
        : Path.Combine(store.Location, "models");
}
