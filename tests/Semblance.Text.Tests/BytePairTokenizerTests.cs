using System.IO.Compression;
using System.Text;
using Semblance.Core;

namespace Semblance.Text.Tests;

public sealed class BytePairTokenizerTests
{
    /// <summary>Seven merges of our own: ids 512 to 518, start 519, end 520.</summary>
    private static readonly string[] Merges = ["\"made up#version: 0.2", "r e", "re d</w>", "a n", "an d</w>", "c o", "a t</w>", "co at</w>"];

    private static readonly BytePairTokenizer Small = BytePairTokenizer.FromMerges(Merges);

    /// <summary>Worked out by hand: a printable letter c has the id c - 33, at the end of a word 256 more.</summary>
    [Theory]
    [InlineData("red", new[] { 513 })]
    [InlineData("RED  coat", new[] { 513, 518 })]
    [InlineData("reed", new[] { 512, 'e' - 33, 256 + 'd' - 33 })]
    [InlineData("sand", new[] { 's' - 33, 515 })]
    [InlineData("ana", new[] { 514, 256 + 'a' - 33 })]
    [InlineData("cat", new[] { 'c' - 33, 517 })]
    [InlineData("t's", new[] { 256 + 't' - 33, '\'' - 33, 256 + 's' - 33 })]
    [InlineData("12", new[] { 256 + '1' - 33, 256 + '2' - 33 })]
    [InlineData("a, b!?", new[] { 256 + 'a' - 33, 256 + ',' - 33, 256 + 'b' - 33, '!' - 33, 256 + '?' - 33 })]
    [InlineData("red &amp;amp; red", new[] { 513, 256 + '&' - 33, 513 })]
    [InlineData("é", new[] { 127, 256 + 102 })]
    [InlineData(" \t\n", new int[0])]
    public void SegmentsAsClipDoes(string text, int[] ids)
    {
        var tokens = Small.Encode(text, 12);
        Assert.Equal([519, .. ids, 520], tokens.Ids[..tokens.Count]);
        Assert.All(tokens.Ids[tokens.Count..], id => Assert.Equal(0, id));
    }

    [Fact]
    public void TheIdsAreBytesThenBytesAtTheEndOfAWordThenMergesThenStartAndEnd() =>
        Assert.Equal((519, 520, 521), (Small.StartId, Small.EndId, Small.VocabularySize));

    [Fact]
    public void KnowsTheWordOfEachToken()
    {
        var tokens = Small.Encode("a red cat", 8);
        Assert.Equal([-1, 0, 1, 2, 2, -1, -1, -1], tokens.WordIndex);
        Assert.Equal(["a", "red", "cat"], tokens.Words);
        Assert.Null(tokens.Warning);
    }

    [Fact]
    public void ATextLongerThanTheRoomIsCutReportedAndStillEnds()
    {
        var tokens = Small.Encode("red red red red red", 5);
        Assert.Equal([519, 513, 513, 513, 520], tokens.Ids);
        Assert.Equal(2, tokens.Dropped);
        Assert.Contains("its last 2 were cut", tokens.Warning);
        Assert.Throws<ArgumentOutOfRangeException>(() => Small.Encode("red", 2));
    }

    [Fact]
    public void TextCannotSpellTheStartAndEnd()
    {
        var tokens = Small.Encode("<|startoftext|> <|endoftext|> red", 77);
        Assert.Single(tokens.Ids, Small.StartId);
        Assert.Single(tokens.Ids, Small.EndId);
        Assert.Equal(Small.EndId, tokens.Ids[tokens.Count - 1]);
    }

    [Theory]
    [InlineData("a red coat, and a cat")]
    [InlineData("naïve 女人 Ω")]
    public void DecodingGivesTheWordsBack(string text) =>
        Assert.Equal(text.ToLowerInvariant().Replace(",", " ,"), Small.Decode(Small.Encode(text, 77).Ids));

    [Fact]
    public void ATokenOutsideTheVocabularyIsRefused() =>
        Assert.Contains("token 521 is not in the vocabulary of 521", Assert.Throws<ArgumentOutOfRangeException>(() => Small.Decode([521])).Message);

    [Fact]
    public void AWordWithoutEndIsSplitAndTakesNoTime() => Assert.Equal(77, Small.Encode(new string('x', 200_000), 77).Count);

    [Fact]
    public void TheFileIsReadPlainOrPacked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("merges.txt"), Merges);
        using (var packed = new GZipStream(File.Create(folder.File("merges.txt.gz")), CompressionLevel.Optimal))
        {
            packed.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", Merges)));
        }

        Assert.Equal(Small.Fingerprint, BytePairTokenizer.Load(folder.File("merges.txt")).Fingerprint);
        Assert.Equal(Small.Fingerprint, BytePairTokenizer.Load(folder.File("merges.txt.gz")).Fingerprint);
        Assert.NotEqual(Small.Fingerprint, BytePairTokenizer.FromMerges(Merges, merges: 6).Fingerprint);
    }

    [Fact]
    public void OnlySoManyMergesAreUsedAsAModelKnows()
    {
        var few = BytePairTokenizer.FromMerges(Merges, merges: 1);
        Assert.Equal((513, 514), (few.StartId, few.EndId));
        Assert.Equal(49408, 512 + BytePairTokenizer.ClipMerges + 2);
    }

    [Theory]
    [InlineData("", "holds no merges")]
    [InlineData("#version: 0.2\n", "holds no merges")]
    [InlineData("#version: 0.2\nr e\nred\n", "(at 3): a line with 1 pieces, expected two")]
    [InlineData("a b c\n", "(at 1): a line with 3 pieces")]
    public void ABrokenFileIsRefusedWithTheReason(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("merges.txt"), content);
        Assert.Contains(reason, Assert.Throws<SemblanceFormatException>(() => BytePairTokenizer.Load(folder.File("merges.txt"))).Message);
    }

    [Fact]
    public void AMissingBinaryOrDamagedFileIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("merges.gz");
        Assert.Contains("no such merges file", Assert.Throws<SemblanceFormatException>(() => BytePairTokenizer.Load(path)).Message);
        File.WriteAllBytes(path, [0x50, 0xFF, 0xFE, 0x00]);
        Assert.Contains("not UTF-8", Assert.Throws<SemblanceFormatException>(() => BytePairTokenizer.Load(path)).Message);
        File.WriteAllBytes(path, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]);
        Assert.Contains("damaged", Assert.Throws<SemblanceFormatException>(() => BytePairTokenizer.Load(path)).Message);
        using (var bomb = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            for (var i = 0; i < 1100; i++)
            {
                bomb.Write(new byte[1 << 16]);
            }
        }

        Assert.Contains("unpacks to more than", Assert.Throws<SemblanceFormatException>(() => BytePairTokenizer.Load(path)).Message);
    }
}
