using System.IO.Compression;
using Semblance.Core;

namespace Semblance.Text.Tests;

public sealed class TokenizersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AVocabularyAndMergesAreToldApartByContent()
    {
        var (words, merges, bare, packed) = (_folder.File("vocab.txt"), _folder.File("merges.txt"), _folder.File("bare.txt"), _folder.File("merges.txt.gz"));
        WordPieceTokenizer.FromVocabulary(SpecialTokens.All.Append("coat")).Save(words);
        BytePairTokenizer.FromMerges(["#version: 0.2", "r e", "re d</w>"]).Save(merges);
        File.WriteAllLines(bare, ["r e", "re d</w>"]);
        using (var file = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            file.Write(File.ReadAllBytes(merges));
        }

        Assert.IsType<WordPieceTokenizer>(Tokenizers.Load(words));
        var expected = BytePairTokenizer.FromMerges(["r e", "re d</w>"]);
        foreach (var path in new[] { merges, bare, packed })
        {
            var found = Assert.IsType<BytePairTokenizer>(Tokenizers.Load(path));
            Assert.Equal(expected.Vocabulary, found.Vocabulary);
            Assert.Equal(expected.Fingerprint, found.Fingerprint);
            Assert.Equal(expected.Encode("a red coat", 9).Ids, found.Encode("a red coat", 9).Ids);
        }

        Assert.Contains("no such vocabulary file", Assert.Throws<SemblanceFormatException>(() => Tokenizers.Load(_folder.File("none.txt"))).Message, StringComparison.Ordinal);
    }
}
