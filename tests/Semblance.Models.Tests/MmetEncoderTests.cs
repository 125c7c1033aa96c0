using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Text;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests;

public sealed class MmetEncoderTests : IDisposable
{
    private static readonly MmetOptions AllHeads = Options with { TextHeadWeight = 0.5 };
    private readonly string _folder = Directory.CreateTempSubdirectory("semblance-models-").FullName;

    private static MmetEncoder Encoder(int batch = 64) => new(new MmetIdentification(Model(AllHeads), 8), Tokenizer, new EncoderOptions { BatchSize = batch });

    private static Picture[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(i => Picture(i % 8, i, 40, 90))];

    [Fact]
    public void EmbeddingsAreUnitVectorsThatDoNotDependOnTheBatch()
    {
        using var one = Encoder(batch: 1);
        using var three = Encoder(batch: 3);
        var pictures = Pictures(7);
        foreach (var space in new[] { EmbeddingSpace.Image, EmbeddingSpace.Joint })
        {
            var (a, b) = (one.EncodePictures(pictures, space), three.EncodePictures(pictures, space));
            for (var i = 0; i < 7; i++)
            {
                Assert.Equal(64, a[i].Length);
                Assert.Equal(1, a[i].Sum(v => v * v), 1e-4);
                Assert.True(a[i].Zip(b[i]).Max(pair => Math.Abs(pair.First - pair.Second)) < 1e-5);
            }
        }
    }

    [Fact]
    public void ALongerNeighbourDoesNotChangeATextsEmbedding()
    {
        using var encoder = Encoder();
        var alone = encoder.EncodeTexts(["a man in a red shirt"], EmbeddingSpace.Joint)[0];
        var beside = encoder.EncodeTexts([Caption(3) + " " + Caption(4), "a man in a red shirt"], EmbeddingSpace.Joint)[1];
        Assert.True(alone.Zip(beside).Max(pair => Math.Abs(pair.First - pair.Second)) < 1e-5);
    }

    [Fact]
    public void SeveralSpacesInOnePassGiveWhatOneByOneGives()
    {
        using var encoder = Encoder();
        var pictures = Pictures(3);
        var both = encoder.EncodePictures(pictures, [EmbeddingSpace.Joint, EmbeddingSpace.Image]);
        Assert.Equal(encoder.EncodePictures(pictures, EmbeddingSpace.Joint)[2], both[0][2]);
        Assert.Equal(encoder.EncodePictures(pictures, EmbeddingSpace.Image)[1], both[1][1]);
    }

    [Fact]
    public void PairsNeedAsManyTextsAsPictures()
    {
        using var encoder = Encoder();
        Assert.Equal(2, encoder.EncodePairs(Pictures(2), ["a man", "a woman"]).Length);
        Assert.Contains("2 pictures but 1 texts", Assert.Throws<ArgumentException>(() => encoder.EncodePairs(Pictures(2), ["a man"])).Message, StringComparison.Ordinal);
        Assert.Contains("pictures cannot make a Text feature", Assert.Throws<ArgumentException>(() => encoder.EncodePictures(Pictures(2), EmbeddingSpace.Text)).Message, StringComparison.Ordinal);
        Assert.Empty(encoder.EncodePictures([], EmbeddingSpace.Image));
    }

    [Fact]
    public void ABorrowedModelGoesOnTrainingAndIsNotDisposed()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        using (var encoder = new MmetEncoder(model, Tokenizer, ownsModel: false))
        {
            encoder.EncodePictures(Pictures(2), EmbeddingSpace.Image);
        }

