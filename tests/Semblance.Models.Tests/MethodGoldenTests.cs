using Semblance.Models.Backbones;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Tests;

/// <summary>The parts of AXM-Net and LCR²S written a second time in plain PyTorch (tests/golden/make_methods.py) give the same answers and gradients.</summary>
public sealed class MethodGoldenTests : IDisposable
{
    private static readonly AxmKernel Pictures = new(3, 2, Pools: true);
    private static readonly AxmKernel Words = new((1, 3), (1, 2), Pools: false);

    private readonly TensorScope _scope = new();

    public static TheoryData<string> PairLosses => ["affinity", "triplet", "ranking", "projection-matching", "feature-distillation", "feature-distillation-plain", "other-sentence", "relation-distillation", "relation-distillation-kl"];

    [Fact]
    public void NobodyEditedTheGoldenFiles() => Golden.AssertUntouched("methods");

    [Theory, InlineData("pictures", 16, 64), InlineData("words", 64, 64), InlineData("without-gate", 32, 32)]
    public void AxmBlock(string name, int input, int output)
    {
        var gate = name == "without-gate" ? null : new ChannelGate(output / 4, 16);
        LayerMatches($"axm-block-{name}", new AxmBlock(input, output, 4, name == "words" ? Words : Pictures, gate, ownsGate: true));
    }

    [Fact]
    public void ContextualAttention() => LayerMatches("axm-global-context", new GlobalContext(16, 4));

    [Fact]
    public void NonLocalAttention() => LayerMatches("axm-non-local", new NonLocalAttention(16));

    [Fact]
    public void PartAttention() => LayerMatches("axm-part-attention", new PartAttention(8, 4, 5), y => y.Amax([2, 3]));

    [Fact]
    public void Fusion()
    {
        var golden = new Case("lcr2s-fusion");
        using var fusion = golden.Load(new MultiHeadFusion(16, 4));
        golden.Matches([("enriched", fusion.Forward(golden.Leaf("f"), golden.Leaf("s"), golden["input.empty"]))]);
        golden.GradientsMatch(fusion);
    }

    [Fact]
    public void SupportSetTeacher()
    {
        var golden = new Case("lcr2s-teacher");
        using var teacher = new Lcr2sTeacher(new Lcr2sEncoder(Lcr2sOptions.Small with { EmbeddingWidth = 16, SupportSize = 2, Heads = 4 }, 10), 3);
        teacher.To(Device.Parse(Golden.DeviceName));
        var state = teacher.StateDict();
        foreach (var key in golden.Weights)
        {
            using var noGrad = Autograd.NoGrad();
            state[key].CopyFrom(golden[$"weight.{key}"]);
        }

        var identities = golden["input.identities"];
        var (image, text) = teacher.Enrich(golden.Leaf("v"), golden.Leaf("t"), identities);
        var losses = teacher.Learn(image, text, identities);
        golden.Matches([("image", image), ("text", text), .. losses.Terms]);
        golden.GradientsMatch(teacher, only: golden.Weights);
    }

    [Theory, MemberData(nameof(PairLosses))]
    public void LossOfPairs(string name)
    {
        var golden = new Case(name);
        Tensor v = golden.Leaf("image"), t = golden.Leaf("text");
        Tensor Identities() => golden["input.identities"];
        Tensor Guide(string of) => golden[$"input.teacher_{of}"];
        golden.Matches([("loss", name switch
        {
            "affinity" => CrossModalAffinity.Compute(v, t, Identities()),
            "triplet" => CrossModalTriplet.Compute(v, t, Identities()),
            "ranking" => CrossModalTriplet.Compute(v, t, Identities(), hardest: false),
            "projection-matching" => CrossModalProjectionMatching.Compute(v, t, Identities()),
            "feature-distillation" => Distillation.Features(v, t, Guide("image"), Guide("text")),
            "feature-distillation-plain" => Distillation.Features(v, t, Guide("image"), Guide("text"), FeatureLoss.Plain),
            "other-sentence" => CrossModalTriplet.OtherSentence(v, Guide("image"), t, Tensor.From([true, false, true, true]), Tensor.From<long>([0, 1, 0, 2])),
            "relation-distillation" => Distillation.Relations(v, t, Guide("image"), Guide("text")),
            _ => Distillation.Relations(v, t, Guide("image"), Guide("text"), RelationLoss.Kl),
        })]);
        golden.InputGradientsMatch();
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>A layer in evaluation: answers, and gradients of its weights and of what came in.</summary>
    private static void LayerMatches(string name, Layer made, Func<Tensor, Tensor>? pool = null)
    {
        var golden = new Case(name);
        using var layer = golden.Load(made);
        var y = layer.Forward(golden.Leaf("x"));
        golden.Matches(pool is null ? [("y", y)] : [("y", y), ("pooled", pool(y))]);
        golden.GradientsMatch(layer);
    }

    /// <summary>One file: weights, inputs, outputs, and gradients of the weighed sum of the outputs.</summary>
    private sealed class Case
    {
        private readonly Dictionary<string, Tensor> _tensors;
        private readonly Dictionary<string, Tensor> _leaves = [];

        public Case(string name)
        {
            using var file = Safetensors.Open(Golden.File($"methods/{name}.safetensors"));
            _tensors = file.Names.ToDictionary(key => key, key => file.Load(key, Device.Parse(Golden.DeviceName)));
        }

        public IReadOnlyCollection<string> Weights => [.. _tensors.Keys.Where(key => key.StartsWith("weight.", StringComparison.Ordinal)).Select(key => key["weight.".Length..])];

        public Tensor this[string key] => _tensors[key];

        public T Load<T>(T module)
            where T : Module
        {
            module.To(Device.Parse(Golden.DeviceName));
            module.LoadStateDict(Weights.ToDictionary(key => key, key => this[$"weight.{key}"]));
            module.Eval();
            return module;
        }

        /// <summary>An input whose gradient is compared.</summary>
        public Tensor Leaf(string key)
        {
            var leaf = this[$"input.{key}"];
            leaf.RequiresGrad = true;
            return _leaves[key] = leaf;
        }

        /// <summary>Compares outputs, then runs backward from their weighed sum.</summary>
        public void Matches(IReadOnlyList<(string Key, Tensor Value)> outputs)
        {
            foreach (var (key, value) in outputs)
            {
                Close($"output.{key}", value);
            }

            outputs.Select(output => output.Value.Rank == 0 ? output.Value : (output.Value * this[$"input.weigh_{output.Key}"]).Sum()).Aggregate((a, b) => a + b).Backward();
        }

        public void GradientsMatch(Module module, IReadOnlyCollection<string>? only = null)
        {
            foreach (var (name, parameter) in module.NamedParameters().Where(pair => only?.Contains(pair.Name) != false))
            {
                Close($"gradient.{name}", parameter.Grad ?? throw new InvalidOperationException($"{name} has no gradient"));
            }

            InputGradientsMatch();
        }

        public void InputGradientsMatch() => Assert.All(_leaves, leaf => Close($"gradient.{leaf.Key}", leaf.Value.Grad!));

        /// <summary>Within 1e-4 of the largest value, or of 1: float32 against float64.</summary>
        private void Close(string key, Tensor actual) => Examples.AssertClose(this[key], actual, 1e-4 * Math.Max(1, this[key].Abs().Max().Item<double>()), key);
    }
}
