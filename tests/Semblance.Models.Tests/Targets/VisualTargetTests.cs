using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models.Masking;
using Semblance.Models.Targets;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests.Targets;

public sealed class VisualTargetTests
{
    [Fact]
    public void PixelsOfACellAreNormalisedByTheirOwnMeanAndDeviation()
    {
        using var scope = new TensorScope();
        var grid = new PatchGrid(28, 16, 16, 12);                       // cell 1: rows 14..25, columns 2..13
        var images = Images(MmetOptions.Tiny with { Height = 28, Width = 16 }, 2);
        var pixels = images.ToArray<float>();
        var cell = new List<double>();
        for (var c = 0; c < 3; c++)
        {
            for (var y = 14; y < 26; y++)
            {
                for (var x = 2; x < 14; x++)
                {
                    cell.Add(pixels[(((1 * 3) + c) * 28 * 16) + (y * 16) + x]);
                }
            }
        }

        var (mean, deviation) = (cell.Average(), Math.Sqrt(cell.Average(v => v * v) - Math.Pow(cell.Average(), 2)));
        var truth = new PixelTarget(grid).Truth(images, Tensor.From<long>([(1 * 2) + 1])).ToArray<float>();
        Assert.Equal(3 * 12 * 12, new PixelTarget(grid).OutputWidth);
        Assert.All(truth.Zip(cell), pair => Assert.Equal((pair.Second - mean) / deviation, pair.First, 1e-4));
    }

    [Fact]
    public void AFlatCellIsZeroNotNaN()
    {
        using var scope = new TensorScope();
        Assert.All(new PixelTarget(Options.Grid).Truth(Tensor.Ones([1, 3, 64, 32]), Tensor.From<long>([3])).ToArray<float>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void TheQuantizerFindsTheClustersAndNamesCellsByTheNearest()
    {
        using var scope = new TensorScope();
        var grid = new PatchGrid(16, 8, 4, 4);
        TorchRandom.Seed(3);
        var patterns = Tensor.Randn([3, 48]);                           // three kinds of cell with a little noise
        var kinds = Tensor.RandInt(0, 3, [40 * 8]);
        var cells = patterns.IndexSelect(0, kinds) + (Tensor.Randn([40 * 8, 48]) * 0.05);
        var images = cells.Reshape(40, 4, 2, 3, 4, 4).Permute(0, 3, 1, 4, 2, 5).Reshape(40, 3, 16, 8);
        using var quantizer = CellQuantizer.Fit([images.Narrow(0, 0, 25), images.Narrow(0, 25, 15)], grid, classes: 3, seed: 1);
        var ids = quantizer.Ids(images, Tensor.Arange(40 * 8)).ToArray<long>();
        var truth = kinds.ToArray<long>();
        Assert.Equal(3, ids.Zip(truth).Distinct().Count());             // a renaming, one to one
        using var folder = new TemporaryFolder();
        quantizer.Save(folder.File("quantizer.safetensors"));
        using var again = CellQuantizer.Load(folder.File("quantizer.safetensors"), grid);
        Assert.Equal(ids, again.Ids(images, Tensor.Arange(40 * 8)).ToArray<long>());
        Assert.Contains("expected [V, 192]", Assert.Throws<SemblanceFormatException>(() => CellQuantizer.Load(folder.File("quantizer.safetensors"), Options.Grid)).Message, StringComparison.Ordinal);
        Assert.Contains("320 cells cannot make 999 classes", Assert.Throws<ArgumentException>(() => CellQuantizer.Fit([images], grid, 999, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mmet-paper", 168, 80)]
    [InlineData("mmet-default", 128, 64)]
    [InlineData("mmet-code", 112, 112)]
    public void TheTokenGridEqualsThePatchGrid(string preset, int height, int width)
    {
        using var scope = new TensorScope();
        var options = MmetOptions.Preset(preset);
        using var tokenizer = new DvaeTokenizer(options.Grid, Normalisation.Clip, classes: 16, width: 4);
        Assert.Equal([1, 3, height, width], tokenizer.Pixels(Images(options, 1)).Shape);
        var ids = tokenizer.Ids(Images(options, 2));
        Assert.Equal([2, options.Grid.Count], ids.Shape);
    }

    [Fact]
    public void LanczosKeepsAConstantAndTheIdentity()
    {
        using var scope = new TensorScope();
        AssertClose(Tensor.Eye(9), DvaeTokenizer.Lanczos(9, 9), 1e-6);
        AssertClose(Tensor.Ones([80]), DvaeTokenizer.Lanczos(120, 80).Sum(1), 1e-5);
    }

    [Fact]
    public void TheTokenizerSeesThePictureBeforeItsNormalisation()
    {
        using var scope = new TensorScope();
        using var tokenizer = new DvaeTokenizer(Options.Grid, Normalisation.Clip, classes: 16, width: 4);
        var picture = Picture(1, 0);
        var chw = new float[3 * 64 * 32];
        Normalisation.Clip.ToChw(picture, chw);
        var pixels = tokenizer.Pixels(Tensor.From(chw, 1, 3, 64, 32)).ToArray<float>();
        Assert.Equal(picture.Rgb[1] / 255f, pixels[64 * 32], 1e-3f);    // stride 8: 8 pixels per cell, no resizing
    }

    [Fact]
    public void PublishedNamesLoadWholeOrSayWhatIsMissing()
    {
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        using var tokenizer = new DvaeTokenizer(Options.Grid, Normalisation.Clip, classes: 16, width: 4);
        Assert.Equal("blocks.group_2.block_1.id_path.w", DvaeTokenizer.PublishedName("groups.1.0.identity.weight"));
        Assert.Equal("blocks.group_4.block_2.res_path.conv_3.b", DvaeTokenizer.PublishedName("groups.3.1.conv3.bias"));
        var file = folder.File("dvae.safetensors");
        Safetensors.Write(file, tokenizer.StateDict().ToDictionary(pair => $"image_codebook.encoder.{DvaeTokenizer.PublishedName(pair.Key)}", pair => pair.Value));
        using var other = new DvaeTokenizer(Options.Grid, Normalisation.Clip, classes: 16, width: 4);
        other.LoadWeights(file);
        Assert.Equal(tokenizer.Ids(Images(Options, 2)).ToArray<long>(), other.Ids(Images(Options, 2)).ToArray<long>());
        Safetensors.Write(file, new Dictionary<string, Tensor> { ["blocks.input.w"] = Tensor.Zeros([1]) });
        Assert.Contains("tensors are missing (blocks.input.b", Assert.Throws<SemblanceFormatException>(() => other.LoadWeights(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AttentionIsAskedOnceItIsReadyAndItsLargestCellIsOne()
    {
        using var scope = new TensorScope();
        using var model = Model();
        model.Eval();
        var provider = new AttentionForeground(model);
        var evidence = new ForegroundEvidence { Pixels = Images(Options, 1).ToArray<float>() };
        Assert.Null(provider.Locate(evidence, Options.Grid));
        provider.IsReady = true;
        Assert.Null(provider.Locate(ForegroundEvidence.None, Options.Grid));
        var map = provider.Locate(evidence, Options.Grid)!;
        Assert.Equal(32, map.Length);
        Assert.Equal(1, map.Max());
        Assert.All(map, share => Assert.InRange(share, 0, 1));
    }
}
