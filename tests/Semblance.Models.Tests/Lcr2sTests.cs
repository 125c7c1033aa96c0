using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Optimisers;

namespace Semblance.Models.Tests;

public sealed class Lcr2sTests
{
    private static readonly Lcr2sOptions Tiny = Lcr2sOptions.Small with { Height = 32, Width = 16, TextLength = 8, WordWidth = 8, ResNetWidth = 4, TextWidth = 16, TextBottleneck = 8, EmbeddingWidth = 16 };

    [Fact]
    public void TheDefaultHasTheParametersOfItsSpecification()
    {
        using var model = new Lcr2sEncoder(Lcr2sOptions.Default, 10);
        long Count(string prefix) => model.NamedParameters().Where(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(p => p.Tensor.ElementCount);
        Assert.Equal(11034624, Count("text."));
        Assert.Equal(4196352, Count("image_head."));
        Assert.Equal(4196352, Count("text_head."));
        Assert.Equal(23508032, Count("image."));    // torchvision's resnet50 without fc
        Assert.Contains("image.layer1.0.downsample.1.running_mean", model.StateDict().Keys);
        Assert.Equal((24, 8), model.MapSize);
        using var fusion = new MultiHeadFusion(2048, 8);
        Assert.Equal(16789504, fusion.Parameters().Sum(p => p.ElementCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheTraceKeepsTheLastMap(int lastStride)
    {
        using var scope = new TensorScope();
        using var model = new Lcr2sEncoder(Tiny with { LastStride = lastStride, Height = 64 }, 20);
        var trace = new Trace();
        Assert.Equal([2, 16], model.PictureFeature(Tensor.Randn([2, 3, 64, 16]), trace).Shape);
        Assert.Equal([2, 128, model.MapSize.Rows, model.MapSize.Columns], trace[DualTower.PictureMap].Shape);
    }

    [Fact]
    public void FusionIgnoresTheOrderOfTheSupportSetAndEmptySlots()
    {
        using var scope = new TensorScope();
        using var fusion = new MultiHeadFusion(16, 4);
        Tensor f = Tensor.Randn([3, 16]), s = Tensor.Randn([3, 2, 16]);
        var (enriched, weights) = fusion.ForwardWithWeights(f, s, null);
        Near(enriched, fusion.Forward(f, s.Flip(1), null), 1e-6);
        Near(Tensor.OnesLike(weights.Sum(-1)), weights.Sum(-1), 1e-6);
        Near(fusion.Forward(f, null, null), fusion.Forward(f, s, Tensor.Ones([3, 2], ScalarType.Bool)), 1e-6);
        Initialise.Zeros(fusion.Output.Weight);
        Near(f, fusion.Forward(f, s, null), 0);
    }

    [Fact]
    public void TheMeanOfSampleAndSupportTakesThePlaceOfAttention()
    {
        using var scope = new TensorScope();
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(Tiny with { Fusion = SupportFusion.Mean }, 20), 2);
        Tensor v = Tensor.Randn([4, 16]), t = Tensor.Randn([4, 16]);
        var (image, text) = teacher.Enrich(v, t, Tensor.From<long>([0, 0, 0, 1]));
        Near(v.Narrow(0, 0, 3).Mean(0), image.Select(0, 1), 1e-6);
        Near(t.Narrow(0, 0, 3).Mean(0), text.Select(0, 2), 1e-6);
        Near(v.Select(0, 3), image.Select(0, 3), 1e-6);
        Assert.DoesNotContain(teacher.NamedParameters(), p => p.Name.Contains("fusion", StringComparison.Ordinal));
    }

    /// <summary>Projection matching sharpens with the features' length: at near 100, as Kaiming's heads make it, a batch is sure of wrong answers and hardly learns.</summary>
    [Fact]
    public void TheSmallNetworkBeginsWithShortFeatures()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(2);
        using var encoder = new Lcr2sEncoder(Lcr2sOptions.Small, 20);
        Assert.InRange(encoder.PictureFeature(Tensor.Randn([4, 3, 128, 64])).Norm(2, 1).Max().Item<double>(), 0.5, 15);
        Assert.InRange(encoder.TextFeature(Tensor.RandInt(3, 20, [4, 12]), Tensor.Ones([4, 12], ScalarType.Bool)).Norm(2, 1).Max().Item<double>(), 0.5, 15);
    }

    [Fact]
    public void PicturesAndTextsMayShareOneFusion()
    {
        using var scope = new TensorScope();
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(Tiny with { SharesFusion = true }, 20), 2);
        var v = Tensor.Randn([4, 16]);
        var (image, text) = teacher.Enrich(v, v, Tensor.From<long>([0, 0, 1, 1]));
        Near(image, text, 1e-6);
        Assert.DoesNotContain(teacher.NamedParameters(), p => p.Name.StartsWith("text_fusion.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MatchingLoss.Ranking, RelationLoss.Kl)]
    [InlineData(MatchingLoss.Projection, RelationLoss.Frobenius)]
    public void OtherLossesReachEveryParameterOfTheStudent(MatchingLoss matching, RelationLoss form)
    {
        using var scope = new TensorScope();
        var options = Tiny with { Matching = matching, RelationForm = form };
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(options, 20), 2);
        using var student = new Lcr2sStudent(new Lcr2sEncoder(options, 20), teacher, 2);
        student.Forward(Samples()).Total.Backward();
        Assert.All(student.NamedParameters().Where(p => !p.Name.StartsWith("teacher.", StringComparison.Ordinal)), p => Assert.True(p.Tensor.Grad is not null, p.Name));
    }

    [Theory]
    [InlineData(RelationLoss.Squared)]
    [InlineData(RelationLoss.Frobenius)]
    [InlineData(RelationLoss.Kl)]
    public void RelationsCostNothingWhereTheyAreTheTeachers(RelationLoss form)
    {
        using var scope = new TensorScope();
        Tensor v = Tensor.Randn([4, 6]), t = Tensor.Randn([4, 6]);
        Assert.Equal(0, Distillation.Relations(v * 2, t, v, t, form).Item<double>(), 1e-5);
        Assert.True(Distillation.Relations(v, t, -v, t, form).Item<double>() > 0.01);
    }

    [Fact]
    public void SupportSetsHoldOthersOfTheSamePersonAndNeverTheAnchor()
    {
        using var scope = new TensorScope();
        long[] ids = [0, 0, 0, 1, 1, 2];
        var (slots, empty) = Lcr2sTeacher.SupportSlots(Tensor.From(ids), 2);
        var (index, none) = (slots!.ToArray<long>(), empty!.ToArray<bool>());
        for (var i = 0; i < ids.Length; i++)
        {
            var filled = Enumerable.Range(i * 2, 2).Where(k => !none[k]).Select(k => index[k]).ToList();
            Assert.Equal(Math.Min(2, ids.Count(id => id == ids[i]) - 1), filled.Distinct().Count());
            Assert.All(filled, j => Assert.True(j != i && ids[j] == ids[i]));
        }
    }

    /// <summary>Three samples, of whom the second has nobody and the third one picture and two texts: the rows meet the right anchors, whether encoded now or remembered.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DrawnAndStoredSupportEnrichEachSampleWithItsOwn(bool stored)
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(11);
        using var encoder = new Lcr2sEncoder(Tiny with { Fusion = SupportFusion.Mean, SupportGradient = stored }, 20);
        using var teacher = new Lcr2sTeacher(encoder, 3);
        teacher.Eval();
        Tensor images = Tensor.Randn([3, 3, 32, 16]), others = Tensor.Randn([3, 3, 32, 16]);
        Tensor tokens = Tensor.RandInt(3, 20, [3, 8]), words = Tensor.RandInt(3, 20, [3, 8]), all = Tensor.Ones([3, 8], ScalarType.Bool);
        var batch = new IdentityBatch
        {
            Images = images,
            Tokens = tokens,
            Attention = all,
            Identities = Tensor.From<long>([0, 1, 2]),
            Support = new SupportBatch
            {
                Images = stored ? null : others,
                Tokens = stored ? null : words,
                Attention = stored ? null : all,
                ImageSlots = Tensor.From<long>([0, 1, 0, 0, 2, 0], 3, 2),
                NoImage = Tensor.From([false, false, true, true, false, true], 3, 2),
                TextSlots = Tensor.From<long>([0, 0, 0, 0, 1, 2], 3, 2),
                NoText = Tensor.From([false, true, true, true, false, false], 3, 2),
            },
        };
        using var store = stored ? teacher.Store([others.Narrow(0, 0, 2), others.Narrow(0, 2, 1)], [(words, all)]) : null;
        var (image, text) = teacher.Enrich(batch, store);
        Tensor v = encoder.PictureFeature(images), s = encoder.PictureFeature(others), t = encoder.TextFeature(tokens, all), w = encoder.TextFeature(words, all);
        Near((v.Select(0, 0) + s.Select(0, 0) + s.Select(0, 1)) / 3, image.Select(0, 0), 1e-5);
        Near(v.Select(0, 1), image.Select(0, 1), 1e-5);
        Near((v.Select(0, 2) + s.Select(0, 2)) / 2, image.Select(0, 2), 1e-5);
        Near((t.Select(0, 0) + w.Select(0, 0)) / 2, text.Select(0, 0), 1e-5);
        Near(t.Select(0, 1), text.Select(0, 1), 1e-5);
        Near((t.Select(0, 2) + w.Select(0, 1) + w.Select(0, 2)) / 3, text.Select(0, 2), 1e-5);
    }

    [Fact]
    public void ASampleWithoutAnotherSentenceCostsNoSecondRanking()
    {
        using var scope = new TensorScope();
        Tensor v = Tensor.Randn([3, 6]), t = Tensor.Randn([3, 6]), ids = Tensor.From<long>([0, 1, 2]);
        Assert.Equal(0, CrossModalTriplet.OtherSentence(v, t, t, Tensor.Zeros([3], ScalarType.Bool), ids).Item<double>());
        Assert.Equal(
            CrossModalTriplet.Compute(v, t, ids, hardest: false).Item<double>(),
            CrossModalTriplet.OtherSentence(v, t, t, Tensor.Ones([3], ScalarType.Bool), ids).Item<double>(), 1e-5);
    }

    [Fact]
    public void DistillationIsZeroForEqualFeaturesAndBlindToLength()
    {
        using var scope = new TensorScope();
        Tensor v = Tensor.Randn([4, 6]), t = Tensor.Randn([4, 6]), a = Tensor.Randn([4, 6]), b = Tensor.Randn([4, 6]);
        Assert.Equal(0, Distillation.Features(v, t, v, t).Item<double>(), 1e-9);
        Assert.Equal(0, Distillation.Relations(v, t, v, t).Item<double>(), 1e-9);
        Assert.Equal(4, Distillation.Features(v, t, -v, -t).Item<double>(), 1e-5);
        Assert.Equal(Distillation.Features(v, t, a, b).Item<double>(), Distillation.Features(v * 3, t * 2, a, b * 5).Item<double>(), 1e-5);
        Assert.Equal(Distillation.Relations(v, t, a, b).Item<double>(), Distillation.Relations(v * 3, t * 2, a, b * 5).Item<double>(), 1e-5);
    }

    [Fact]
    public void ProjectionMatchingSharesItsTargetAmongOnePerson()
    {
        using var scope = new TensorScope();
        var far = Tensor.Eye(2) * 50;
        Assert.Equal(0, CrossModalProjectionMatching.Compute(far, far, Tensor.From<long>([0, 1])).Item<double>(), 1e-5);
        var equal = Tensor.Ones([2, 3]);
        Assert.Equal(0, CrossModalProjectionMatching.Compute(equal, equal, Tensor.From<long>([7, 7])).Item<double>(), 1e-5);
    }

    [Fact]
    public void TheTeacherStaysAsItIs()
    {
        using var scope = new TensorScope();
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(Tiny, 20), 2);
        using var student = new Lcr2sStudent(new Lcr2sEncoder(Tiny, 20), teacher, 2);
        var before = teacher.NamedBuffers().Select(b => b.Tensor.To(ScalarType.Float32).Flatten().ToArray<float>()).ToList();
        student.Forward(Samples()).Total.Backward();
        Assert.All(teacher.Parameters(), p => Assert.Null(p.Grad));
        Assert.Equal(before, teacher.NamedBuffers().Select(b => b.Tensor.To(ScalarType.Float32).Flatten().ToArray<float>()).ToList());
        Assert.All(student.NamedParameters().Where(p => !p.Name.StartsWith("teacher.", StringComparison.Ordinal)), p => Assert.True(p.Tensor.Grad is not null, p.Name));
        Assert.All(teacher.Parameters(), p => Assert.False(p.RequiresGrad));
    }

    [Fact]
    public void WithoutDistillationNoTeacherIsNeeded()
    {
        using var scope = new TensorScope();
        using var student = new Lcr2sStudent(new Lcr2sEncoder(Tiny with { FeatureWeight = 0, RelationWeight = 0 }, 20), null, 2);
        Assert.Equal(["id", "match"], student.Forward(Samples()).Terms.Select(term => term.Name));
        using var encoder = new Lcr2sEncoder(Tiny, 20);
        Assert.Contains("need a teacher", Assert.Throws<ArgumentException>(() => new Lcr2sStudent(encoder, null, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHandfulOfSamplesIsLearnt()
    {
        TorchRandom.Seed(3);
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(Tiny, 20), 2);
        Falls(teacher);
        using var student = new Lcr2sStudent(new Lcr2sEncoder(Tiny, 20), teacher, 2);
        Falls(student);
    }

    private static void Falls(Learner learner)
    {
        using var optimiser = new Adam([new ParameterGroup(learner.Parameters()) { LearningRate = 3e-3 }]);
        var losses = new List<double>();
        for (var step = 0; step < 40; step++)
        {
            using var scope = new TensorScope();
            optimiser.ZeroGrad();
            var loss = learner.Forward(Samples()).Total;
            loss.Backward();
            optimiser.Step();
            losses.Add(loss.Item<double>());
        }

        Assert.True(losses[^1] < 0.6 * losses[0], $"{learner.Stage}: {losses[0]} to {losses[^1]}");
    }

    private static IdentityBatch Samples()
    {
        TorchRandom.Seed(5);
        return new IdentityBatch
        {
            Images = Tensor.Randn([4, 3, 32, 16]),
            Tokens = Tensor.RandInt(3, 20, [4, 8]),
            Attention = Tensor.Ones([4, 8], ScalarType.Bool),
            Identities = Tensor.From<long>([0, 0, 1, 1]),
        };
    }

    private static void Near(Tensor expected, Tensor found, double tolerance) =>
        Assert.InRange((expected - found).Abs().Max().Item<double>(), 0, tolerance);
}