        Assert.True(model.IsTraining);
        Assert.True(model.Model.LogScale.IsFinite());
    }

    [Fact]
    public void BFloat16GivesNearlyTheSameEmbeddings()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        using var full = new MmetEncoder(model, Tokenizer, ownsModel: false);
        using var half = new MmetEncoder(model, Tokenizer, new EncoderOptions { Precision = ScalarType.BFloat16 }, ownsModel: false);
        var (a, b) = (full.EncodePictures(Pictures(4), EmbeddingSpace.Joint), half.EncodePictures(Pictures(4), EmbeddingSpace.Joint));
        Assert.All(Enumerable.Range(0, 4), i => Assert.True(a[i].Zip(b[i]).Sum(pair => pair.First * pair.Second) > 0.999));
    }

    [Fact]
    public void ASavedModelComesBackWholeWithItsFingerprint()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        var fingerprint = MmetModelFile.Save(_folder, model, Tokenizer, "CC0");
        using var before = new MmetEncoder(model, Tokenizer, ownsModel: false);
        using var after = MmetModelFile.Open(_folder);
        Assert.Equal(fingerprint, after.Fingerprint);
        Assert.Equal(fingerprint, before.Fingerprint);
        Assert.Equal(AllHeads, after.Model.Model.Options);
        Assert.Equal(before.EncodePictures(Pictures(2), EmbeddingSpace.Image)[1], after.EncodePictures(Pictures(2), EmbeddingSpace.Image)[1]);
        Assert.Equal(before.EncodeTexts(["a man"], EmbeddingSpace.Text)[0], after.EncodeTexts(["a man"], EmbeddingSpace.Text)[0]);
    }

    [Fact]
    public void TheFingerprintChangesWithAWeightAndWithAWord()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        Fingerprint Of(WordPieceTokenizer tokenizer)
        {
            using var encoder = new MmetEncoder(model, tokenizer, ownsModel: false);
            return encoder.Fingerprint;
        }

        var first = Of(Tokenizer);
        Assert.NotEqual(first, Of(WordPieceTokenizer.FromVocabulary([.. Tokenizer.Vocabulary.SkipLast(1), "an"])));
        using (Autograd.NoGrad())
        {
            using var weight = model.Model.ImageProjection.Bias!.Narrow(0, 0, 1);
            weight.AddInPlace(1e-6);
        }

        Assert.NotEqual(first, Of(Tokenizer));
    }

    [Fact]
    public void AnExchangedVocabularyOrWeightIsNoticed()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        MmetModelFile.Save(_folder, model, Tokenizer);
        WordPieceTokenizer.FromVocabulary([.. Tokenizer.Vocabulary.SkipLast(1), "an"]).Save(Path.Combine(_folder, "vocabulary.txt"));
        Assert.Contains("a file was changed after training", Assert.Throws<SemblanceFormatException>(() => MmetModelFile.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOfAnotherArchitectureSayWhatDiffers()
    {
        using var model = new MmetIdentification(Model(AllHeads), 8);
        MmetModelFile.Save(_folder, model, Tokenizer);
        using var other = new MmetIdentification(Model(AllHeads with { ImageLayers = 3, MlpWidth = 96 }), 8);
        var message = Assert.Throws<SemblanceFormatException>(() => MmetModelFile.StartFrom(other, _folder)).Message;
        Assert.Contains("MlpWidth is 128, expected 96; ImageLayers is 2, expected 3", message, StringComparison.Ordinal);

        // Facts that speak of another network than the weights hold.
        var facts = Path.Combine(_folder, "model.json");
        File.WriteAllText(facts, File.ReadAllText(facts).Replace("\"image_layers\": 2", "\"image_layers\": 3", StringComparison.Ordinal));
        Assert.Contains("image_encoder.transformer.blocks.2.norm1.weight", Assert.Throws<SemblanceFormatException>(() => MmetModelFile.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsNoModelSaysWhatIsMissing()
    {
        Assert.Contains("model.json", Assert.Throws<SemblanceFormatException>(() => MmetModelFile.Open(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "model.json"), "{ \"format\": 7 }");
        Assert.Contains("not the facts of a \"semblance mmet 1\" model", Assert.Throws<SemblanceFormatException>(() => MmetModelFile.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmbeddingLeavesNoTensorAlive()
    {
        using var encoder = Encoder();
        TensorDiagnostics.AssertNoneLeft(() => encoder.EncodePairs(Pictures(3), [Caption(0), Caption(1), Caption(2)]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
