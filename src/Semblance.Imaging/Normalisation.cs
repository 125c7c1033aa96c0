using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Imaging;

/// <summary>Bytes to a model's numbers and back: <c>(value / 255 - mean) / deviation</c> per channel, planes instead of pixels. Belongs to the weights.</summary>
public sealed class Normalisation : IEquatable<Normalisation>
{
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];
    private readonly float[] _mean;
    private readonly float[] _deviation;

    /// <summary>Makes a normalisation.</summary>
    /// <param name="mean">Red, green, blue, of values in [0, 1].</param>
    /// <param name="deviation">Standard deviations, positive.</param>
    /// <exception cref="ArgumentException">Not three of each, or a deviation that is not positive.</exception>
    public Normalisation(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (mean.Length != 3 || deviation.Length != 3)
        {
            throw new ArgumentException($"{mean.Length} means and {deviation.Length} deviations, expected 3 of each (red, green, blue)", nameof(mean));
        }

        _mean = mean.ToArray();
        _deviation = deviation.ToArray();
        for (var c = 0; c < 3; c++)
        {
            if (!(deviation[c] > 0) || !float.IsFinite(mean[c]) || !float.IsFinite(deviation[c]))
            {
                throw new ArgumentException($"channel {c} has mean {mean[c]} and deviation {deviation[c]}, expected finite numbers and a deviation above 0", nameof(deviation));
            }

            _scale[c] = 1f / (255f * deviation[c]);
            _offset[c] = -mean[c] / deviation[c];
        }
    }

    /// <summary>CLIP's and FLAVA's numbers, also for training from scratch.</summary>
    public static Normalisation Clip { get; } = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>ImageNet's numbers, for ResNets and DeiT.</summary>
    public static Normalisation ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>0.5 and 0.5: values in [-1, 1], for ViT-B/16 weights of ImageNet-21k.</summary>
    public static Normalisation Half { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Red, green, blue.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Red, green, blue.</summary>
    public ReadOnlySpan<float> Deviation => _deviation;

    /// <summary>The colour nearest to the mean, which normalises to about 0.</summary>
    public Colour MeanColour => new(Level(_mean[0]), Level(_mean[1]), Level(_mean[2]));

    /// <summary>Writes the picture as three planes.</summary>
    /// <param name="picture"><c>[H, W, 3]</c></param>
    /// <param name="chw">Receives <c>[3, H, W]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="chw"/> has another length than 3 x H x W.</exception>
    public void ToChw(Picture picture, Span<float> chw)
    {
        ArgumentNullException.ThrowIfNull(picture);
        CheckLength(chw.Length, picture.Width, picture.Height);
        var plane = picture.Width * picture.Height;
        ReadOnlySpan<byte> rgb = picture.Rgb;
        var done = Vector128.IsHardwareAccelerated ? ToChwBySixteen(rgb, chw, plane) : 0;
        for (var i = done; i < plane; i++)
        {
            chw[i] = (rgb[3 * i] * _scale[0]) + _offset[0];
            chw[plane + i] = (rgb[(3 * i) + 1] * _scale[1]) + _offset[1];
            chw[(2 * plane) + i] = (rgb[(3 * i) + 2] * _scale[2]) + _offset[2];
        }
    }

    /// <summary>The way back, rounded and cut to bytes: what a model was shown, or what it drew.</summary>
    /// <param name="chw"><c>[3, H, W]</c></param>
    /// <param name="width">W</param>
    /// <param name="height">H</param>
    public Picture FromChw(ReadOnlySpan<float> chw, int width, int height)
    {
        CheckLength(chw.Length, width, height);
        var picture = new Picture(width, height);
        var plane = width * height;
        for (var c = 0; c < 3; c++)
        {
            for (var i = 0; i < plane; i++)
            {
                picture.Rgb[(3 * i) + c] = Level((chw[(c * plane) + i] * _deviation[c]) + _mean[c]);
            }
        }

        return picture;
    }

    /// <summary>Same numbers.</summary>
    public bool Equals(Normalisation? other) =>
        other is not null && _mean.AsSpan().SequenceEqual(other._mean) && _deviation.AsSpan().SequenceEqual(other._deviation);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Normalisation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_mean[0], _mean[1], _mean[2], _deviation[0], _deviation[1], _deviation[2]);

    private static byte Level(float value) => (byte)Math.Clamp((value * 255f) + 0.5f, 0f, 255f);

    private static void CheckLength(int length, int width, int height)
    {
        if (length != 3L * width * height)
        {
            throw new ArgumentException($"{length} numbers for a picture of {width} x {height}, expected [3, {height}, {width}] = {3L * width * height}", nameof(length));
        }
    }

    /// <summary>Sixteen pixels at a time: three loads of bytes, sorted into one vector per channel by shuffles. Returns how many pixels are done.</summary>
    private int ToChwBySixteen(ReadOnlySpan<byte> rgb, Span<float> chw, int plane)
    {
        ref var input = ref MemoryMarshal.GetReference(rgb);
        ref var output = ref MemoryMarshal.GetReference(chw);
        Span<(Vector128<byte> A, Vector128<byte> B, Vector128<byte> C)> picks = [Picks(0), Picks(1), Picks(2)];
        var i = 0;
        for (; i <= plane - 16; i += 16)
        {
            var a = Vector128.LoadUnsafe(ref input, (nuint)(3 * i));
            var b = Vector128.LoadUnsafe(ref input, (nuint)((3 * i) + 16));
            var c = Vector128.LoadUnsafe(ref input, (nuint)((3 * i) + 32));
            for (var channel = 0; channel < 3; channel++)
            {
                var pick = picks[channel];
                var values = Vector128.ShuffleNative(a, pick.A) | Vector128.ShuffleNative(b, pick.B) | Vector128.ShuffleNative(c, pick.C);
                var (low, high) = Vector128.Widen(values);
                var (first, second) = Vector128.Widen(low);
                var (third, fourth) = Vector128.Widen(high);
                ref var to = ref Unsafe.Add(ref output, (channel * plane) + i);
                Store(first, ref to, 0, channel);
                Store(second, ref to, 4, channel);
                Store(third, ref to, 8, channel);
                Store(fourth, ref to, 12, channel);
            }
        }

        return i;
    }

    private void Store(Vector128<uint> values, ref float to, nuint at, int channel) =>
        ((Vector128.ConvertToSingle(values.AsInt32()) * _scale[channel]) + Vector128.Create(_offset[channel])).StoreUnsafe(ref to, at);

    /// <summary>For each of 48 loaded bytes' three vectors, which byte goes to which of the channel's sixteen places; 0x80 and above takes none.</summary>
    private static (Vector128<byte> A, Vector128<byte> B, Vector128<byte> C) Picks(int channel)
    {
        Span<byte> picks = stackalloc byte[48];
        picks.Fill(0x80);
        for (var pixel = 0; pixel < 16; pixel++)
        {
            var from = (3 * pixel) + channel;
            picks[(from / 16 * 16) + pixel] = (byte)(from % 16);
        }

        return (Vector128.Create<byte>(picks[..16]), Vector128.Create<byte>(picks[16..32]), Vector128.Create<byte>(picks[32..]));
    }
}
