using System.Runtime.InteropServices;
using Semblance.Core;

namespace Semblance.Imaging.Interop;

/// <summary>The C interface of native/pictures.cpp. Every status is 0, or 1 with the reason in <see cref="LastError"/> of the same thread.</summary>
internal static partial class Native
{
    private const string Library = "semblance_pictures";

    static Native()
    {
        BlasChoice.Apply();  // OpenCV brings OpenBLAS in
        if (Setup() != 0)
        {
            throw new InvalidOperationException($"OpenCV cannot be set up: {LastError}");
        }
    }

    /// <summary>Why the last call on this thread failed.</summary>
    public static string LastError => Marshal.PtrToStringUTF8(Error()) ?? "no reason given";

    [LibraryImport(Library, EntryPoint = "semblance_decode_jpeg")]
    public static partial int DecodeJpeg(ReadOnlySpan<byte> bytes, nuint length, int width, int height, Span<byte> rgb, Span<byte> damage);

    [LibraryImport(Library, EntryPoint = "semblance_decode")]
    public static partial int Decode(ReadOnlySpan<byte> bytes, nuint length, int width, int height, int blend, Span<byte> rgb);

    [LibraryImport(Library, EntryPoint = "semblance_decode_labels")]
    public static partial int DecodeLabels(ReadOnlySpan<byte> bytes, nuint length, int width, int height, Span<byte> labels);

    [LibraryImport(Library, EntryPoint = "semblance_encode", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, string format, int quality, out EncodedBytes encoded);

    [LibraryImport(Library, EntryPoint = "semblance_bytes_data")]
    public static partial nint BytesData(EncodedBytes bytes);

    [LibraryImport(Library, EntryPoint = "semblance_bytes_length")]
    public static partial nuint BytesLength(EncodedBytes bytes);

    [LibraryImport(Library, EntryPoint = "semblance_bytes_free")]
    public static partial void BytesFree(nint bytes);

    [LibraryImport(Library, EntryPoint = "semblance_text", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Text(
        Span<byte> rgb, int width, int height, string text, int x, int y, double scale, int thickness, int red, int green, int blue);

    [LibraryImport(Library, EntryPoint = "semblance_text_size", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TextSize(string text, double scale, int thickness, out int width, out int height, out int descent);

    [LibraryImport(Library, EntryPoint = "semblance_colour_map")]
    public static partial int ColourMap(int map, Span<byte> table);

    [LibraryImport(Library, EntryPoint = "semblance_video_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int VideoOpen(string path, out VideoHandle video, out int width, out int height, out double rate, out long frames);

    [LibraryImport(Library, EntryPoint = "semblance_video_next")]
    public static partial int VideoNext(VideoHandle video, out int got, out double milliseconds);

    [LibraryImport(Library, EntryPoint = "semblance_video_picture")]
    public static partial int VideoPicture(VideoHandle video, int width, int height, Span<byte> rgb);

    [LibraryImport(Library, EntryPoint = "semblance_video_close")]
    public static partial void VideoClose(nint video);

    [LibraryImport(Library, EntryPoint = "semblance_people_create")]
    public static partial int PeopleCreate(out PeopleHandle people);

    [LibraryImport(Library, EntryPoint = "semblance_people_detect")]
    public static partial int PeopleDetect(
        PeopleHandle people, ReadOnlySpan<byte> rgb, int width, int height, double margin, int stride, double scale, Span<double> windows, int room, out int count);

    [LibraryImport(Library, EntryPoint = "semblance_people_free")]
    public static partial void PeopleFree(nint people);

    [LibraryImport(Library, EntryPoint = "semblance_background_create")]
    public static partial int BackgroundCreate(int history, double threshold, double share, out BackgroundHandle background);

    [LibraryImport(Library, EntryPoint = "semblance_background_apply")]
    public static partial int BackgroundApply(BackgroundHandle background, ReadOnlySpan<byte> rgb, int width, int height, double rate, Span<byte> mask);

    [LibraryImport(Library, EntryPoint = "semblance_background_free")]
    public static partial void BackgroundFree(nint background);

    [LibraryImport(Library, EntryPoint = "semblance_pictures_setup")]
    private static partial int Setup();

    [LibraryImport(Library, EntryPoint = "semblance_pictures_error")]
    private static partial nint Error();
}
