using Semblance.Core;
using Semblance.Data.Baselines;
using Semblance.Imaging;

namespace Semblance.Data.Tests.Baselines;

public sealed class ColourHistogramTests
{
    private static readonly Colour Red = new(200, 20, 30);
    private static readonly Colour Blue = new(20, 40, 190);

    [Theory]
    [InlineData(64, 128)]
    [InlineData(48, 97)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void EveryPictureHasAUnitVectorWhateverItsSize(int width, int height)
    {
        var vector = ColourHistogram.Encode(Pictures.Noise(width, height, seed: 1));
        Assert.Equal(ColourHistogram.Width, vector.Length);
        Assert.Equal(1, Pictures.Dot(vector, vector), 1e-5);
    }

    [Fact]
    public void AMirroredPictureIsTheSame()
    {
        var picture = Pictures.Noise(31, 60, seed: 2);
        Assert.Equal(1, Pictures.Dot(ColourHistogram.Encode(picture), ColourHistogram.Encode(picture.FlipHorizontally())), 1e-5);
    }

    [Fact]
    public void WhereAColourIsMatters()
    {
        var redOverBlue = ColourHistogram.Encode(Pictures.Person(Red, Blue));
        Assert.Equal(0, Pictures.Dot(redOverBlue, ColourHistogram.Encode(Pictures.Person(Blue, Red, background: null))), 0.35);
        Assert.True(Pictures.Dot(redOverBlue, ColourHistogram.Encode(Pictures.Person(Red, Blue, height: 96))) > 0.98);
    }

    [Fact]
    public void ALittleMoreLightIsALittleChange()
    {
        // Without shares between bins a step across a bin's border would be a whole change.
        var before = ColourHistogram.Encode(Pictures.Person(new(126, 20, 30), Blue));
        for (var light = 0; light < 40; light += 4)
        {
            var after = ColourHistogram.Encode(Pictures.Person(new((byte)(126 + light), (byte)(20 + light), (byte)(30 + light)), Blue));
            Assert.True(Pictures.Dot(before, after) > 1 - (light * 0.01) - 1e-4, $"light {light}: {Pictures.Dot(before, after)}");
        }
    }

    [Fact]
    public void TheMiddleCountsMoreThanTheBorders()
    {
        var plain = ColourHistogram.Encode(Pictures.Person(Red, Red));
        var border = Pictures.Person(Red, Red);
        var middle = Pictures.Person(Red, Red);
        for (var y = 0; y < border.Height; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                Pictures.Set(border, x, y, Blue);
                Pictures.Set(middle, 28 + x, y, Blue);
            }
        }

        Assert.True(Pictures.Dot(plain, ColourHistogram.Encode(border)) > Pictures.Dot(plain, ColourHistogram.Encode(middle)) + 0.02);
    }

    [Fact]
    public void ItFindsPeopleByTheirClothesAgainInOtherLightAndNoise()
    {
        var random = Randomness.For(5, 1);
        var people = Enumerable.Range(0, 30).Select(_ => (Upper: RandomColour(ref random), Lower: RandomColour(ref random))).ToArray();
        var gallery = people.Select((person, i) => ColourHistogram.Encode(Pictures.Person(person.Upper, person.Lower, noise: 20, seed: i))).ToArray();
        var right = 0;
        for (var i = 0; i < people.Length; i++)
        {
            var query = ColourHistogram.Encode(Pictures.Person(Dim(people[i].Upper), Dim(people[i].Lower), noise: 20, seed: 100 + i));
            right += Pictures.Best(query, gallery) == i ? 1 : 0;
        }

        Assert.InRange(right, 20, 30);

        static Colour Dim(Colour colour) => new((byte)(colour.Red * 0.93), (byte)(colour.Green * 0.93), (byte)(colour.Blue * 0.93));
    }

    private static Colour RandomColour(ref Randomness random) => new((byte)random.Next(20, 236), (byte)random.Next(20, 236), (byte)random.Next(20, 236));
}
