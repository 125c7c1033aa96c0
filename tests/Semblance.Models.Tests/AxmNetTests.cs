using Semblance.Models.Backbones;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Optimisers;

namespace Semblance.Models.Tests;

public sealed class AxmNetTests
{
    private static readonly AxmNetOptions Tiny = new()
    {
        Height = 64,
        Width = 32,
        TextLength = 12,
        WordWidth = 8,
        StemWidth = 8,
        Stage1Width = 16,
        Stage2Width = 24,
        Stage3Width = 32,
        EmbeddingWidth = 16,
        Strips = 2,
    };

    [Theory]
    [InlineData(300, 4936037)]    // with BERT's 768 numbers a word it would be 5,025,893
    [InlineData(768, 5025893)]
    public void TheDefaultHasTheParametersOfItsSpecification(int wordWidth, long expected)
    {
        using var model = new AxmNet(AxmNetOptions.Default with { WordWidth = wordWidth }, 10);
        long Count(string prefix) => model.NamedParameters().Where(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(p => p.Tensor.ElementCount);
        Assert.Equal(2169508, Count("image."));
        Assert.Equal(263680, Count("image.fc."));
        Assert.Equal(wordWidth == 768 ? 2001280 : 1911424, Count("text."));
        Assert.Equal(expected, Count("") - Count("words."));
        var gates = model.NamedModules().Where(m => m.Module is ChannelGate).ToList();
        Assert.Equal(6, gates.Count);
        Assert.Equal(8036, gates.Sum(g => g.Module.Parameters().Sum(p => p.ElementCount)));
        Assert.Contains("image.conv2.0.conv2d.3.conv2.weight", model.StateDict().Keys);
        Assert.Equal((14, 14), model.MapSize);
    }

    [Fact]
    public void TheTraceKeepsTheLastMap()
    {
        using var scope = new TensorScope();
        using var model = new AxmNet(Tiny, 20);
        model.Eval();
        var trace = new Trace();
        var feature = model.PictureFeature(Tensor.Randn([2, 3, 64, 32]), trace);
        Assert.Equal([2, 32], feature.Shape);
        Assert.Equal([2, 32, model.MapSize.Rows, model.MapSize.Columns], trace[DualTower.PictureMap].Shape);
    }

    [Fact]
    public void GatesReceiveGradientsFromBothStreams()
    {
        foreach (var pictures in new[] { true, false })
        {
            using var scope = new TensorScope();
            using var model = new AxmNet(Tiny, 20);
            var (images, tokens, attention, _) = Samples(4);
            (pictures ? model.Picture(images).Global : model.Text(tokens, attention)).Square().Sum().Backward();
            var gates = model.NamedModules().Where(m => m.Module is ChannelGate).ToList();
            Assert.Equal(6, gates.Count);
            Assert.All(gates, gate => Assert.NotNull(gate.Module.Parameters().First().Grad));
        }
    }

    [Theory]
    [InlineData(AxmGates.PerModality, 12)]
    [InlineData(AxmGates.None, 0)]
    public void GatesAreCountedByTheirKind(AxmGates kind, int count)
    {
        using var model = new AxmNet(Tiny with { Gates = kind, PartHead = false, TextAttention = AxmTextAttention.None, Scales = 2 }, 20);
        Assert.Equal(count, model.NamedModules().Count(m => m.Module is ChannelGate));
        Assert.Equal(16, model.Width);
    }

    [Fact]
    public void PicturesAndWordsDoNotSeeEachOther()
    {
        using var scope = new TensorScope();
        using var model = new AxmNet(Tiny, 20);
        model.Eval();
        using var noGrad = Autograd.NoGrad();
        var (images, tokens, attention, _) = Samples(2);
        var before = (Picture: model.PictureFeature(images).ToArray<float>(), Text: model.TextFeature(tokens, attention).ToArray<float>());
        var (otherImages, otherTokens, otherAttention, _) = Samples(2, seed: 9);
        model.TextFeature(otherTokens, otherAttention);
        Assert.Equal(before.Picture, model.PictureFeature(images).ToArray<float>());
        model.PictureFeature(otherImages);
        Assert.Equal(before.Text, model.TextFeature(tokens, attention).ToArray<float>());
    }

    [Fact]
    public void ContextualAttentionStartsAsTheIdentity()
    {
        using var scope = new TensorScope();
        using var attention = new GlobalContext(32, 16);
        Initialise.Normal(attention.Parameters().First());
        attention.StartAsIdentity();
        Initialise.Zeros(attention.NamedParameters().Single(p => p.Name == "spread.bias").Tensor);
        var x = Tensor.Randn([2, 32, 1, 5]);
        Assert.Equal(x.ToArray<float>(), attention.Forward(x).ToArray<float>());
    }

    [Fact]
    public void TheTextIsTheHeadOfThePlainMeanAtFirst()
    {
        using var scope = new TensorScope();
        var (_, tokens, attention, _) = Samples(3);
        float[]? plain = null;
        foreach (var kind in new[] { AxmTextAttention.None, AxmTextAttention.Context, AxmTextAttention.NonLocal })
        {
            using var model = new AxmNet(Tiny with { TextAttention = kind }, 20);
            model.Eval();
            foreach (var (name, parameter) in model.NamedParameters().Where(p => !p.Name.StartsWith("text_attention.", StringComparison.Ordinal)))
            {
                TorchRandom.Seed(name.Length);
                Initialise.Normal(parameter, 0, 0.3);
            }

            var text = model.Text(tokens, attention).ToArray<float>();
            Assert.Equal(plain ??= text, text);
        }
    }

    [Fact]
    public void FeatureNormsCentreWhatTheBatchShares()
    {
        using var scope = new TensorScope();
        var (images, tokens, attention, _) = Samples(8);
        double Shared(bool norm)
        {
            TorchRandom.Seed(1);
            using var model = new AxmNet(Tiny with { FeatureNorm = norm }, 20);
            return model.TextFeature(tokens, attention).Mean(0).Norm().Item<double>() + model.PictureFeature(images).Mean(0).Norm().Item<double>();
        }

        Assert.True(Shared(norm: true) < 1);
        Assert.True(Shared(norm: false) > 2);    // of 2 √2
    }

    [Fact]
    public void BertMayReadTheWordsAndStaysAsItIs()
    {
        using var scope = new TensorScope();
        var bert = new Bert(new BertOptions { VocabularySize = 20, HiddenWidth = 8, Heads = 2, Layers = 1, MlpWidth = 16, Positions = 12, Dropout = 0.5 });
        using var learner = new AxmNetLearner(new AxmNet(Tiny, new BertWords(bert)), 4);
        var (images, tokens, attention, identities) = Samples(8);
        learner.Forward(new IdentityBatch { Images = images, Tokens = tokens, Attention = attention, Identities = identities }).Total.Backward();
        Assert.All(bert.Parameters(), parameter => Assert.Null(parameter.Grad));
        var words = new BertWords(bert);
        words.Train();
        var read = words.Read(tokens, attention);
        Assert.Equal(read.ToArray<float>(), words.Read(tokens, attention).ToArray<float>());
        Assert.Equal(0, read.Narrow(1, 8, 4).Abs().Max().Item<double>());    // no token, no vector
    }

    [Theory]
    [InlineData(1, 0.3133)]
    [InlineData(-1, 1.3133)]
    public void AffinityOfMatchingPairs(float cosine, double expected)
    {
        using var scope = new TensorScope();
        Assert.Equal(expected, CrossModalAffinity.Compute(Tensor.From<float>([1, 0], 1, 2), Tensor.From<float>([cosine, 0], 1, 2), Tensor.From<long>([0])).Item<double>(), 1e-4);
    }

    [Theory]
    [InlineData(1, 0.6931)]
    [InlineData(0, 0.3133)]
    [InlineData(-1, 0.1269)]
    public void AffinityOfStrangers(float cosine, double expected)
    {
        using var scope = new TensorScope();
        var image = Tensor.From<float>([1, 0, 1, 0], 2, 2);
        var rest = MathF.Sqrt(1 - (cosine * cosine));
        var text = Tensor.From<float>([cosine, rest, cosine, rest], 2, 2);    // every pair of the batch has this cosine
        var own = -Math.Log(1 / (1 + Math.Exp(-cosine)));
        Assert.Equal(expected + own, CrossModalAffinity.Compute(image, text, Tensor.From<long>([0, 1])).Item<double>(), 1e-4);
    }

    [Fact]
    public void TripletsFindTheHardestStranger()
    {
        using var scope = new TensorScope();
        var image = Tensor.From<float>([1, 0, 0, 1], 2, 2);
        var text = Tensor.From<float>([1, 0, 1, 0], 2, 2);
        // pictures: max(0, .2 - 1 + 1), max(0, .2 - 0 + 0); texts: max(0, .2 - 1 + 0), max(0, .2 - 0 + 1)
        Assert.Equal(0.2 + 0.6, CrossModalTriplet.Compute(image, text, Tensor.From<long>([0, 1])).Item<double>(), 1e-5);
    }

    [Fact]
    public void SimilarityDistributionMatchingEqualsItsFormula()
    {
        using var scope = new TensorScope();
        var image = Tensor.From<float>([1, 0, 0, 1], 2, 2);
        var one = SimilarityDistributionMatching.Compute(image, image, Tensor.From<long>([0, 1]), temperature: 0.02).Item<double>();
        Assert.Equal(0, one, 1e-5);
        var p = Math.Exp(1) / (Math.Exp(1) + 1);
        var expected = 2 * ((p * (Math.Log(p) - Math.Log(0.5))) + ((1 - p) * (Math.Log(1 - p) - Math.Log(0.5))));
        Assert.Equal(expected, SimilarityDistributionMatching.Compute(image, image, Tensor.From<long>([3, 3]), temperature: 1).Item<double>(), 1e-5);
    }

    [Fact]
    public void AHandfulOfSamplesIsLearnt()
    {
        TorchRandom.Seed(3);
        using var learner = new AxmNetLearner(new AxmNet(Tiny, 20), 4);
        using var optimiser = new Adam([new ParameterGroup(learner.Parameters()) { LearningRate = 3e-3 }]);
        var losses = new List<double>();
        for (var step = 0; step < 90; step++)
        {
            using var scope = new TensorScope();
            var (images, tokens, attention, identities) = Samples(8);
            optimiser.ZeroGrad();
            var loss = learner.Forward(new IdentityBatch { Images = images, Tokens = tokens, Attention = attention, Identities = identities });
            loss.Total.Backward();
            optimiser.Step();
            losses.Add(loss.Total.Item<double>());
        }

        Assert.True(losses[^1] < 0.6 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    private static (Tensor Images, Tensor Tokens, Tensor Attention, Tensor Identities) Samples(int count, int seed = 5)
    {
        TorchRandom.Seed(seed);
        var tokens = Tensor.RandInt(3, 20, [count, 12]);
        var attention = (Tensor.Arange(12).Unsqueeze(0) + Tensor.Zeros([count, 1], ScalarType.Int64)).Lt(8);
        return (Tensor.Randn([count, 3, 64, 32]), tokens * attention.To(ScalarType.Int64), attention, Tensor.Arange(count).FloorDivide(2));
    }
}
