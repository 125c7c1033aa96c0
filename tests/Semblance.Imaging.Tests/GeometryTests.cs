using Semblance.Core;

namespace Semblance.Imaging.Tests;

public sealed class GeometryTests
{
    [Fact]
    public void FlippingTwiceChangesNothingAndOnceExchangesColumns()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var randomness = Randomness.For((ulong)seed, 1);
            var picture = Pictures.Noise(1 + randomness.Next(20), 1 + randomness.Next(20), (ulong)seed);
            var flipped = picture.FlipHorizontally();
            Assert.Equal(picture.At(0, picture.Height - 1), flipped.At(picture.Width - 1, picture.Height - 1));
            Assert.True(picture.HasSamePixels(flipped.FlipHorizontally()), $"seed {seed}");

            var labels = Pictures.Labels(picture.Width, picture.Height, (ulong)seed);
            Assert.Equal(labels.Labels[0], labels.FlipHorizontally().Labels[labels.Width - 1]);
            Assert.Equal(labels.Labels, labels.FlipHorizontally().FlipHorizontally().Labels);
        }
    }

    [Fact]
    public void ACropHoldsThePixelsInsideAndThePaddingOutside()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var randomness = Randomness.For((ulong)seed, 2);
            var picture = Pictures.Noise(1 + randomness.Next(12), 1 + randomness.Next(12), (ulong)seed);
            var labels = Pictures.Labels(picture.Width, picture.Height, (ulong)seed);
            var box = new Box(randomness.Next(-15, 15), randomness.Next(-15, 15), 1 + randomness.Next(20), 1 + randomness.Next(20));
            var padding = new Colour(1, 2, 3);
            var crop = picture.Crop(box, padding);
            var cropLabels = labels.Crop(box);
            for (var y = 0; y < box.Height; y++)
            {
                for (var x = 0; x < box.Width; x++)
                {
                    var (fromX, fromY) = (box.X + x, box.Y + y);
                    var inside = fromX >= 0 && fromX < picture.Width && fromY >= 0 && fromY < picture.Height;
                    Assert.Equal(inside ? picture.At(fromX, fromY) : padding, crop.At(x, y));
                    Assert.Equal(inside ? labels.Labels[(fromY * labels.Width) + fromX] : 0, cropLabels.Labels[(y * box.Width) + x]);
                }
            }
        }
    }

    [Fact]
    public void EachExifOrientationStandsUpright()
    {
        // A 2 x 3 picture whose pixels are numbered in reading order, and what each orientation must show, row by row (EXIF 2.3).
        var stored = new Picture(2, 3, Enumerable.Range(0, 6).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i }).ToArray());
        int[][] expected =
        [
            [0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4], [5, 4, 3, 2, 1, 0], [4, 5, 2, 3, 0, 1],
            [0, 2, 4, 1, 3, 5], [4, 2, 0, 5, 3, 1], [5, 3, 1, 4, 2, 0], [1, 3, 5, 0, 2, 4],
        ];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var upright = stored.Upright(orientation);
            Assert.Equal(orientation < 5 ? (2, 3) : (3, 2), (upright.Width, upright.Height));
            Assert.Equal(expected[orientation - 1], upright.Rgb.Where((_, i) => i % 3 == 0).Select(v => (int)v));
        }
    }

    [Fact]
    public void BoxesKnowTheirOverlap()
    {
        var box = new Box(0, 0, 10, 10);
        Assert.Equal(1, box.IntersectionOverUnion(box));
        Assert.Equal(0, box.IntersectionOverUnion(new Box(10, 0, 5, 5)));
        Assert.Equal(25 / 175.0, box.IntersectionOverUnion(new Box(5, 5, 10, 10)), 12);
        Assert.Equal(new Box(0, 0, 5, 4), new Box(-5, -6, 10, 10).ClippedTo(20, 20));
        Assert.Null(new Box(30, 0, 5, 5).ClippedTo(20, 20));
        Assert.Equal(new Box(-1, -2, 12, 24), new Box(0, 0, 10, 20).Grown(0.1, 0.1));
    }

    [Fact]
    public void ForegroundIsTheShareOfPersonInEachCell()
    {
        var map = new LabelMap(4, 4, [0, 0, 1, 2, 0, 0, 3, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal([0f, 0.75f, 0.25f, 0f], map.Foreground(2, 2));
        Assert.Equal([4 / 16f], map.Foreground(1, 1));
        Assert.Equal(64, map.Foreground(8, 8).Length);
        Assert.Equal(1f, map.Foreground(8, 8)[(0 * 8) + 7]);
    }

    [Fact]
    public void LabelsAreNeverBlended()
    {
        var map = Pictures.Labels(13, 17, seed: 3);
        var resized = map.Resize(29, 5);
        Assert.All(resized.Labels, label => Assert.InRange(label, 0, 5));
        Assert.Equal(map.Labels[(int)(2.5 * 17 / 5) * 13], resized.Labels[2 * 29]);
    }
}
