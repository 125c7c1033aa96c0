using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models.Targets;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models.Tests;

/// <summary>People in coloured stripes with a sentence each: enough for a model to tell apart and to fill in, small enough for a test.</summary>
internal static class Examples
{
    private static readonly (string Name, byte R, byte G, byte B)[] Colours =
    [
        ("black", 20, 20, 20), ("white", 235, 235, 235), ("red", 200, 30, 30), ("green", 30, 160, 40), ("blue", 30, 50, 200), ("yellow", 220, 210, 40),
        ("brown", 110, 70, 30), ("pink", 240, 150, 190),
    ];

    public static WordPieceTokenizer Tokenizer { get; } = WordPieceTokenizer.FromVocabulary(
        [.. SpecialTokens.All, .. Colours.Select(c => c.Name), "a", "man", "woman", "in", "shirt", "and", "trousers", "with", "bag", "hand", "##bag", "left", "right", "##s", "to", "the"]);

    public static MmetOptions Options { get; } = MmetOptions.Tiny with { VocabularySize = Tokenizer.VocabularySize };

    public static string Caption(int identity) =>
        $"a {(identity % 2 == 0 ? "man" : "woman")} in a {Colours[identity % 8].Name} shirt and {Colours[(identity * 3 + 1) % 8].Name} trousers with a handbag";

    /// <summary>One picture of one person: two striped blocks on a shaded ground, moved a little from picture to picture.</summary>
    public static Picture Picture(int identity, int image, int width = 32, int height = 64)
    {
        var random = Randomness.For(7, identity, image);
        var picture = new Picture(width, height);
        var shift = random.Next(-2, 3);
        var (upper, lower) = (Colours[identity % 8], Colours[(identity * 3 + 1) % 8]);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var inside = Math.Abs(x - (width / 2) - shift) < width / 4 && y > height / 8;
                var colour = y < height / 2 ? upper : lower;
                var stripes = y < height / 2 ? x - shift : y;
                var shade = random.Next(-3, 4) + (int)(inside ? 40 * Math.Sin(0.8 * stripes) : 2 * y);
                var at = 3 * ((y * width) + x);
                var ground = 60 + (15 * (image % 4));
                picture.Rgb[at] = (byte)Math.Clamp((inside ? colour.R : ground) + shade, 0, 255);
                picture.Rgb[at + 1] = (byte)Math.Clamp((inside ? colour.G : ground) + shade, 0, 255);
                picture.Rgb[at + 2] = (byte)Math.Clamp((inside ? colour.B : ground) + shade, 0, 255);
            }
        }

        return picture;
    }

    /// <summary>A batch of <paramref name="identities"/> x <paramref name="each"/> samples.</summary>
    public static MmetBatch Batch(MmetOptions options, MmetBatchKind kind, int identities = 4, int each = 1, int epoch = 0)
    {
        var preparation = new MmetPreparation(options, Tokenizer, augmentation: new AugmentationOptions { Width = options.Width, Height = options.Height, Padding = 0 });
        var samples = new List<PreparedSample>();
        for (var identity = 0; identity < identities; identity++)
        {
            for (var image = 0; image < each; image++)
            {
                var random = Randomness.For(1, epoch, (identity * each) + image);
                samples.Add(preparation.Prepare(kind, Picture(identity, image), null, Caption(identity), identity, ref random));
            }
        }

        var batch = Randomness.For(1, epoch, -1);
        return preparation.Collate(kind, samples, ref batch);
    }

    public static Mmet Model(MmetOptions? options = null)
    {
        TorchRandom.Seed(5);
        return new Mmet(options ?? Options);
    }

    public static MmetPretraining Pretraining(MmetOptions? options = null)
    {
        var model = Model(options);
        return new MmetPretraining(model, new PixelTarget(model.Options.Grid));
    }

    public static Tensor Images(MmetOptions options, int count)
    {
        TorchRandom.Seed(count);
        return Tensor.Randn([count, 3, options.Height, options.Width]);
    }

    /// <summary>Random words, each row a different number of them, padded with zeros.</summary>
    public static (Tensor Tokens, Tensor Attention) Texts(MmetOptions options, int count, int length)
    {
        var random = Randomness.For(3, count, length);
        var tokens = new long[count * length];
        var attention = new bool[count * length];
        for (var b = 0; b < count; b++)
        {
            for (var t = 0; t < Math.Max(3, length - b); t++)
            {
                tokens[(b * length) + t] = random.Next(5, options.VocabularySize);
                attention[(b * length) + t] = true;
            }
        }

        return (Tensor.From(tokens, count, length), Tensor.From(attention, count, length));
    }

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-5, string what = "")
    {
        Assert.Equal(expected.Shape, actual.Shape);
        using var scope = new TensorScope();
        var difference = expected.ElementCount == 0 ? 0 : (expected.Detach() - actual.Detach()).Abs().Max().Item<double>();
        Assert.True(difference <= tolerance, $"{what}: differs by {difference}, expected at most {tolerance}");
    }
}
