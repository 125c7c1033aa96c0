using Semblance.Core;

namespace Semblance.Imaging.Tests;

public sealed class AugmentationTests
{
    private static readonly AugmentationOptions Options = new() { Width = 32, Height = 64, ErasingProbability = 0.5, Padding = 6 };

    [Fact]
    public void TheSameStreamGivesTheSamePicture()
    {
        var augmentation = new Augmentation(Options);
        var picture = Pictures.Noise(64, 128, seed: 1);
        for (var index = 0; index < 50; index++)
        {
            var (first, second) = (Randomness.For(7, 0, index), Randomness.For(7, 0, index));
            Assert.True(augmentation.Apply(picture, null, ref first).Picture.HasSamePixels(augmentation.Apply(picture, null, ref second).Picture));
            Assert.Equal(first.NextBits(), second.NextBits());
        }
    }

    [Fact]
    public void LabelsMoveWithThePixels()
    {
        // Each pixel's colour tells its label, at the model's own size, so that nothing is blended: wherever a colour goes, its label must go.
        var labels = Pictures.Labels(32, 64, seed: 2);
        foreach (ref var label in labels.Labels.AsSpan())
        {
            label++;
        }

        var picture = new Picture(32, 64, labels.Labels.SelectMany(l => new[] { l, l, l }).ToArray());
        var augmentation = new Augmentation(Options with { ErasingFill = Colour.Black });
        for (var index = 0; index < 100; index++)
        {
            var randomness = Randomness.For(3, 0, index);
            var result = augmentation.Apply(picture, labels, ref randomness);
            Assert.Equal(result.Picture.Rgb.Where((_, i) => i % 3 == 1), result.Labels!.Labels);
        }
    }

    [Fact]
    public void EachVariationHappensAsOftenAsAskedAndWithinItsRange()
    {
        const int count = 2000;
        var picture = Pictures.Noise(32, 64, seed: 3);
        var before = picture.Rgb.ToArray();
        var augmentation = new Augmentation(Options);
        var (flips, erasings, shifts) = (0, 0, new HashSet<(int, int)>());
        for (var index = 0; index < count; index++)
        {
            var randomness = Randomness.For(4, 0, index);
            var result = augmentation.Apply(picture, null, ref randomness);
            flips += result.Flipped ? 1 : 0;
            if (result.Erased is not { } box)
            {
                shifts.Add(Shift(picture, result));
                continue;
            }

            erasings++;
            Assert.NotNull(box.ClippedTo(32, 64));
            Assert.Equal(box, box.ClippedTo(32, 64));
            Assert.InRange(box.Area / (32.0 * 64), 0.015, 0.36);
            Assert.All(Enumerable.Range(0, (int)box.Area), i => Assert.Equal(Options.ErasingFill, result.Picture.At(box.X + (i % box.Width), box.Y + (i / box.Width))));
        }

        Assert.Equal(before, picture.Rgb);
        Assert.InRange(flips, count * 0.45, count * 0.55);
        Assert.InRange(erasings, count * 0.45, count * 0.55);
        Assert.Equal(-6, shifts.Min(s => s.Item1));
        Assert.Equal(6, shifts.Max(s => s.Item1));
        Assert.Equal((-6, 6), (shifts.Min(s => s.Item2), shifts.Max(s => s.Item2)));
    }

    [Fact]
    public void NoiseFillsTheBoxWhenNoColourIsGiven()
    {
        var augmentation = new Augmentation(Options with { ErasingFill = null, ErasingProbability = 1, FlipProbability = 0, Padding = 0 });
        var picture = new Picture(32, 64);
        var randomness = Randomness.For(9);
        var result = augmentation.Apply(picture, null, ref randomness);
        var box = result.Erased!.Value;
        Assert.InRange(result.Picture.Crop(box).Rgb.Average(v => v), 110, 145);
        Assert.All(picture.Rgb, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task ThreadsDoNotDisturbEachOther()
    {
        // Buffers belong to threads, and the sizes change from call to call: sixteen tasks must give what one thread gives.
        var files = Enumerable.Range(0, 4).Select(i => Pictures.Busy(30 + (7 * i), 90 - (11 * i)).EncodeJpeg()).ToArray();
        Augmentation[] augmentations = [new(Options), new(Options with { Width = 48, Height = 96, Resampling = Resampling.Area })];
        var alone = Enumerable.Range(0, 64).Select(Make).ToArray();
        var together = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Make(i))));
        Assert.All(Enumerable.Range(0, 64), i => Assert.True(alone[i].HasSamePixels(together[i]), $"item {i}"));

