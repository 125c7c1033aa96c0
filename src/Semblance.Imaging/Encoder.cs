using System.Runtime.InteropServices;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>Pixels to file bytes.</summary>
internal static class Encoder
{
    /// <summary>zlib's level for PNG: 3 is near the smallest size for photographs at a third of the time of 9.</summary>
    public const int PngEffort = 3;

    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels, string extension, int quality)
    {
        var status = Native.Encode(pixels, width, height, channels, extension, quality, out var encoded);
        using (encoded)
        {
            if (status != 0)
            {
                throw new InvalidOperationException($"a picture of {width} x {height} cannot be encoded as {extension}: {Native.LastError}");
            }

            var bytes = new byte[(int)Native.BytesLength(encoded)];
            Marshal.Copy(Native.BytesData(encoded), bytes, 0, bytes.Length);
            return bytes;
        }
    }
}
