using System.Text;
using Semblance.Core;

namespace Semblance.Text.Tests;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Small =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "runn", "##ing", "wear", "a", "red", "coat", ",", ".", "-", "##s", "t", "shirt", "'", "[", "]", "mask", "cafe", "中", "i", "jack", "jacket", "##et"];

    /// <summary>The segmentations that BERT's published rules give with the vocabulary above, worked out by hand.</summary>
    [Theory]
    [InlineData("unaffable", "un ##aff ##able")]
    [InlineData("UNaffable running", "un ##aff ##able runn ##ing")]
    [InlineData("Wearing a RED coat, t-shirt.", "wear ##ing a red coat , t - shirt .")]
    [InlineData("unwanted", "[UNK]")]
    [InlineData("jackets jacket", "jacket ##s jacket")]
    [InlineData("Café CAFÉ cafe\u0301", "cafe cafe cafe")]
    [InlineData("a中red", "a 中 red")]
    [InlineData("a\u00a0red\tcoat\r\n", "a red coat")]
    [InlineData("re\u0000d co\u200bat\ufffd", "red coat")]
    [InlineData("[MASK]", "[ mask ]")]
    [InlineData("İ", "i")]
    [InlineData("日本", "[UNK] [UNK]")]
    [InlineData("", "")]
    public void SegmentsAsBertDoes(string text, string pieces) => Assert.Equal(pieces, string.Join(' ', WordPieceTokenizer.FromVocabulary(Small).Tokenise(text)));

    [Fact]
    public void HangulIsTakenApartAndOtherLettersLoseTheirAccents() =>
        Assert.Equal(["\u1112\u1161\u11ab", "u", "αβ", "е", "か"], BasicSplitter.Split("한 Ǘ ΆΒ Ё が"));

    [Fact]
    public void AWordOfMoreThanAHundredLettersIsUnknown()
    {
        var tokenizer = WordPieceTokenizer.FromVocabulary([.. Small, "##a"]);
        Assert.Equal(100, tokenizer.Tokenise(new string('a', 100)).Count);
        Assert.Equal(["[UNK]"], tokenizer.Tokenise(new string('a', 101)));
    }

    [Fact]
    public void EncodesToAFixedLengthWithWordIndices()
    {
        var tokenizer = WordPieceTokenizer.FromVocabulary(Small);
        var tokens = tokenizer.Encode("Wearing a coat", 8);
        Assert.Equal([2, 10, 9, 11, 13, 3, 0, 0], tokens.Ids);
        Assert.Equal([-1, 0, 0, 1, 2, -1, -1, -1], tokens.WordIndex);
        Assert.Equal((6, 0, false), (tokens.Count, tokens.Unknown, tokens.Truncated));
        Assert.Equal(["wearing", "a", "coat"], tokens.Words);
        Assert.Null(tokens.Warning);
        Assert.Equal("wearing a coat", tokenizer.Decode(tokens.Ids));
    }

    [Fact]
    public void ATextLongerThanTheRoomIsCutAndReported()
    {
        var tokens = WordPieceTokenizer.FromVocabulary(Small).Encode("wearing a red coat, a red jacket", 6);
        Assert.Equal([2, 10, 9, 11, 12, 3], tokens.Ids);
        Assert.True(tokens.Truncated);
        Assert.Equal(5, tokens.Dropped);
        Assert.Equal("the text has 11 tokens and the model reads 6: its last 5 were cut, shorten it to keep them", tokens.Warning);
    }

    [Fact]
    public void ATextThatJustFitsIsWhole()
    {
        var tokens = WordPieceTokenizer.FromVocabulary(Small).Encode("wearing a red", 6);
        Assert.False(tokens.Truncated);
        Assert.Equal(6, tokens.Count);
    }

    [Fact]
    public void TextInAnotherScriptIsReported()
    {
        var tokens = WordPieceTokenizer.FromVocabulary(Small).Encode("穿红色外套的女人", 32);
        Assert.Equal(8, tokens.Unknown);
        Assert.StartsWith("8 of 8 words are unknown to the model's vocabulary (another language or script?)", tokens.Warning);
    }

    [Fact]
    public void AnEmptyTextIsReported() => Assert.Contains("no words", WordPieceTokenizer.FromVocabulary(Small).Encode(" \n", 8).Warning);

    [Fact]
    public void TooSmallALengthIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => WordPieceTokenizer.FromVocabulary(Small).Encode("a", 2));

    [Fact]
    public void ATokenOutsideTheVocabularyIsRefused() =>
        Assert.Contains("token 99 is not in the vocabulary of 30", Assert.Throws<ArgumentOutOfRangeException>(() => WordPieceTokenizer.FromVocabulary(Small).Decode([99])).Message);

    [Fact]
    public void SavingAndLoadingGivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = WordPieceTokenizer.FromVocabulary(Small);
        tokenizer.Save(folder.File("vocabulary.txt"));
        var loaded = WordPieceTokenizer.Load(folder.File("vocabulary.txt"));
        Assert.Equal(tokenizer.Vocabulary, loaded.Vocabulary);
        Assert.Equal(tokenizer.Fingerprint, loaded.Fingerprint);
        Assert.NotEqual(tokenizer.Fingerprint, WordPieceTokenizer.FromVocabulary([.. Small, "more"]).Fingerprint);
    }

    [Fact]
    public void AByteOrderMarkAndWindowsLineEndsAreAccepted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("v.txt"), string.Join("\r\n", Small) + "\r\n\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(Small, WordPieceTokenizer.Load(folder.File("v.txt")).Vocabulary);
    }

    [Theory]
    [InlineData("", "the vocabulary is empty")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\na\n", "the vocabulary of 4 tokens lacks [SEP], [MASK]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\na\n", "(at 8): the token \"a\" occurs twice, on lines 6 and 8")]
    [InlineData("[PAD]\n\n[UNK]\n", "(at 2): an empty line inside the vocabulary")]
    public void ABrokenVocabularyFileIsRefusedWithTheReason(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("v.txt"), content);
        var error = Assert.Throws<SemblanceFormatException>(() => WordPieceTokenizer.Load(folder.File("v.txt")));
        Assert.Contains(reason, error.Message);
        Assert.StartsWith(folder.File("v.txt"), error.Message);
    }

    [Fact]
    public void AMissingOrBinaryVocabularyFileIsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such vocabulary file", Assert.Throws<SemblanceFormatException>(() => WordPieceTokenizer.Load(folder.File("none.txt"))).Message);
        File.WriteAllBytes(folder.File("b.txt"), [0x50, 0xFF, 0xFE, 0x00]);
        Assert.Contains("not UTF-8", Assert.Throws<SemblanceFormatException>(() => WordPieceTokenizer.Load(folder.File("b.txt"))).Message);
    }
}
