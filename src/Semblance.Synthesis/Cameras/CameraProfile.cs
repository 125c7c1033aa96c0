using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis.Cameras;

/// <summary>One camera of a domain: where it hangs and how it sees. The same for every world of the domain.</summary>
internal sealed record CameraProfile
{
    public required int Number { get; init; }

    public required float Height { get; init; }

    public required float Pitch { get; init; }

    public required float Roll { get; init; }

    /// <summary>Where the sun stands at noon, in radians from the optical axis.</summary>
    public required float SunAzimuth { get; init; }

    /// <summary>Nearest and farthest that people pass, metres.</summary>
    public required (float Near, float Far) Distance { get; init; }

    /// <summary>Half of the field of view to the side, as a share of the distance.</summary>
    public required float Reach { get; init; }

    /// <summary>Pixels that a person in the middle of the distances is high.</summary>
    public required float NativeHeight { get; init; }

    /// <summary>Which way people mostly walk here, in FineGPR's degrees.</summary>
    public required float Flow { get; init; }

    /// <summary>Row-major 3 x 3 from scene light to the sensor's channels.</summary>
    public required Matrix4x4 Response { get; init; }

    public required float Exposure { get; init; }

    public required float Gamma { get; init; }

    /// <summary>0 flat, 1 hard.</summary>
    public required float Contrast { get; init; }

    /// <summary>Standard deviation of the blur in pixels of the camera's own picture.</summary>
    public required float Blur { get; init; }

    public required float Noise { get; init; }

    public required int JpegQuality { get; init; }

    /// <summary>Strength of the sharpening that many cameras add.</summary>
    public required float Sharpening { get; init; }

    public required float Haze { get; init; }

    /// <summary>Strength of the lamps, for a camera under a ceiling.</summary>
    public required float Lamps { get; init; }

    /// <summary>Camera <paramref name="number"/>, from 1, of a domain.</summary>
    public static CameraProfile Of(Domain domain, int number)
    {
        var r = Randomness.For(2, Randomness.Key("camera"), Randomness.Key(domain.Name), number);
        var height = (float)r.NextDouble(domain.MastHeight.Low, domain.MastHeight.High);
        var near = domain.Distance.Near * (float)r.NextDouble(0.9, 1.3);
        var far = MathF.Max(near * 1.6f, domain.Distance.Far * (float)r.NextDouble(0.75, 1));
        var middle = (near + far) / 2;
        var saturation = (float)r.NextDouble(0.75, 1.15);
        var warm = (float)(0.075 * r.NextGaussian());
        var green = (float)(0.025 * r.NextGaussian());
        return new CameraProfile
        {
            Number = number,
            Height = height,
            Pitch = MathF.Atan2(height - 0.9f, middle),
            Roll = (float)(0.018 * r.NextGaussian()),
            SunAzimuth = (float)r.NextDouble(-Math.PI, Math.PI),
            Distance = (near, far),
            Reach = (float)r.NextDouble(0.22, 0.4),
            NativeHeight = (float)r.NextDouble(domain.NativeHeight.Low, domain.NativeHeight.High),
            Flow = r.Pick(0f, 60, 90, 120, 180, 240, 270, 300),
            Response = Matrix(saturation, new Vector3(1 + warm, 1 + green, 1 - warm)),
            Exposure = MathF.Exp((float)(0.1 * r.NextGaussian())),
            Gamma = (float)r.NextDouble(1.9, 2.5),
            Contrast = (float)r.NextDouble(0, 0.45),
            Blur = (float)r.NextDouble(0.2, 0.65),
            Noise = domain.Noise * (float)r.NextDouble(0.6, 1.6),
            JpegQuality = r.Next(38, 93),
            Sharpening = r.Chance(0.6) ? (float)r.NextDouble(0.1, 0.6) : 0,
            Haze = r.Chance(0.3) ? (float)r.NextDouble(0.01, 0.035) : 0,
            Lamps = (float)r.NextDouble(0.75, 1.3),
        };
    }

    private static Matrix4x4 Matrix(float saturation, Vector3 gain)
    {
        var weights = new Vector3(0.3f, 0.59f, 0.11f) * (1 - saturation);
        var x = ((weights * 1) + new Vector3(saturation, 0, 0)) * gain.X;
        var y = ((weights * 1) + new Vector3(0, saturation, 0)) * gain.Y;
        var z = ((weights * 1) + new Vector3(0, 0, saturation)) * gain.Z;
        return new Matrix4x4(x.X, y.X, z.X, 0, x.Y, y.Y, z.Y, 0, x.Z, y.Z, z.Z, 0, 0, 0, 0, 1);
    }
}
