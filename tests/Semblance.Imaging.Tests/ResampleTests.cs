namespace Semblance.Imaging.Tests;

public sealed class ResampleTests
{
    public static TheoryData<Resampling, int, int> Cases()
    {
        var cases = new TheoryData<Resampling, int, int>();
        foreach (var kernel in new[] { Resampling.Bilinear, Resampling.Bicubic, Resampling.Area })
        {
            foreach (var (width, height) in new[] { (64, 128), (16, 24), (50, 20) })
            {
                cases.Add(kernel, width, height);
            }
        }

        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void MatchesPillowWithinOneLevel(Resampling kernel, int width, int height)
    {
        // One level: Pillow rounds to bytes between rows and columns, we do not.
        var golden = PictureReader.Read(Pictures.Golden($"resampling/{kernel.ToString().ToLowerInvariant()}-{width}x{height}.png"));
        Assert.InRange(Pictures.WorstDifference(golden, Pictures.Busy(37, 53).Resize(width, height, kernel)), 0, 1);
    }

    [Theory, MemberData(nameof(Cases))]
    public void MatchesThePlainDoubleSum(Resampling kernel, int width, int height)
    {
        var source = Pictures.Noise(33, 21, seed: 5);
        var resized = source.Resize(width, height, kernel);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    var plain = Plain(source, x, y, c, width, height, kernel);
                    Assert.True(
                        Math.Abs(plain - resized.Rgb[(3 * ((y * width) + x)) + c]) <= 0.502, $"({x}, {y}, {c}): {plain} became {resized.Rgb[(3 * ((y * width) + x)) + c]}");
                }
            }
        }
    }

    [Fact]
    public void NearestTakesThePixelUnderTheCentre()
    {
        var source = Pictures.Busy(7, 5);
        var resized = source.Resize(3, 11, Resampling.Nearest);
        for (var y = 0; y < 11; y++)
        {
            for (var x = 0; x < 3; x++)
            {
                Assert.Equal(source.At((int)Math.Floor((x + 0.5) * 7 / 3), (int)Math.Floor((y + 0.5) * 5 / 11)), resized.At(x, y));
            }
        }
    }

    [Theory, InlineData(Resampling.Bilinear), InlineData(Resampling.Bicubic), InlineData(Resampling.Area), InlineData(Resampling.Nearest)]
    public void AFlatPictureStaysFlatAtEverySize(Resampling kernel)
    {
        var flat = new Picture(9, 14, Enumerable.Repeat(new byte[] { 3, 251, 128 }, 9 * 14).SelectMany(p => p).ToArray());
        foreach (var (width, height) in new[] { (1, 1), (2, 3), (5, 40), (40, 5), (17, 29) })
        {
            var resized = flat.Resize(width, height, kernel);
            Assert.All(Enumerable.Range(0, width * height), i => Assert.Equal(new Colour(3, 251, 128), resized.At(i % width, i / width)));
        }
    }

    [Fact]
    public void HalvingByAreaIsTheMeanOfFour()
    {
        var source = Pictures.Noise(8, 6, seed: 9);
        var half = source.Resize(4, 3, Resampling.Area);
        for (var y = 0; y < 3; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var mean = (source.At(2 * x, 2 * y).Green + source.At((2 * x) + 1, 2 * y).Green + source.At(2 * x, (2 * y) + 1).Green + source.At((2 * x) + 1, (2 * y) + 1).Green) / 4.0;
                Assert.Equal((byte)Math.Floor(mean + 0.5), half.At(x, y).Green);
            }
        }
    }

    [Fact]
    public void TheSameSizeIsTheSamePicture()
    {
        var picture = Pictures.Busy(5, 4);
        Assert.Same(picture, picture.Resize(5, 4));
    }

    private static double Plain(Picture source, int x, int y, int channel, int width, int height, Resampling kernel)
    {
        var (stepX, stepY) = ((double)source.Width / width, (double)source.Height / height);
        var (wideX, wideY) = (Math.Max(1, stepX), Math.Max(1, stepY));
        var (centreX, centreY) = ((x + 0.5) * stepX, (y + 0.5) * stepY);
        double sum = 0, total = 0;
        for (var row = 0; row < source.Height; row++)
        {
            var down = Weight(kernel, (row + 0.5 - centreY) / wideY);
            double across = 0, acrossTotal = 0;
            for (var column = 0; down != 0 && column < source.Width; column++)
            {
                var weight = Weight(kernel, (column + 0.5 - centreX) / wideX);
                across += weight * source.Rgb[(3 * ((row * source.Width) + column)) + channel];
                acrossTotal += weight;
            }

            sum += down == 0 ? 0 : down * Math.Clamp(across / acrossTotal, 0, 255);
            total += down;
        }

        return Math.Clamp(sum / total, 0, 255);
    }

    private static double Weight(Resampling kernel, double at)
    {
        const double a = -0.5;
        var d = Math.Abs(at);
        return kernel switch
        {
            Resampling.Area => at is > -0.5 and <= 0.5 ? 1 : 0,
            Resampling.Bilinear => Math.Max(0, 1 - d),
            _ when d < 1 => ((a + 2) * d * d * d) - ((a + 3) * d * d) + 1,
            _ when d < 2 => (a * d * d * d) - (5 * a * d * d) + (8 * a * d) - (4 * a),
            _ => 0,
        };
    }
}
