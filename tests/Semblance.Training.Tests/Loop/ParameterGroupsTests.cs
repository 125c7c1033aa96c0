using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Loop;

namespace Semblance.Training.Tests.Loop;

[Collection("libtorch")]
public sealed class ParameterGroupsTests
{
    [Fact]
    public void BiasesNormsTokensPositionsAndTemperatureDoNotDecay()
    {
        using var model = new Mmet(MmetOptions.Tiny with { VocabularySize = 50 });
        var spared = model.NamedParameters().Where(parameter => !ParameterGroups.Decays(parameter.Name, parameter.Tensor)).Select(parameter => parameter.Name).ToList();
        Assert.Contains("log_scale", spared);
        Assert.Contains("image_encoder.class_token", spared);
        Assert.Contains("image_encoder.mask_token", spared);
        Assert.Contains("image_encoder.positions", spared);
        Assert.Contains("text_encoder.positions.weight", spared);
        Assert.All(model.NamedParameters().Where(parameter => parameter.Tensor.Rank == 1), parameter => Assert.Contains(parameter.Name, spared));
        Assert.DoesNotContain("text_encoder.words.weight", spared);
        Assert.DoesNotContain("image_encoder.patches.weight", spared);
    }

    [Fact]
    public void EmbeddingGradientsAreTheSameBitsEveryTime()
    {
        // The one operator of the model whose backward pass adds into shared rows; it must not depend on thread timing.
        Torch.SetThreads(2);
        using var scope = new TensorScope();
        TorchRandom.Seed(3);
        var table = Tensor.Randn([300, 64]);
        table.RequiresGrad = true;
        var rows = Tensor.RandInt(0, 40, [4000]);
        var weights = Tensor.Randn([4000, 64]);
        byte[]? first = null;
        for (var i = 0; i < 20; i++)
        {
            table.Grad = null;
            (table.IndexSelect(0, rows) * weights).Sum().Backward();
            var gradient = table.Grad!.ToBytes();
            first ??= gradient;
            Assert.Equal(first, gradient);
        }
    }
}
