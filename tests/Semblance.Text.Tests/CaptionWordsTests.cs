namespace Semblance.Text.Tests;

public sealed class CaptionWordsTests
{
    [Theory]
    [InlineData("Left of the right-hand door.", "Right of the left-hand door.")]
    [InlineData("facing LEFT, bright upright leftovers", "facing RIGHT, bright upright leftovers")]
    [InlineData("nothing to swap", "nothing to swap")]
    [InlineData("", "")]
    public void SidesChangePlacesAndNothingElseDoes(string caption, string mirrored)
    {
        Assert.Equal(mirrored, CaptionWords.SwapLeftAndRight(caption));
        Assert.Equal(caption, CaptionWords.SwapLeftAndRight(mirrored));
    }

    [Fact]
    public void ColoursAreReadLongestPhraseFirst() => Assert.Equal(
        [ColourName.DarkBlue, ColourName.Grey, ColourName.Navy, ColourName.Mustard],
        CaptionWords.ColoursIn("A dark blue coat, gray jeans; Navy Blue cap. Mustard yellow bag"));

    [Fact]
    public void EveryColourIsFoundByItsPlainWord() =>
        Assert.All(Enum.GetValues<ColourName>(), colour => Assert.Equal(colour, CaptionWords.ColourOf(CaptionWords.PhrasesOf(colour)[0])));

    [Fact]
    public void AnUnknownWordIsNoColour() => Assert.Null(CaptionWords.ColourOf("blurple"));

    [Theory, InlineData("red", true), InlineData("jacket", true), InlineData("woman", true), InlineData("backpack", true), InlineData("curly", true),
        InlineData("wearing", false), InlineData("the", false), InlineData("and", false)]
    public void AttributeWordsAreTold(string word, bool attribute) => Assert.Equal(attribute, CaptionWords.IsAttribute(word));
}
