using Semblance.Core;

namespace Semblance.Text.Tests;

public sealed class WordPieceTrainerTests
{
    private static readonly string[] Captions = [.. Enumerable.Range(0, 3000).Select(seed =>
    {
        var random = Randomness.For(21, seed);
        var person = RandomPeople.Draw(ref random);
        return new CaptionGrammar().Write(person, ref random);
    })];

    [Fact]
    public void SpecialTokensComeFirst() =>
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], WordPieceTrainer.Learn(Captions, 600).Vocabulary.Take(5));

    [Fact]
    public void TheSameCaptionsInAnotherOrderGiveTheSameVocabulary() =>
        Assert.Equal(WordPieceTrainer.Learn(Captions, 700).Vocabulary, WordPieceTrainer.Learn(Captions.Reverse(), 700).Vocabulary);

    [Fact]
    public void TheSizeIsKeptAndFrequentWordsAreWhole()
    {
        var tokenizer = WordPieceTrainer.Learn(Captions, 600);
        Assert.Equal(600, tokenizer.VocabularySize);
        foreach (var word in new[] { "wearing", "black", "jacket", "woman", "trousers", "hair" })
        {
            Assert.Equal([word], tokenizer.Tokenise(word));
        }
    }

    [Fact]
    public void WithRoomEnoughEveryRepeatedWordIsWhole()
    {
        var tokenizer = WordPieceTrainer.Learn(Captions, 5000);
        Assert.True(tokenizer.VocabularySize < 5000);
        var counts = Captions.SelectMany(BasicSplitter.Split).CountBy(word => word).Where(entry => entry.Value >= 2);
        Assert.All(counts, entry => Assert.Single(tokenizer.Tokenise(entry.Key)));
    }

    [Fact]
    public void CaptionsAndUnseenLatinWordsHaveNoUnknownPart()
    {
        var tokenizer = WordPieceTrainer.Learn(Captions, 600);
        Assert.All(Captions, caption => Assert.Equal(0, tokenizer.Encode(caption, 77).Unknown));
        Assert.Equal(0, tokenizer.Encode("A Zyzzyva in brocade: 100% (sic)!", 77).Unknown);
        Assert.Equal(2, tokenizer.Encode("红衣", 77).Unknown);
    }

    [Fact]
    public void DecodingGivesTheWordsBack()
    {
        var tokenizer = WordPieceTrainer.Learn(Captions, 600);
        Assert.All(Captions.Take(300), caption => Assert.Equal(string.Join(' ', BasicSplitter.Split(caption)), tokenizer.Decode(tokenizer.Encode(caption, 300).Ids)));
    }

    [Fact]
    public void MergesTakeTheMostFrequentNeighbours()
    {
        // "abab" x 3 and "ab" x 2: first a+##b (5 starts), then ##a+##b (3), then ab+##ab (3).
        var merges = new PieceMerges([new("abab", 3), new("ab", 2)]);
        Assert.Equal("ab ##ab abab", $"{merges.Next(2)} {merges.Next(2)} {merges.Next(2)}");
        Assert.Null(merges.Next(2));
    }

    [Fact]
    public void NoWordsOrNoRoomIsRefused()
    {
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => WordPieceTrainer.Learn(["", " "], 500)).Message);
        Assert.Contains("a vocabulary of 50 has no room", Assert.Throws<ArgumentException>(() => WordPieceTrainer.Learn(["a man"], 50)).Message);
    }
}
