using Semblance.Models.Losses;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests.Losses;

public sealed class LossTests
{
    [Fact]
    public void IdentityLossIsCrossEntropyAndSmoothingSpreadsItOverAllClasses()
    {
        using var scope = new TensorScope();
        var logits = Tensor.From<float>([2, 0, -1, 0, 1, 3], 2, 3);
        var identities = Tensor.From<long>([0, 2]);
        double LogSoftmax(double[] z, int j) => z[j] - Math.Log(z.Sum(Math.Exp));
        double[] a = [2, 0, -1], b = [0, 1, 3];
        Assert.Equal(-(LogSoftmax(a, 0) + LogSoftmax(b, 2)) / 2, IdentityLoss.Compute(logits, identities).Item<double>(), 1e-5);
        var smooth = -Enumerable.Range(0, 3).Sum(j => (((j == 0 ? 0.9 : 0) + (0.1 / 3)) * LogSoftmax(a, j)) + (((j == 2 ? 0.9 : 0) + (0.1 / 3)) * LogSoftmax(b, j))) / 2;
        Assert.Equal(smooth, IdentityLoss.Compute(logits, identities, 0.1).Item<double>(), 1e-5);
    }

    [Theory]
    [InlineData(TripletForm.Hinge, "0 0 0 0 1 1 1 1 2 2 2 2")]
    [InlineData(TripletForm.SoftMargin, "0 0 0 0 1 1 1 1 2 2 2 2")]
    [InlineData(TripletForm.Hinge, "0 1 1 2 2 2 2 3 4 4")]
    [InlineData(TripletForm.SoftMargin, "0 1 1 2 2 2 2 3 4 4")]
    public void BatchHardMiningEqualsBruteForce(TripletForm form, string groups)
    {
        using var scope = new TensorScope();
        long[] ids = [.. groups.Split(' ').Select(long.Parse)];
        TorchRandom.Seed(2);
        var features = Tensor.Randn([ids.Length, 6]);
        var f = features.ToArray<float>();
        double Distance(int i, int j) => Math.Sqrt(Enumerable.Range(0, 6).Sum(d => Math.Pow(f[(i * 6) + d] - f[(j * 6) + d], 2)));
        var terms = new List<double>();
        for (var i = 0; i < ids.Length; i++)
        {
            var positives = Enumerable.Range(0, ids.Length).Where(j => j != i && ids[j] == ids[i]).ToList();
            var negatives = Enumerable.Range(0, ids.Length).Where(j => ids[j] != ids[i]).ToList();
            if (positives.Count > 0 && negatives.Count > 0)    // anchors without a positive are left out, not crashed on
            {
                var gap = positives.Max(j => Distance(i, j)) - negatives.Min(j => Distance(i, j));
                terms.Add(form == TripletForm.Hinge ? Math.Max(0, gap + 0.3) : Math.Log(1 + Math.Exp(gap)));
            }
        }

        Assert.Equal(terms.Average(), BatchHardTriplet.Compute(features, Tensor.From(ids), form).Item<double>(), 1e-4);
    }

    [Fact]
    public void IdenticalFeaturesHaveAFiniteGradient()
    {
        using var scope = new TensorScope();
        var features = Tensor.Ones([4, 8]);
        features.RequiresGrad = true;
        BatchHardTriplet.Compute(features, Tensor.From<long>([0, 0, 1, 1])).Backward();
        Assert.True(features.Grad!.IsFinite());
    }

    [Theory]
    [InlineData("0 1 2 3")]    // nobody has a positive
    [InlineData("0 0 0 0")]    // nobody has a negative
    public void ABatchWithoutTripletsCostsNothing(string groups)
    {
        using var scope = new TensorScope();
        var features = Tensor.Randn([4, 8]);
        features.RequiresGrad = true;
        var loss = BatchHardTriplet.Compute(features, Tensor.From<long>([.. groups.Split(' ').Select(long.Parse)]));
        loss.Backward();
        Assert.Equal(0, loss.Item<float>());
        Assert.True(features.Grad!.IsFinite());
    }

    [Fact]
    public void ContrastiveOneToOneByHand()
    {
        using var scope = new TensorScope();
        var image = Tensor.From<float>([1, 0, 0, 1], 2, 2);
        var text = Tensor.From<float>([0.6f, 0.8f, 0, 1], 2, 2);
        double[,] s = { { 6, 0 }, { 8, 10 } };
        double Row(int b) => Math.Log(Math.Exp(s[b, 0]) + Math.Exp(s[b, 1])) - s[b, b];
        double Column(int c) => Math.Log(Math.Exp(s[0, c]) + Math.Exp(s[1, c])) - s[c, c];
        Assert.Equal((Row(0) + Row(1) + Column(0) + Column(1)) / 4, GlobalContrastive.OneToOne(image, text, Tensor.Scalar(10)).Item<double>(), 1e-4);
    }

