namespace Semblance.Core.Tests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("lerning_rate", "learning_rate")]
    [InlineData("batchsize", "batch_size")]
    [InlineData("EPOCHS", "epochs")]
    [InlineData("zebra", null)]
    public void TheNearestKnownWordIsOfferedWhenItIsNear(string word, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(word, ["learning_rate", "batch_size", "epochs", "weight_decay"]));

    [Fact]
    public void TiesGoToTheFirstInTheAlphabet() => Assert.Equal("bat", Suggestion.Nearest("aat", ["cat", "bat", "hat"]));

    [Fact]
    public void WordsWithoutACommonLetterAreNotNear() => Assert.Null(Suggestion.Nearest("99", ["1", "12"]));

    [Fact]
    public void AMessageEndsWithTheOfferOrWithNothing()
    {
        Assert.Equal(" (did you mean \"epochs\"?)", Suggestion.DidYouMean("epoch", ["epochs"]));
        Assert.Equal("", Suggestion.DidYouMean("zebra", ["epochs"]));
        Assert.Equal("", Suggestion.DidYouMean("zebra", []));
    }
}
