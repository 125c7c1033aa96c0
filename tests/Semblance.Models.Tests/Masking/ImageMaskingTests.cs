using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models.Masking;

namespace Semblance.Models.Tests.Masking;

public sealed class ImageMaskingTests
{
    private static readonly MmetOptions Options = MmetOptions.Default;

    private static float[] Ellipse(MmetOptions options) => new EllipseForeground().Locate(ForegroundEvidence.None, options.Grid);

    public static TheoryData<string, MaskDrawing> Providers()
    {
        var data = new TheoryData<string, MaskDrawing>();
        foreach (var name in new[] { "mask", "points", "ellipse", "none", "mean", "nobody" })
        {
            data.Add(name, MaskDrawing.Patch);
            data.Add(name, MaskDrawing.Block);
        }

        return data;
    }

    [Theory, MemberData(nameof(Providers))]
    public void EveryProviderGivesExactlyTheCount(string provider, MaskDrawing drawing)
    {
        foreach (var options in new[] { MmetOptions.Default, MmetOptions.Paper, MmetOptions.Tiny, MmetOptions.Default with { ImageMaskRatio = 0.6 } })
        {
            var body = Body(options.Grid);
            var evidence = new ForegroundEvidence
            {
                Mask = provider == "nobody" ? new LabelMap(options.Width, options.Height, new byte[options.Width * options.Height]) : body,
                KeyPoints = [new(BodyJoint.Head, options.Width / 2f, options.Height / 8f), new(BodyJoint.Neck, options.Width / 2f, options.Height / 5f), new(BodyJoint.LeftHip, options.Width / 2f, options.Height / 2f)],
            };
            IForegroundProvider source = provider switch
            {
                "mask" or "nobody" => new MaskForeground(),
                "points" => new KeyPointForeground(),
                "ellipse" => new EllipseForeground(),
                "mean" => new MeanMaskForeground([body], options.Grid),
                _ => new NoForeground(),
            };
            var map = source.Locate(evidence, options.Grid)!;
            for (var index = 0; index < 20; index++)
            {
                var random = Randomness.For(1, 0, index);
                Assert.Equal(options.MaskedPatches, ImageMasking.Draw(options with { FocusDrawing = drawing }, map, ref random).Count(masked => masked));
            }
        }
    }

    [Theory]
    [InlineData(MaskDrawing.Patch)]
    [InlineData(MaskDrawing.Block)]
    public void PedestrianMasksLieOnTheBodyByTheFocusShare(MaskDrawing drawing)
    {
        foreach (var options in new[] { MmetOptions.Default, MmetOptions.Paper })
        {
            var map = Ellipse(options);
            var wanted = (int)Math.Round(0.9 * options.MaskedPatches);    // section 5.4 rounds rho n to whole cells
            for (var index = 0; index < 50; index++)
            {
                var random = Randomness.For(1, 0, index);
                var mask = ImageMasking.Draw(options with { FocusDrawing = drawing }, map, ref random);
                Assert.Equal(wanted, mask.Where((masked, i) => masked && map[i] >= 0.5f).Count());
            }
        }
    }

    [Fact]
    public void TheCapKeepsTwoFifthsOfTheBodyVisible()
    {
        // 77 of 128 cells are wanted, 69 of them on the body. 0.6 |F| reaches 69.3 at 116 cells: so many are taken for the body, and 69/116 of them are masked.
        var options = Options with { ImageMaskRatio = 0.6 };
        var map = Ellipse(options);
        var (masked, body) = (0, 0);
        for (var index = 0; index < 300; index++)
        {
            var random = Randomness.For(1, 0, index);
            var mask = ImageMasking.Draw(options, map, ref random);
            masked += mask.Where((hidden, i) => hidden && map[i] >= 0.5f).Count();
            body += map.Count(share => share >= 0.5f);
        }

        Assert.Equal(69 / 116.0, (double)masked / body, 0.02);
    }

