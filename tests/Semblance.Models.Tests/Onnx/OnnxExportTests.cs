using System.Text;
using System.Text.Json;
using Semblance.Imaging;
using Semblance.Models.Onnx;
using Semblance.Tensors;
using Semblance.Text;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests.Onnx;

public sealed class OnnxExportTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Methods => ["mmet", "mmet without heads", "dual-encoder-clip", .. DualTowerMethod.All.Select(method => method.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void PicturesAreEmbeddedAsByTheEncoder(string method)
    {
        OnnxRuntime.SkipUnlessInstalled();
        using var encoder = Encoder(method);
        OnnxExport.Save(_folder.Root, encoder);
        Picture[][] batches = [.. ((int[])[1, 5]).Select(count => Enumerable.Range(0, count).Select(i => Picture(i, i, width: 30 + (7 * i), height: 100 - (9 * i))).ToArray())];
        var found = OnnxRuntime.Run(_folder.File("image.onnx"), "pixels", [.. batches.Select(batch => Pixels(encoder, batch))]);
        for (var i = 0; i < batches.Length; i++)
        {
            Assert.Equal(encoder.PictureSpaces.Select(Key), found[i].Keys);
            foreach (var space in encoder.PictureSpaces)
            {
                AssertRows(encoder.EncodePictures(batches[i], space), found[i][Key(space)], $"{method}, {batches[i].Length} pictures, {space}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void TextsOfAnyLengthAreEmbeddedAsByTheEncoder(string method)
    {
        OnnxRuntime.SkipUnlessInstalled();
        using var encoder = Encoder(method);
        OnnxExport.Save(_folder.Root, encoder);
        var tooLong = string.Join(' ', Enumerable.Range(0, 20).Select(Caption));
        string[][] batches = [["a man"], [""], [tooLong], ["a", Caption(1), "a woman with a handbag", "to the left", tooLong], [Caption(0), Caption(1), Caption(2), Caption(3), "red"]];
        var own = batches.Select(batch => Tokens(encoder, batch, batch.Max(text => encoder.Tokenizer.Encode(text, encoder.Options.TextLength).Count)));
        var full = batches.Select(batch => Tokens(encoder, batch, encoder.Options.TextLength));
        (long[] Shape, long[] Values)[] feeds = [.. own, .. full];
        var found = OnnxRuntime.Run(_folder.File("text.onnx"), "tokens", feeds);
        for (var i = 0; i < feeds.Length; i++)
        {
            Assert.Equal(encoder.TextSpaces.Select(Key), found[i].Keys);
            foreach (var space in encoder.TextSpaces)
            {
                AssertRows(encoder.EncodeTexts(batches[i % batches.Length], space), found[i][Key(space)], $"{method}, {feeds[i].Shape[0]} texts of {feeds[i].Shape[1]} tokens, {space}");
            }
        }
    }

    [Fact]
    public void TheFilesSayHowTheyAreFedAndHoldNothingThatOnlyTrainingNeeds()
    {
        using var encoder = Encoder("mmet");
        var fingerprint = OnnxExport.Save(_folder.Root, encoder, "made up");
        Assert.Equal(encoder.Fingerprint, fingerprint);
        using var facts = JsonDocument.Parse(File.ReadAllText(_folder.File("onnx.json")));
        Assert.Equal(fingerprint.Hex, facts.RootElement.GetProperty("fingerprint").GetString());
        Assert.Equal(64, facts.RootElement.GetProperty("image").GetProperty("embeddings").GetProperty("joint").GetInt32());
        Assert.Equal(encoder.Tokenizer.Vocabulary, File.ReadAllLines(_folder.File("vocabulary.txt")));
        foreach (var (name, others) in new[] { ("image.onnx", "text_encoder"), ("text.onnx", "image_encoder") })
        {
            var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(_folder.File(name)));
            Assert.All((string[])[fingerprint.Hex, "made up", "inside the graph", "mmet", "vocabulary.txt"], word => Assert.Contains(word, bytes, StringComparison.Ordinal));
            Assert.All((string[])["classifier", "fusion", "mask_token", "log_scale", others], word => Assert.DoesNotContain(word, bytes, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ExportingLeavesNoTensorAliveAndTheNetworksModeAsItWas()
    {
        using var encoder = Encoder("mmet");
        var mode = encoder.Network.IsTraining;
        TensorDiagnostics.AssertNoneLeft(() => OnnxExport.Save(_folder.Root, encoder));
        Assert.Equal(mode, encoder.Network.IsTraining);
    }

    /// <summary>An encoder with no part at its start value: some of those, as zeros and running figures of 0 and 1, would hide a fault.</summary>
    private static TorchEncoder Encoder(string method)
    {
        TorchRandom.Seed(11);
        if (method == "dual-encoder-clip")
        {
            var pairs = BytePairTokenizer.FromMerges(["#version: 0.2", "a n", "m an</w>", "w i", "wi t", "wit h</w>"]);
            var clip = DualEncoderOptions.OfClip with
            {
                Height = 64,
                Width = 32,
                HiddenWidth = 64,
                Heads = 1,
                ImageLayers = 2,
                TextWidth = 64,
                TextHeads = 1,
                TextLayers = 2,
                TextLength = 30,
                EmbeddingWidth = 24,
                VocabularySize = pairs.VocabularySize,
            };
            var own = DualTowerMethod.For(clip)!;
            return Stirred(new DualTowerEncoder(own, own.Make(clip), clip, pairs));
        }

        if (DualTowerMethod.All.FirstOrDefault(known => known.Name == method) is { } towers)
        {
            var options = towers.Presets[$"{method}-small"] with { VocabularySize = Tokenizer.VocabularySize };
            return Stirred(new DualTowerEncoder(towers, towers.Make(options), options, Tokenizer));
        }

        var heads = method == "mmet" ? 0.5 : 0;
        return Stirred(new MmetEncoder(new MmetIdentification(Model(Options with { TextHeadWeight = heads, ImageHeadWeight = heads }), 8), Tokenizer));
    }

    private static TorchEncoder Stirred(TorchEncoder encoder)
    {
        using var withoutGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        foreach (var (name, tensor) in encoder.Network.StateDict())
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                tensor.UniformInPlace(0.5, 1.5);
            }
            else if (tensor.Dtype == ScalarType.Float32)
            {
                tensor.AddInPlace(Tensor.Randn(tensor.Shape) * 0.05);
            }
        }

        return encoder;
    }

    private static (long[] Shape, float[] Values) Pixels(TorchEncoder encoder, Picture[] pictures)
    {
        var (height, width) = (encoder.Preprocessing.Height, encoder.Preprocessing.Width);
        var plane = height * width;
        var values = new float[pictures.Length * 3 * plane];
        for (var i = 0; i < pictures.Length; i++)
        {
            var rgb = pictures[i].Resize(width, height, encoder.Preprocessing.Resampling).Rgb;
            for (var p = 0; p < 3 * plane; p++)
            {
                values[(i * 3 * plane) + (p % 3 * plane) + (p / 3)] = rgb[p];
            }
        }

        return ([pictures.Length, 3, height, width], values);
    }

    private static (long[] Shape, long[] Values) Tokens(TorchEncoder encoder, string[] texts, int length) =>
        ([texts.Length, length], [.. texts.SelectMany(text => encoder.Tokenizer.Encode(text, encoder.Options.TextLength).Ids.Take(length)).Select(id => (long)id)]);

    private static string Key(EmbeddingSpace space) => space.ToString().ToLowerInvariant();

    private static void AssertRows(float[][] expected, float[][] found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.True(expected.Length == 1 || expected.Max(row => Apart(row, expected[0])) > 20 * Tolerance, $"{what}: rows that are all alike prove nothing");
        var difference = expected.Zip(found, Apart).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: largest difference {difference:0.0e+0}");
        Assert.True(difference <= Tolerance, $"{what}: differs by {difference}, expected at most {Tolerance}");

        static float Apart(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
    }
}
