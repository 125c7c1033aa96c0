using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Semblance.Core;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Models;

namespace Semblance.Server.Api;

/// <summary>A model that is sent as a ZIP file of its folder. Names in it are looked for, never used: what is unpacked is called as a model's files are.</summary>
internal static class ModelUpload
{
    private const int LongestDescription = 200;

    /// <summary>Takes it into the gallery.</summary>
    /// <param name="sent">The ZIP file; read to its end.</param>
    /// <param name="description">For people.</param>
    /// <param name="gallery">Where to.</param>
    /// <param name="options">Hold the limit.</param>
    /// <param name="audit">The line for the log, by the model's fingerprint.</param>
    /// <param name="cancellation">Stops; nothing is left behind.</param>
    /// <exception cref="SemblanceFormatException">It is no ZIP file, no model is in it, or the model is damaged.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than it may be, packed or unpacked.</exception>
    public static async Task<StoredModel> AddAsync(Stream sent, string? description, GalleryService gallery, ServerOptions options, Func<string, AuditDraft> audit, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("semblance-model-").FullName;
        try
        {
            await UnpackAsync(sent, folder, options.MaxModelBytes, cancellation);
            using var encoder = Opened(folder);
            var name = description?.Trim() is { Length: > 0 } words ? words[..Math.Min(words.Length, LongestDescription)] : $"{encoder.Fingerprint}"[..12];
            var model = await GalleryModels.AddAsync(gallery.Store, folder, encoder, name, audit($"{encoder.Fingerprint}"), cancellation);
            await gallery.Live.CatchUpAsync(cancellation);
            return model;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task UnpackAsync(Stream sent, string folder, long most, CancellationToken cancellation)
    {
        await using var file = new FileStream(Path.Combine(folder, "sent.zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await CopyAsync(sent, file, most, "the request", cancellation);
        file.Position = 0;
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var facts = zip.Entries.Where(entry => entry.Name == ModelFile.Names[0]).MinBy(entry => entry.FullName.Length)
                ?? throw new SemblanceFormatException("the ZIP file", $"holds no {ModelFile.Names[0]}: pack the folder model/ of a finished run");
            var inside = facts.FullName[..^facts.Name.Length];
            foreach (var name in ModelFile.Names)
            {
                var entry = zip.GetEntry(inside + name) ?? throw new SemblanceFormatException("the ZIP file", $"holds {facts.FullName}, but no {name} beside it: pack the whole folder model/ of a finished run");
                await using var packed = entry.Open();
                await using var unpacked = new FileStream(Path.Combine(folder, name), FileMode.CreateNew);
                await CopyAsync(packed, unpacked, most, name, cancellation);
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new SemblanceFormatException("the request", $"is no whole ZIP file: {problem.Message}", inner: problem);
        }
    }

    /// <summary>The model, with errors that name no file of this machine.</summary>
    private static TorchEncoder Opened(string folder)
    {
        try
        {
            return ModelFile.Open(folder);
        }
        catch (SemblanceFormatException problem)
        {
            throw new SemblanceFormatException("the model", problem.Message.Replace(folder + "/", "", StringComparison.Ordinal), inner: problem);
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, long most, string what, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellation)) > 0)
        {
            most -= read;
            if (most < 0)
            {
                throw new BadHttpRequestException($"{what} is larger than a model may be here", StatusCodes.Status413PayloadTooLarge);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }
}
