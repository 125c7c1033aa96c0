namespace Semblance.Imaging.Tests;

public sealed class NormalisationTests
{
    [Theory, InlineData(1, 1), InlineData(5, 3), InlineData(4, 4), InlineData(17, 1), InlineData(31, 7), InlineData(64, 128)]
    public void PlanesMatchThePlainFormula(int width, int height)
    {
        var picture = Pictures.Noise(width, height, seed: 11);
        foreach (var normalisation in new[] { Normalisation.Clip, Normalisation.ImageNet, Normalisation.Half })
        {
            var chw = new float[3 * width * height];
            normalisation.ToChw(picture, chw);
            for (var c = 0; c < 3; c++)
            {
                for (var i = 0; i < width * height; i++)
                {
                    var plain = ((picture.Rgb[(3 * i) + c] / 255.0) - normalisation.Mean[c]) / normalisation.Deviation[c];
                    Assert.Equal(plain, chw[(c * width * height) + i], 1e-6 * Math.Max(1, Math.Abs(plain)));
                }
            }
        }
    }

    [Fact]
    public void TheWayBackGivesTheSamePixels()
    {
        var picture = Pictures.Noise(37, 23, seed: 12);
        var chw = new float[3 * 37 * 23];
        Normalisation.Clip.ToChw(picture, chw);
        Assert.True(picture.HasSamePixels(Normalisation.Clip.FromChw(chw, 37, 23)));
    }

    [Fact]
    public void TheMeanColourBecomesNearlyZero()
    {
        var mean = Normalisation.Clip.MeanColour;
        var chw = new float[3];
        Normalisation.Clip.ToChw(new Picture(1, 1, [mean.Red, mean.Green, mean.Blue]), chw);
        Assert.All(chw, value => Assert.InRange(value, -0.01f, 0.01f));
    }

    [Fact]
    public void WrongLengthsAndDeviationsAreNamed()
    {
        Assert.Contains("[3, 2, 2] = 12", Assert.Throws<ArgumentException>(() => Normalisation.Half.ToChw(new Picture(2, 2), new float[11])).Message);
        Assert.Contains("deviation 0", Assert.Throws<ArgumentException>(() => new Normalisation([0, 0, 0], [1, 0, 1])).Message);
        Assert.Equal(Normalisation.Half, new Normalisation([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]));
    }
}
