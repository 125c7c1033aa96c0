using Semblance.Core;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>A video file, read frame by frame from start to end; one frame is in memory at a time. For one thread at a time.</summary>
public sealed class VideoReader : IDisposable
{
    private readonly VideoHandle _handle;
    private readonly VideoReaderOptions _options;
    private long _next;
    private TimeSpan _time;

    private VideoReader(string path, VideoHandle handle, int width, int height, double rate, long frames, VideoReaderOptions options)
    {
        Path = path;
        _handle = handle;
        _options = options;
        Width = width;
        Height = height;
        FramesPerSecond = double.IsFinite(rate) && rate > 0 ? rate : null;
        DeclaredFrames = frames > 0 ? frames : null;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Columns of every frame.</summary>
    public int Width { get; }

    /// <summary>Rows of every frame.</summary>
    public int Height { get; }

    /// <summary>As the container declares it; null where it does not.</summary>
    public double? FramesPerSecond { get; }

    /// <summary>The container's own count, which may be wrong; null where it has none. Good for a progress bar only.</summary>
    public long? DeclaredFrames { get; }

    /// <summary>Opens a file that FFmpeg can read (AVI, MP4, MKV, WebM, MPEG and so on).</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="SemblanceFormatException">Empty, a picture, text, without a video stream, or larger than the limits.</exception>
    public static VideoReader Open(string path, VideoReaderOptions? options = null)
    {
        options ??= new VideoReaderOptions();

        // A full path of a file that is there: FFmpeg would take "http:" and "concat:" for addresses.
        var full = System.IO.Path.GetFullPath(path);
        RefuseWhatIsNoVideo(full, path);
        var status = Native.VideoOpen(full, out var handle, out var width, out var height, out var rate, out var frames);
        if (status != 0)
        {
            handle.Dispose();
            throw new SemblanceFormatException(path, $"{Native.LastError}: the file is damaged, or no video that FFmpeg knows");
        }

        if (width <= 0 || height <= 0 || (long)width * height > options.MaxPixels)
        {
            handle.Dispose();
            throw new SemblanceFormatException(
                path, $"frames of {width} x {height} pixels, expected 1 to {options.MaxPixels} pixels: shrink it, or raise {nameof(VideoReaderOptions.MaxPixels)}");
        }

        return new VideoReader(path, handle, width, height, rate, frames, options);
    }

    /// <summary>The frames from here to the end. What was read is not read again.</summary>
    /// <param name="every">Take one frame of so many, the first one included; the others are decoded but never become pictures.</param>
    /// <exception cref="SemblanceFormatException">A frame is damaged or of another size, or there are more than the limit.</exception>
    public IEnumerable<VideoFrame> Frames(int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        return Read(every);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private IEnumerable<VideoFrame> Read(int every)
    {
        var skipped = 0;
        while (Advance())
        {
            if (skipped++ % every != 0)
            {
                continue;
            }

            var picture = new Picture(Width, Height);
            Check(Native.VideoPicture(_handle, Width, Height, picture.Rgb));
            yield return new VideoFrame(_next - 1, _time, picture);
        }
    }

    private bool Advance()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        Check(Native.VideoNext(_handle, out var got, out var milliseconds));
        if (got == 0)
        {
            return false;
        }

        if (_next >= _options.MaxFrames)
        {
            throw new SemblanceFormatException(Path, $"more than {_options.MaxFrames} frames: raise {nameof(VideoReaderOptions.MaxFrames)}", _next);
        }

        // Some containers have no stamps, or stamps that fall: the frame rate then says when.
        var stamp = TimeSpan.FromMilliseconds(double.IsFinite(milliseconds) ? Math.Clamp(milliseconds, 0, 1e12) : 0);
        var counted = FramesPerSecond is { } rate ? TimeSpan.FromSeconds(_next / rate) : _time;
        _time = stamp > _time || _next == 0 ? stamp : counted > _time ? counted : _time;
        _next++;
        return true;
    }

    private void Check(int status)
    {
        if (status != 0)
        {
            throw new SemblanceFormatException(Path, Native.LastError, _next);
        }
    }

    private static void RefuseWhatIsNoVideo(string full, string path)
    {
        Span<byte> start = stackalloc byte[256];
        using (var file = File.OpenRead(full))
        {
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        // FFmpeg plays pictures as films of one frame, renders text, and follows play lists to other files and hosts.
        var found = start switch
        {
            [] => "the file is empty (0 bytes)",
            [0xFF, 0xD8, 0xFF, ..] => "a JPEG picture",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG picture",
            [(byte)'B', (byte)'M', ..] => "a BMP picture",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a WebP picture",
            _ when !start.ContainsAnyExceptInRange((byte)'\t', (byte)'~') => "text",
            _ => null,
        };
        if (found is not null)
        {
            throw new SemblanceFormatException(path, $"{found}, expected a video");
        }
    }
}
