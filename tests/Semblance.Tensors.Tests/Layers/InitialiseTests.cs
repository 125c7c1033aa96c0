namespace Semblance.Tensors.Tests.Layers;

public sealed class InitialiseTests
{
    [Fact]
    public void TruncatedNormalStaysBetweenItsEnds()
    {
        using var tensor = Tensor.Empty([200, 100]);
        TorchRandom.Seed(3);
        var values = Initialise.TruncatedNormal(tensor, 0, 1, -1, 0.5).ToArray<float>();
        Assert.InRange(values.Min(), -1f, -0.99f);
        Assert.InRange(values.Max(), 0.49f, 0.5f);

        // Mean of a standard normal between a and b: (φ(a) - φ(b)) / (Φ(b) - Φ(a)).
        Assert.Equal((0.24197 - 0.35207) / (0.69146 - 0.15866), values.Average(), 0.02);
        Assert.Throws<ArgumentException>(() => Initialise.TruncatedNormal(tensor, low: 1, high: 1));
    }

    [Fact]
    public void AVectorHasNoFans()
    {
        using var tensor = Tensor.Empty([3]);
        Assert.Contains("[3] Float32 has no inputs and outputs", Assert.Throws<ArgumentException>(() => Initialise.XavierUniform(tensor)).Message);
    }

    [Fact]
    public void AParameterIsWrittenOutsideOfTheGraph()
    {
        using var tensor = Tensor.Empty([3, 4]);
        tensor.RequiresGrad = true;
        Assert.Same(tensor, Initialise.KaimingNormal(tensor));
        Assert.True(tensor.IsLeaf);
        Assert.All(Initialise.Ones(tensor).ToArray<float>(), value => Assert.Equal(1f, value));
    }
}
