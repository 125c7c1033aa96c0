using System.Formats.Tar;
using System.IO.Compression;
using Semblance.Core;
using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Filing.Sources;

/// <summary>Pictures in a ZIP or TAR file. Names inside are labels, never paths: nothing is unpacked to the disk.</summary>
internal sealed class ArchiveSource : IFilingSource
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];
    private readonly FilingSettings _settings;
    private readonly FileStream _file;
    private readonly ZipArchive? _zip;
    private readonly Dictionary<string, (long Start, long Length)> _tar = new(StringComparer.Ordinal);
    private readonly string[] _items;

    public ArchiveSource(FilingSettings settings)
    {
        _settings = settings;
        _file = File.OpenRead(settings.Path);
        try
        {
            if (settings.Path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
            {
                using var reader = new TarReader(_file, leaveOpen: true);
                while (reader.GetNextEntry() is { } entry)
                {
                    if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && IsPicture(entry.Name) && entry.DataOffset >= 0)
                    {
                        _tar[entry.Name] = (entry.DataOffset, entry.Length);
                    }
                }

                _items = [.. _tar.Keys.Order(StringComparer.Ordinal)];
            }
            else
            {
                _zip = new ZipArchive(_file, ZipArchiveMode.Read, leaveOpen: true);
                _items = [.. _zip.Entries.Where(entry => IsPicture(entry.FullName)).Select(entry => entry.FullName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            }

            if (_items.Length == 0)
            {
                throw new SemblanceFormatException(settings.Path, $"holds no picture ({string.Join(", ", Extensions)})");
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or FormatException)
        {
            Dispose();
            throw new SemblanceFormatException(settings.Path, $"is no whole ZIP or TAR file ({problem.Message}); of compressed TAR files, give the TAR file itself", inner: problem);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<(string Path, string Reason)> Problems => [];

    public IEnumerable<string> Items() => _items;

    public IEnumerable<FoundPerson> Open(string item, CancellationToken cancellation)
    {
        var name = $"{Path.GetFileName(_settings.Path)}/{item}";
        var bytes = Bytes(item, name);
        var picture = PictureReader.Decode(bytes, name, PictureReaderOptions.Photo);
        yield return new FoundPerson(new StoredSighting { Key = $"{name}~{ContentMark.Of(bytes)}", Picture = "", Source = name, Camera = _settings.Camera, Taken = _settings.Taken ?? PictureHeader.Read(bytes, name).Taken }, picture);
    }

    public void Dispose()
    {
        _zip?.Dispose();
        _file.Dispose();
    }

    /// <summary>No more than a picture may have, whatever the archive claims.</summary>
    private byte[] Bytes(string item, string name)
    {
        var most = PictureReaderOptions.Photo.MaxBytes;
        try
        {
            if (_zip is null)
            {
                var (start, length) = _tar.TryGetValue(item, out var place) ? place : throw new SemblanceFormatException(name, "is not in the archive any more");
                var bytes = new byte[Math.Min(length, most + 1)];
                _file.Position = start;
                _file.ReadExactly(bytes);
                return bytes;
            }

            var entry = _zip.GetEntry(item) ?? throw new SemblanceFormatException(name, "is not in the archive any more");
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            var buffer = new byte[1 << 16];
            int read;
            while (copy.Length <= most && (read = stream.Read(buffer)) > 0)
            {
                copy.Write(buffer, 0, read);
            }

            return copy.ToArray();
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new SemblanceFormatException(name, $"cannot be unpacked: {problem.Message}", inner: problem);
        }
    }

    private static bool IsPicture(string name) => Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()) && !Path.GetFileName(name).StartsWith('.');
}
