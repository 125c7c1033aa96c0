using Semblance.Data.Baselines;
using Semblance.Imaging;
using Semblance.Text;

namespace Semblance.Data.Tests.Baselines;

public sealed class ColourWordsTests
{
    [Theory]
    [InlineData("A man in a red shirt and black trousers.", "Red", "Black")]
    [InlineData("The woman has long blond hair, wears a dark blue zip-up jacket with light grey pants and white sneakers.", "DarkBlue", "LightGrey")]
    [InlineData("Her t-shirt is white and green, her skirt is black.", "White Green", "Black")]
    [InlineData("her shirt is red and her trousers are dark green or black", "Red", "DarkGreen Black")]
    [InlineData("the man with brown hair is wearing a purple sweater", "Purple", "")]
    [InlineData("She wears a yellow dress and brown boots", "Yellow", "Yellow")]
    [InlineData("a boy with a red backpack, a navy hoodie, blue shorts", "Navy", "Blue")]
    [InlineData("a short man in grey; jeans", "", "Blue DarkBlue")]
    [InlineData("a person in dark clothes", "Black DarkGrey Navy", "Black DarkGrey Navy")]
    [InlineData("black jeans and a white tee", "White", "Black")]
    [InlineData("a tall person walking", "", "")]
    [InlineData("", "", "")]
    public void AColourBelongsToTheGarmentOfItsClause(string caption, string upper, string lower)
    {
        var colours = ClothesColours.Of(caption);
        Assert.Equal(upper, string.Join(' ', colours.Upper));
        Assert.Equal(lower, string.Join(' ', colours.Lower));
    }

    [Fact]
    public void WordsAndPicturesHaveUnitVectorsAndNoColourIsNoVector()
    {
        foreach (var vector in (float[][])[ColourWords.EncodeText("a red coat and blue jeans"), ColourWords.EncodeText("a red coat"), ColourWords.EncodePicture(Pictures.Noise(5, 9, 1)), ColourWords.EncodePicture(Pictures.Noise(1, 1, 1))])
        {
            Assert.Equal(ColourWords.Width, vector.Length);
            Assert.Equal(1, Pictures.Dot(vector, vector), 1e-5);
        }

        Assert.All(ColourWords.EncodeText("a person"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void EveryColourWordFindsItsOwnColourFirst()
    {
        var shown = new (ColourName Name, Colour Colour)[]
        {
            (ColourName.Black, new(20, 20, 22)), (ColourName.White, new(240, 240, 240)), (ColourName.Red, new(200, 30, 40)), (ColourName.Green, new(40, 150, 70)),
            (ColourName.Blue, new(40, 80, 190)), (ColourName.Yellow, new(235, 210, 40)), (ColourName.Purple, new(100, 40, 130)), (ColourName.Brown, new(105, 70, 45)),
            (ColourName.Pink, new(235, 160, 180)), (ColourName.Orange, new(230, 120, 30)), (ColourName.Grey, new(130, 130, 130)), (ColourName.Turquoise, new(60, 190, 190)),
        };
        var gallery = shown.Select(item => ColourWords.EncodePicture(Pictures.Person(item.Colour, new(90, 90, 90), background: new(120, 130, 110), noise: 15))).ToArray();
        for (var i = 0; i < shown.Length; i++)
        {
            var query = ColourWords.EncodeText($"a person in a {CaptionWords.PhrasesOf(shown[i].Name)[0]} shirt");
            Assert.True(Pictures.Best(query, gallery) == i, $"{shown[i].Name} finds {shown[Pictures.Best(query, gallery)].Name}");
        }
    }

    [Fact]
    public void UpperAndLowerAreNotMixedUp()
    {
        var redOverBlue = ColourWords.EncodePicture(Pictures.Person(new(190, 30, 40), new(40, 80, 180)));
        var right = Pictures.Dot(redOverBlue, ColourWords.EncodeText("a red shirt and blue trousers"));
        var swapped = Pictures.Dot(redOverBlue, ColourWords.EncodeText("a blue shirt and red trousers"));
        var half = Pictures.Dot(redOverBlue, ColourWords.EncodeText("a red shirt and yellow trousers"));
        Assert.True(right > 0.8 && half > 0.3 && half < right - 0.2 && swapped < half - 0.2, $"{right} {half} {swapped}");
    }

    [Fact]
    public void NearbyColoursAreNearEachOther()
    {
        var navy = ColourWords.EncodePicture(Pictures.Person(new(26, 32, 62), new(26, 32, 62)));
        double Says(string colour) => Pictures.Dot(navy, ColourWords.EncodeText($"a {colour} coat and {colour} trousers"));
        Assert.True(Says("navy") > Says("dark blue") && Says("dark blue") > Says("blue") && Says("blue") > Says("orange"));
    }
}
