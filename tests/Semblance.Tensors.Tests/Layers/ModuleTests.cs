using Semblance.Tensors.Layers;

namespace Semblance.Tensors.Tests.Layers;

public sealed class ModuleTests
{
    [Fact]
    public void NamesAndOrderAreThoseOfPyTorch()
    {
        using var block = new TransformerEncoder([new TransformerEncoderLayer(4, 2, 8)], new LayerNorm(4));
        Assert.Equal(
            [
                "layers.0.self_attn.in_proj_weight", "layers.0.self_attn.in_proj_bias", "layers.0.self_attn.out_proj.weight", "layers.0.self_attn.out_proj.bias",
                "layers.0.linear1.weight", "layers.0.linear1.bias", "layers.0.linear2.weight", "layers.0.linear2.bias",
                "layers.0.norm1.weight", "layers.0.norm1.bias", "layers.0.norm2.weight", "layers.0.norm2.bias", "norm.weight", "norm.bias",
            ],
            block.StateDict().Keys);
        using var norm = new Sequential(("first", new BatchNorm2d(2)));
        Assert.Equal(["first.weight", "first.bias", "first.running_mean", "first.running_var", "first.num_batches_tracked"], norm.StateDict().Keys);
        Assert.Equal(["first.weight", "first.bias"], norm.NamedParameters().Select(pair => pair.Name));
        Assert.Equal(["first.running_mean", "first.running_var", "first.num_batches_tracked"], norm.NamedBuffers().Select(pair => pair.Name));
        Assert.Equal(["first"], norm.NamedModules().Select(pair => pair.Name));
    }

    [Fact]
    public void AStateDictThatDoesNotFitIsRefusedWithEveryDifferenceAndChangesNothing()
    {
        using var net = new Sequential(new Linear(3, 2), new LayerNorm(2), new Linear(2, 5));
        var before = net.StateDict()["0.weight"].ToArray<float>();
        using var scope = new TensorScope();
        var state = new Dictionary<string, Tensor>
        {
            ["0.weight"] = Tensor.Ones([2, 3]),
            ["0.bais"] = Tensor.Ones([2]),
            ["1.weight"] = Tensor.Ones([3]),
            ["1.bias"] = Tensor.Ones([1, 2]),
            ["2.weight"] = Tensor.Ones([5, 2]),
            ["head.weight"] = Tensor.Ones([5]),
        };
        var error = Assert.Throws<StateDictException>(() => net.LoadStateDict(state));
        Assert.Equal(["0.bias", "2.bias"], error.Missing);
        Assert.Equal(["0.bais", "head.weight"], error.Unexpected);
        Assert.Equal(["1.weight", "1.bias"], error.Misshapen.Select(item => item.Name));
        Assert.Contains("2 missing (0.bias, 2.bias)", error.Message);
        Assert.Contains("0.bais (did you mean \"0.bias\"?)", error.Message);
        Assert.Contains("1.weight is [3], expected [2]", error.Message);
        Assert.Contains("1.bias is [1, 2], expected [2]", error.Message);
        Assert.Equal(before, net.StateDict()["0.weight"].ToArray<float>());

        // Without strictness only shapes count.
        Assert.Throws<StateDictException>(() => net.LoadStateDict(state, strict: false));
        state.Remove("1.weight");
        state.Remove("1.bias");
        var (missing, unexpected) = net.LoadStateDict(state, strict: false);
        Assert.Equal(["0.bias", "1.weight", "1.bias", "2.bias"], missing);
        Assert.Equal(["0.bais", "head.weight"], unexpected);
        Assert.All(net.StateDict()["0.weight"].ToArray<float>(), value => Assert.Equal(1f, value));
    }