        Picture Make(int index)
        {
            var randomness = Randomness.For(21, index);
            return augmentations[index % 2].Apply(PictureReader.Decode(files[index % 4], "made by code"), null, ref randomness).Picture;
        }
    }

    [Fact]
    public void OnePictureIsAllThatIsAllocated()
    {
        var augmentation = new Augmentation(Options);
        var picture = Pictures.Busy(37, 53);
        for (var index = 0; index < 3; index++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var randomness = Randomness.For(2, index);
            var result = augmentation.Apply(picture, null, ref randomness);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            // The first call also makes the tables and the buffers.
            Assert.True(index == 0 || allocated < result.Picture.Rgb.Length + 500, $"{allocated} bytes");
        }
    }

    [Fact]
    public void AnotherCameraShiftsColoursWithoutChangingTheirNamesAndHarderWithStrength()
    {
        var picture = new Picture(32, 64, [.. Enumerable.Repeat(new byte[] { 170, 40, 45 }, 32 * 64).SelectMany(c => c)]);
        double Distance(double strength)
        {
            var augmentation = new Augmentation(Options with { ErasingProbability = 0, Padding = 0, CameraStrength = strength });
            return Enumerable.Range(0, 300).Average(index =>
            {
                var randomness = Randomness.For(9, 0, index);
                var colour = augmentation.Apply(picture, null, ref randomness).Picture.At(5, 5);
                Assert.True(colour.Red > 1.3 * colour.Green && colour.Red > 1.3 * colour.Blue, $"{colour} is no red");
                return Math.Abs(colour.Red - 170) + Math.Abs(colour.Green - 40) + Math.Abs(colour.Blue - 45.0);
            });
        }

        Assert.Equal(0, Distance(0));
        var (half, whole) = (Distance(0.5), Distance(1));
        Assert.InRange(half, 10, 60);
        Assert.InRange(whole / half, 1.5, 2.5);
    }

    [Fact]
    public void PlainOnlyResizes() =>
        Assert.True(new Augmentation(Options).Plain(Pictures.Busy(37, 53)).HasSamePixels(Pictures.Busy(37, 53).Resize(32, 64)));

    [Fact]
    public void EveryFaultOfTheOptionsIsNamedAtOnce()
    {
        var message = Assert.Throws<ArgumentException>(() => new Augmentation(new() { Width = 0, Height = 4, Padding = -1, FlipProbability = 1.5 })).Message;
        Assert.Contains("0 x 4", message);
        Assert.Contains("Padding -1", message);
        Assert.Contains("FlipProbability 1.5", message);
    }

    [Fact]
    public void DefaultsArePinned() =>
        Assert.Equal(
            new AugmentationOptions
            {
                Width = 1,
                Height = 1,
                Resampling = Resampling.Bicubic,
                FlipProbability = 0.5,
                Padding = 10,
                CameraStrength = 0,
                ErasingProbability = 0,
                ErasingLeastArea = 0.02,
                ErasingMostArea = 0.33,
                ErasingLeastAspect = 0.3,
                ErasingFill = new Colour(123, 117, 104),
            },
            new AugmentationOptions { Width = 1, Height = 1 });

    /// <summary>Where the crop window lay: the one shift at which a patch from the middle of the result is found in the picture.</summary>
    private static (int X, int Y) Shift(Picture picture, Augmented result)
    {
        var source = result.Flipped ? picture.FlipHorizontally() : picture;
        return (from y in Enumerable.Range(-6, 13)
                from x in Enumerable.Range(-6, 13)
                where Enumerable.Range(8, 16).All(i => source.At(i + x, i + y) == result.Picture.At(i, i))
                select (x, y)).Single();
    }
}