    [Fact]
    public void ASmallBodyTakesInItsBestNeighboursAndIsNotCoveredWhole()
    {
        // 9 of 10 are wanted on a body of 2 cells: F grows to 15, the 0.4 next to it first, and 9 of the 15 are masked.
        var grid = Options.Grid;
        var map = new float[grid.Count];
        map[50] = map[51] = 1;
        map[58] = 0.4f;
        var hits = new int[grid.Count];
        for (var index = 0; index < 1000; index++)
        {
            var random = Randomness.For(2, 0, index);
            var mask = ImageMasking.Pedestrian(grid, map, 10, 0.9, 0.6, MaskDrawing.Patch, 4, ref random);
            Assert.Equal(10, mask.Count(masked => masked));
            for (var i = 0; i < hits.Length; i++)
            {
                hits[i] += mask[i] ? 1 : 0;
            }
        }

        Assert.All(new[] { 50, 51, 58 }, cell => Assert.InRange(hits[cell], 530, 670));
        Assert.All(Enumerable.Range(0, 128).Except([50, 51, 58]), cell => Assert.InRange(hits[cell], 30, 110));    // (10 - 3 * 0.6) / 125 = 0.066
    }

    [Fact]
    public void WithoutForegroundPedestrianMaskingIsRandomMasking()
    {
        var hits = new int[Options.Grid.Count];
        var everywhere = new NoForeground().Locate(ForegroundEvidence.None, Options.Grid);
        for (var index = 0; index < 4000; index++)
        {
            var random = Randomness.For(3, 0, index);
            var mask = ImageMasking.Draw(Options, everywhere, ref random);
            for (var i = 0; i < hits.Length; i++)
            {
                hits[i] += mask[i] ? 1 : 0;
            }
        }

        // Each cell is masked with probability 19/128: 594 of 4000 with a deviation of 22.5.
        Assert.All(hits, hit => Assert.InRange(hit, 594 - 113, 594 + 113));
    }

    [Fact]
    public void RandomMasksHitTheBodyByItsShareOnAverage()
    {
        var map = Ellipse(Options);
        var onBody = 0;
        for (var index = 0; index < 2000; index++)
        {
            var random = Randomness.For(4, 0, index);
            var mask = ImageMasking.Draw(Options with { ImageMasking = ImageMaskMode.Random }, map, ref random);
            Assert.Equal(19, mask.Count(masked => masked));
            onBody += mask.Where((masked, i) => masked && map[i] >= 0.5f).Count();
        }

        Assert.Equal(map.Average(), onBody / (19.0 * 2000), 0.02);
    }

    [Fact]
    public void TheCodesBlocksFillAtMostTheBudgetAndUsuallyMostOfIt()
    {
        var options = MmetOptions.Code;
        var counts = Enumerable.Range(0, 200).Select(index =>
        {
            var random = Randomness.For(5, 0, index);
            return ImageMasking.Draw(options, [], ref random).Count(masked => masked);
        }).ToList();
        Assert.All(counts, count => Assert.InRange(count, 1, 75));
        Assert.True(counts.Average() > 65, $"{counts.Average()}");
    }

    [Fact]
    public void TheSameKeysGiveTheSameMaskAndTheNextEpochAnother()
    {
        var map = Ellipse(Options);
        bool[] Draw(int epoch)
        {
            var random = Randomness.For(1, epoch, 12);
            return ImageMasking.Draw(Options, map, ref random);
        }

        Assert.Equal(Draw(0), Draw(0));
        Assert.NotEqual(Draw(0), Draw(1));
    }

    /// <summary>A block of label 3 in the middle of an unlabelled picture.</summary>
    private static LabelMap Body(PatchGrid grid)
    {
        var labels = new byte[grid.Width * grid.Height];
        for (var y = grid.Height / 8; y < grid.Height * 7 / 8; y++)
        {
            labels.AsSpan((y * grid.Width) + (grid.Width / 4), grid.Width / 2).Fill(3);
        }

        return new LabelMap(grid.Width, grid.Height, labels);
    }
}
