using System.Numerics;
using Semblance.Core;

namespace Semblance.Synthesis.Cameras;

/// <summary>From light to bytes: blur, response, noise, tone curve, sharpening, as one camera does it.</summary>
internal sealed class Sensor
{
    private Vector3[] _rows = [];

    /// <summary>Exposes a picture of linear light into sRGB-like bytes, row by row, RGB.</summary>
    /// <param name="film">Linear light; overwritten.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="camera">How the camera sees.</param>
    /// <param name="exposure">Factor to a middle grey of about 0.2.</param>
    /// <param name="blur">Standard deviation in pixels.</param>
    /// <param name="noise">Standard deviation at middle grey, as a share of white.</param>
    /// <param name="randomness">The picture's own.</param>
    /// <param name="bytes">Receives the pixels.</param>
    public void Expose(Vector3[] film, int width, int height, CameraProfile camera, float exposure, float blur, float noise, ref Randomness randomness, byte[] bytes)
    {
        if (blur > 0.2f)
        {
            Smooth(film, width, height, blur);
        }

        var seed = (uint)randomness.NextBits();
        var curve = Curve(camera);
        var sharpen = camera.Sharpening;
        for (var i = 0; i < width * height; i++)
        {
            var light = Vector3.TransformNormal(film[i] * exposure, camera.Response) + new Vector3(camera.Haze);

            // Shot noise grows with the root of the light; the three channels share half of it.
            var grey = MathF.Max(0, 0.33f * (light.X + light.Y + light.Z));
            var sigma = noise * (0.35f + MathF.Sqrt(grey));
            var (n0, n1, n2) = Grain(ref seed);
            light += sigma * new Vector3(n0 + (0.4f * n1), n0 + (0.3f * n2), n0 - (0.4f * n1));
            film[i] = new Vector3(Tone(curve, light.X), Tone(curve, light.Y), Tone(curve, light.Z));
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                var c = film[i];
                if (sharpen > 0 && x > 0 && y > 0 && x < width - 1 && y < height - 1)
                {
                    c += sharpen * (c - (0.25f * (film[i - 1] + film[i + 1] + film[i - width] + film[i + width])));
                }

                bytes[3 * i] = Byte(c.X);
                bytes[(3 * i) + 1] = Byte(c.Y);
                bytes[(3 * i) + 2] = Byte(c.Z);
            }
        }
    }

    private static byte Byte(float c) => (byte)Math.Clamp((int)((c * 255) + 0.5f), 0, 255);

    /// <summary>The tone curve at 1024 levels of light up to 4.</summary>
    private static float[] Curve(CameraProfile camera)
    {
        var table = new float[1026];
        for (var i = 0; i < table.Length; i++)
        {
            var x = i / 256f;

            // A shoulder that keeps highlights, then gamma, then an S curve.
            x = x * (1 + (x / 9)) / (1 + (0.55f * x));
            var y = MathF.Pow(MathF.Min(x * 1.35f, 1), 1 / camera.Gamma);
            var s = y * y * (3 - (2 * y));
            table[i] = y + (camera.Contrast * (s - y));
        }

        return table;
    }

    private static float Tone(float[] curve, float light)
    {
        var x = Math.Clamp(light, 0, 3.99f) * 256;
        var i = (int)x;
        return curve[i] + ((x - i) * (curve[i + 1] - curve[i]));
    }

    /// <summary>Three about normal numbers from one step of a hash.</summary>
    private static (float A, float B, float C) Grain(ref uint state)
    {
        state = unchecked((state * 747796405u) + 2891336453u);
        var h = unchecked(((state >> (int)((state >> 28) + 4)) ^ state) * 277803737u);
        h ^= h >> 22;
        var k = unchecked(h * 0x9E3779B1u);
        static float Sum(uint bits) => ((bits & 0xFF) + ((bits >> 8) & 0xFF) - 255f) * (1 / 104f);
        return (Sum(h), Sum(h >> 16), Sum(k >> 12));
    }

    private void Smooth(Vector3[] film, int width, int height, float sigma)
    {
        // One or more passes of a three-tap kernel whose variance adds up to sigma squared.
        if (_rows.Length < film.Length)
        {
            _rows = new Vector3[film.Length];
        }

        var passes = Math.Max(1, (int)MathF.Ceiling(sigma * sigma / 0.5f));
        var side = MathF.Min(0.25f, sigma * sigma / passes / 2);
        var middle = 1 - (2 * side);
        for (var pass = 0; pass < passes; pass++)
        {
            for (var y = 0; y < height; y++)
            {
                var row = y * width;
                for (var x = 0; x < width; x++)
                {
                    _rows[row + x] = (film[row + x] * middle) + ((film[row + Math.Max(x - 1, 0)] + film[row + Math.Min(x + 1, width - 1)]) * side);
                }
            }

            for (var y = 0; y < height; y++)
            {
                var row = y * width;
                var above = Math.Max(y - 1, 0) * width;
                var below = Math.Min(y + 1, height - 1) * width;
                for (var x = 0; x < width; x++)
                {
                    film[row + x] = (_rows[row + x] * middle) + ((_rows[above + x] + _rows[below + x]) * side);
                }
            }
        }
    }
}
