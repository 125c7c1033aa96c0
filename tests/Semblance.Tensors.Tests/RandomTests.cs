namespace Semblance.Tensors.Tests;

/// <summary>The generator is one for the process, so these tests run alone.</summary>
[Collection(nameof(RandomTests))]
[CollectionDefinition(nameof(RandomTests), DisableParallelization = true)]
public sealed class RandomTests
{
    [Fact]
    public void TheSameSeedDrawsTheSameNumbers()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(7);
        var first = Tensor.Randn([100]).ToArray<float>();
        var second = Tensor.Randn([100]).ToArray<float>();
        TorchRandom.Seed(7);
        Assert.Equal(first, Tensor.Randn([100]).ToArray<float>());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void ARestoredStateDrawsTheSameNumbersAgain()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(3);
        Tensor.Randn([7]);
        var state = TorchRandom.GetState();
        var first = Draws();
        Assert.NotEqual(first, Draws());
        TorchRandom.SetState(state);
        Assert.Equal(first, Draws());

        static float[] Draws() =>
        [
            .. Tensor.Randn([33]).ToArray<float>(),
            .. Tensor.Ones([50]).Dropout(0.5, train: true).ToArray<float>(),
            .. Tensor.Empty([9]).UniformInPlace(2, 3).ToArray<float>(),
            .. Tensor.Empty([9]).NormalInPlace(1, 2).ToArray<float>(),
            .. Tensor.Ones([5]).Multinomial(3).ToArray<float>(),
        ];
    }

    [Fact]
    public void BytesThatAreNoStateAreRefused() => Assert.Throws<TorchException>(() => TorchRandom.SetState([1, 2, 3]));

    [Fact]
    public void DropoutScalesWhatItKeepsAndIsIdleWhenNotTraining()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(1);
        var x = Tensor.Ones([10_000]);
        var dropped = x.Dropout(0.25, train: true).ToArray<float>();
        Assert.All(dropped, value => Assert.True(value is 0 or > 1.333f and < 1.334f));
        Assert.InRange(dropped.Count(value => value == 0), 2300, 2700);
        Assert.Equal(x.ToArray<float>(), x.Dropout(0.25, train: false).ToArray<float>());
    }

    [Fact]
    public void DrawsHaveTheMomentsAskedFor()
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(5);
        var normal = Tensor.Empty([100_000]).NormalInPlace(3, 0.5);
        Assert.InRange(normal.Mean().Item<float>(), 2.99f, 3.01f);
        Assert.InRange(normal.Std().Item<float>(), 0.49f, 0.51f);
        var uniform = Tensor.Rand([100_000]);
        Assert.InRange(uniform.Mean().Item<float>(), 0.495f, 0.505f);
        Assert.True(uniform.Min().Item<float>() >= 0 && uniform.Max().Item<float>() < 1);
    }
}
