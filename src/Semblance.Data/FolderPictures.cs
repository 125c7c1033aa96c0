using System.Collections.Concurrent;
using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>Pictures from a folder, and masks from its <c>masks/</c>: the same relative path with the ending <c>.png</c>, a label for each pixel, 0 for background.</summary>
/// <remarks>With a cache, a decoded picture is kept until the room is used up and handed to everybody who asks: treat pictures as read-only.</remarks>
public sealed class FolderPictures : IPictureSource
{
    private readonly string _root;
    private readonly PictureReaderOptions _reader;
    private readonly bool _hasMasks;
    private readonly ConcurrentDictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LabelMap> _masks = new(StringComparer.Ordinal);
    private long _room;

    /// <param name="root">Folder that paths of records are relative to.</param>
    /// <param name="reader">Limits and tolerance of the decoder; those for data sets when null.</param>
    /// <param name="cacheBytes">Memory for decoded pictures and masks; 0 for none.</param>
    public FolderPictures(string root, PictureReaderOptions? reader = null, long cacheBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        (_root, _reader, _room) = (root, reader ?? PictureReaderOptions.Dataset, cacheBytes);
        _hasMasks = Directory.Exists(Path.Combine(root, "masks"));
    }

    /// <inheritdoc/>
    public Picture LoadPicture(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_pictures.TryGetValue(record.ImagePath, out var kept))
        {
            return kept;
        }

        var path = Path.Combine(_root, record.ImagePath);
        try
        {
            var picture = PictureReader.Read(path, _reader);
            if (Reserve(picture.Rgb.Length))
            {
                _pictures[record.ImagePath] = picture;
            }

            return picture;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceFormatException(path, $"the picture cannot be read: {error.Message}", inner: error);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SemblanceFormatException">The mask is damaged.</exception>
    public LabelMap? LoadMask(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!_hasMasks)
        {
            return null;
        }

        if (_masks.TryGetValue(record.ImagePath, out var kept))
        {
            return kept;
        }

        var path = Path.Combine(_root, "masks", Path.ChangeExtension(record.ImagePath, ".png"));
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceFormatException(path, $"the mask cannot be read: {error.Message}", inner: error);
        }

        var mask = LabelMap.Decode(bytes, path, _reader);
        if (Reserve(mask.Labels.Length))
        {
            _masks[record.ImagePath] = mask;
        }

        return mask;
    }

    private bool Reserve(long bytes)
    {
        if (Interlocked.Add(ref _room, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _room, bytes);
        return false;
    }
}