    [Fact]
    public void AStateDictSurvivesAFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("net.safetensors");
        using var scope = new TensorScope();
        using var net = new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4));
        using var other = new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4));
        net.Forward(Tensor.Randn([2, 3, 5, 5]));
        Safetensors.Write(path, net.StateDict(), new Dictionary<string, string> { ["step"] = "1" });
        other.LoadStateDict(Safetensors.Load(path));
        Assert.Equal(net.StateDict().Select(pair => pair.Value.ToArray<float>()), other.StateDict().Select(pair => pair.Value.ToArray<float>()));
        Assert.Equal(1, other.StateDict()["1.num_batches_tracked"].Item<long>());
    }

    [Fact]
    public void ASharedParameterIsTrainedOnceAndSavedUnderBothNames()
    {
        using var net = new Shared();
        Assert.Single(net.Parameters());
        Assert.Equal(["a.weight", "b.weight"], net.StateDict().Keys);
    }

    [Fact]
    public void ANameIsTakenOnceAndHoldsNoDot()
    {
        Assert.Throws<ArgumentException>(() => new Sequential(("x", new Relu()), ("x", new Relu())));
        Assert.Throws<ArgumentException>(() => new Sequential(("x.y", new Relu())));
    }

    [Fact]
    public void TrainingAndEvaluationReachEveryDepth()
    {
        using var scope = new TensorScope();
        using var net = new Sequential(new Sequential(new Dropout(0.5)), new BatchNorm1d(64));
        var x = Tensor.Ones([2, 64]);
        Assert.NotEqual(net.Forward(x).ToArray<float>(), x.ToArray<float>());
        net.Eval();
        Assert.False(((Sequential)net[0])[0].IsTraining);
        var seen = ((BatchNorm1d)net[1]).BatchesSeen.Item<long>();
        Assert.Equal(net.Forward(x).ToArray<float>(), net.Forward(x).ToArray<float>());
        Assert.Equal(seen, ((BatchNorm1d)net[1]).BatchesSeen.Item<long>());
        net.Train();
        Assert.True(((Sequential)net[0])[0].IsTraining);
    }

    [Fact]
    public void DropoutDropsItsShareAndKeepsTheMean()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(4);
        using var dropout = new Dropout(0.25);
        var values = dropout.Forward(Tensor.Ones([100, 1000])).ToArray<float>();
        Assert.InRange(values.Count(value => value == 0) / 100_000.0, 0.24, 0.26);
        Assert.All(values.Where(value => value != 0), value => Assert.Equal(1 / 0.75f, value, 1e-6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
    }

    [Fact]
    public void PaddingPlacesDoNotReachTheOutput()
    {
        using var scope = new TensorScope();
        using var attention = new MultiheadAttention(8, 2);
        var x = Tensor.Randn([1, 4, 8]);
        var mask = Tensor.From([false, false, true, true], 1, 4);
        var changed = Tensor.Cat([x.Narrow(1, 0, 2), Tensor.Randn([1, 2, 8])], 1);
        Assert.Equal(attention.Forward(x, mask).Narrow(1, 0, 2).ToArray<float>(), attention.Forward(changed, mask).Narrow(1, 0, 2).ToArray<float>());
        var error = Assert.Throws<ArgumentException>(() => attention.Forward(x, Tensor.From([false, true, true], 1, 3)));
        Assert.Contains("mask [1, 3] Bool does not fit keys [1, 4, 8], expected [B, S] = [1, 4] Bool", error.Message);
        Assert.Contains("query [1, 4, 6]", Assert.Throws<ArgumentException>(() => attention.Forward(Tensor.Ones([1, 4, 6]))).Message);
        Assert.Throws<ArgumentException>(() => new MultiheadAttention(8, 3));
    }

    [Fact]
    public void ACastKeepsTheObjectsAndTheCounters()
    {
        using var scope = new TensorScope();
        using var net = new Sequential(new Linear(3, 2), new BatchNorm1d(2));
        var weight = ((Linear)net[0]).Weight;
        var before = weight.ToArray<float>();
        net.To(ScalarType.Float64);
        Assert.Same(weight, net.Parameters().First());
        Assert.Equal(ScalarType.Float64, weight.Dtype);
        Assert.Equal(ScalarType.Int64, ((BatchNorm1d)net[1]).BatchesSeen.Dtype);
        Assert.True(weight.RequiresGrad);
        Assert.Equal(before, weight.ToArray<float>());
        net.Forward(Tensor.Randn([4, 3], ScalarType.Float64)).Square().Sum().Backward();
        Assert.All(net.Parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.Grad!.Dtype));
    }

    [Fact]
    public void FrozenParametersGetNoGradient()
    {
        using var scope = new TensorScope();
        using var net = new Sequential(new Linear(3, 2), new Linear(2, 1));
        net[0].RequireGradients(false);
        net.Forward(Tensor.Randn([4, 3])).Sum().Backward();
        Assert.Equal([true, true, false, false], net.Parameters().Select(parameter => parameter.Grad is null));
    }

    [Fact]
    public void ADisposedModuleLeavesNoTensorAlive() => TensorDiagnostics.AssertNoneLeft(() =>
    {
        using var net = new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4), new Relu(), new AdaptiveAvgPool2d(1), new Flatten(), new Linear(4, 2));
        using var block = new TransformerEncoderLayer(4, 2, 8);
        using var table = new EmbeddingTable(5, 4, paddingIndex: 0);
        using var scope = new TensorScope();
        (net.Forward(Tensor.Randn([2, 3, 8, 8])).Sum() + block.Forward(table.Forward(Tensor.From([0L, 1, 2], 1, 3))).Sum()).Backward();
    });

    [Fact]
    public void AForwardPassOutsideOfAScopeLeavesOnlyItsResult()
    {
        using var block = new TransformerEncoder([new TransformerEncoderLayer(4, 2, 8)]);
        using var x = Tensor.Randn([1, 3, 4]);
        TensorDiagnostics.AssertNoneLeft(() => block.Forward(x).Dispose());
    }

    private sealed class Shared : Module
    {
        private readonly Inner _inner = new();

        public Shared()
        {
            Register("a", _inner);
            Register("b", _inner);
        }
    }

    private sealed class Inner : Module
    {
        public Inner() => RegisterParameter("weight", Tensor.Ones([2]));
    }
}
