using System.Globalization;
using Semblance.Core;
using Semblance.Imaging;
using Semblance.Synthesis;

namespace Semblance.Bench;

/// <summary>What a loader does to one picture of Market-1501's size, in one thread: decode, resize to the model's input, mirror, pad and crop, erase, normalise.</summary>
internal static class ImagingBenchmark
{
    private const int Pictures = 500;
    private const int Rounds = 9;
    private const int Height = 256;
    private const int Width = 128;

    public static IEnumerable<Comparison> Run()
    {
        var world = new World(new WorldOptions { Domain = "plaza", Identities = 1, ImagesPerIdentity = 1, Height = 128, Width = 64 });
        var jpeg = world.Render(0, 0).Picture.EncodeJpeg();
        var options = new AugmentationOptions { Height = Height, Width = Width, ErasingProbability = 0.5 };
        var augmentation = new Augmentation(options);
        var planes = new float[3 * Height * Width];
        using var scratch = new Scratch();
        var file = scratch.At("picture.jpg");
        File.WriteAllBytes(file, jpeg);
        using var peer = new Peer("imaging", [file, .. new[] { Height, Width, options.Padding }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);

        yield return Comparison.InTurn(
            $"decode a JPEG of 128x64 ({jpeg.Length} bytes)", "Semblance, 1 thread", () => Repeat(_ => PictureReader.Decode(jpeg, "picture.jpg")),
            "Pillow, 1 thread", () => peer.Run($"decode {Pictures}"), Rounds, Pictures).Against(Speed);
        yield return Comparison.InTurn(
            $"the same, varied and normalised to {Height}x{Width}", "Semblance, 1 thread", () => Repeat(Prepare),
            "Pillow and torchvision, 1 thread", () => peer.Run($"prepare {Pictures}"), Rounds, Pictures).Against(Speed);

        void Prepare(int i)
        {
            var random = Randomness.For(0, i);
            var varied = augmentation.Apply(PictureReader.Decode(jpeg, "picture.jpg"), null, ref random);
            Normalisation.Clip.ToChw(varied.Picture, planes);
        }
    }

    private static string Speed(Comparison row) => $"{1 / row.OursSeconds:0} pictures a second, {1 / row.PeerSeconds:0} the peer's";

    private static void Repeat(Action<int> work)
    {
        for (var i = 0; i < Pictures; i++)
        {
            work(i);
        }
    }
}