    [Fact]
    public void ManyToManyEqualsOneToOneWhenAllPeopleAndCaptionsDiffer()
    {
        using var scope = new TensorScope();
        var (image, text) = (Unit(8, 1), Unit(8, 2));
        var scale = Tensor.Scalar(14.3);
        var one = GlobalContrastive.OneToOne(image, text, scale);
        AssertClose(one, GlobalContrastive.ManyToMany(image, text, scale, Tensor.Arange(8), Tensor.Arange(8)));
        AssertClose(one, GlobalContrastive.ManyToMany(image, text, scale, Tensor.Full([8], -1, ScalarType.Int64), Tensor.Arange(8)), what: "unknown people equal nobody");
        var matched = Tensor.From<bool>([true, false, true, true, true, false, true, true]);
        AssertClose(GlobalContrastive.OneToOne(image, text, scale, matched), GlobalContrastive.ManyToMany(image, text, scale, Tensor.Arange(8), Tensor.Arange(8), matched), what: "with swapped captions");
    }

    [Fact]
    public void ManyToManyTakesEveryTextOfThePersonForRight()
    {
        using var scope = new TensorScope();
        var (image, text) = (Unit(6, 3), Unit(6, 4));
        long[] ids = [0, 0, 1, 2, 2, -1], keys = [5, 6, 7, 8, 9, 7];
        var s = image.MatMul(text.Transpose(0, 1)).ToArray<float>();
        bool Right(int b, int c) => b == c || keys[b] == keys[c] || (ids[b] >= 0 && ids[b] == ids[c]);
        double expected = 0;
        for (var b = 0; b < 6; b++)
        {
            var right = Enumerable.Range(0, 6).Where(c => Right(b, c)).ToList();
            expected += right.Average(c => Math.Log(Enumerable.Range(0, 6).Sum(j => Math.Exp(5 * s[(b * 6) + j]))) - (5 * s[(b * 6) + c])) / 12;
            expected += right.Average(c => Math.Log(Enumerable.Range(0, 6).Sum(j => Math.Exp(5 * s[(j * 6) + b]))) - (5 * s[(c * 6) + b])) / 12;
        }

        Assert.Equal(expected, GlobalContrastive.ManyToMany(image, text, Tensor.Scalar(5), Tensor.From(ids), Tensor.From(keys)).Item<double>(), 1e-4);
    }

    [Fact]
    public void MatchingWeighsMismatchesAsAsked()
    {
        using var scope = new TensorScope();
        var logits = Tensor.From<float>([0, 2, 1, 0, 0, 0], 3, 2);
        double[] ce = [Math.Log(1 + Math.Exp(-2)), Math.Log(1 + Math.Exp(-1)), Math.Log(2)];
        Assert.Equal((ce[0] + (2 * ce[1]) + (2 * ce[2])) / 5, ImageTextMatching.Compute(logits, Tensor.From<long>([1, 0, 0]), 2).Item<double>(), 1e-5);
    }

    [Fact]
    public void NothingMaskedIsALossOfZeroNotNaN()
    {
        using var scope = new TensorScope();
        var logits = Tensor.Zeros([0, 7]);
        logits.RequiresGrad = true;
        var loss = MaskedPrediction.CrossEntropy(logits, Tensor.Zeros([0], ScalarType.Int64));
        loss.Backward();
        Assert.Equal(0, loss.Item<float>());
        Assert.Equal(0, MaskedPrediction.MeanAbsoluteError(Tensor.Zeros([0, 7]), Tensor.Zeros([0, 7])).Item<float>());
    }

    [Fact]
    public void LossesStayInFullPrecisionUnderAutocast()
    {
        using var scope = new TensorScope();
        var (image, text) = (Unit(16, 5), Unit(16, 6));
        var expected = GlobalContrastive.OneToOne(image, text, Tensor.Scalar(14.3));
        using var cast = Autocast.To(ScalarType.BFloat16);
        var actual = GlobalContrastive.OneToOne(image, text, Tensor.Scalar(14.3));
        Assert.Equal(ScalarType.Float32, actual.Dtype);
        AssertClose(expected, actual, 1e-6);
    }

    private static Tensor Unit(int count, long seed)
    {
        TorchRandom.Seed(seed);
        return Tensor.Randn([count, 5]).Normalize(dim: -1);
    }
}
