using Semblance.Models.Backbones;
using Semblance.Models.Onnx;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Onnx;

/// <summary>Translated operators against libtorch's own, in ONNX Runtime: those that the methods' graphs meet in one form only, in their other forms.</summary>
public sealed class OnnxTranslatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OperatorsAgreeAtEverySize() => AssertAgrees(
        tokens =>
        {
            var x = tokens.To(ScalarType.Float32);                                                                 // [N, L]
            var (n, l) = (x.Size(0), x.Size(1));
            var pairs = x.Unsqueeze(2).Expand(-1, -1, 3);                                                          // [N, L, 3]
            var chunks = pairs.Chunk(2, 2);
            var first = x.Narrow(1, 0, 2);
            return
            [
                x - 1, (x * 0.5) - x, x / 3, tokens + 2, tokens * x,
                x[.., 1..2], x.Select(1, 1), x.Narrow(1, l - 1, 1), x.Contiguous().Dropout(0.5, train: false),
                x.Reshape(l, n), pairs.Reshape(n, -1), pairs.Flatten(1, 2), pairs.Permute(2, 0, 1), pairs.Transpose(-1, 0),
                chunks[0], chunks[1], Tensor.Cat([x, chunks[1].Squeeze(2)], 1), Tensor.Zeros([(2 * n) + l + 1, 2]) + 1,
                pairs.Mean([0, 2]), pairs.Sum([1], keepDim: true), x.Amax([1]), x.Normalize(), x.MaskedFill(tokens.Ne(4).LogicalNot(), -1), x.Softmax(0), x.Gelu(),
                first.Linear(first), x.Gather(1, Tensor.Zeros([n, 1], ScalarType.Int64)),
            ];
        });

    [Fact]
    public void BertAgrees()
    {
        TorchRandom.Seed(2);
        using var network = new Bert(new BertOptions { VocabularySize = 40, Positions = 12, HiddenWidth = 16, Heads = 2, MlpWidth = 32, Layers = 2 });
        network.Eval();
        AssertAgrees(tokens => [network.Forward(tokens, tokens.Ne(0))]);
    }

    private void AssertAgrees(Func<Tensor, IReadOnlyList<Tensor>> encode)
    {
        OnnxRuntime.SkipUnlessInstalled();
        var graph = new OnnxGraph("test");
        using (var program = TracedProgram.Of(size => Input(size.Items, size.Tokens), encode))
        {
            graph.Input("x", program.Input.Dtype, program.Input.Shape, "");
            var outputs = OnnxTranslator.Translate(program, graph, "x", new Dictionary<Tensor, string>());
            for (var i = 0; i < outputs.Count; i++)
            {
                graph.Output($"y{i}", outputs[i], program.Outputs[i].Dtype, program.Outputs[i].Shape, "");
            }
        }

        var path = _folder.File("test.onnx");
        graph.Save(path, new Dictionary<string, string>());
        (long N, long L)[] sizes = [(1, 2), (4, 7)];
        using var scope = new TensorScope();
        using var withoutGrad = Autograd.NoGrad();
        var inputs = sizes.Select(size => Input(size.N, size.L)).ToArray();
        var found = OnnxRuntime.Run(path, "x", [.. inputs.Select(input => (input.Shape, input.ToArray<long>()))]);
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = encode(inputs[i]);
            for (var o = 0; o < expected.Count; o++)
            {
                Examples.AssertClose(expected[o].To(ScalarType.Float32), Tensor.From([.. found[i][$"y{o}"].SelectMany(row => row)], expected[o].Shape), 1e-5, $"output {o} of {sizes[i]}");
            }
        }
    }

    /// <summary>Ids from 1 to 11, and padding at the end of the first row.</summary>
    private static Tensor Input(long n, long l) => Tensor.From([.. Enumerable.Range(0, (int)(n * l)).Select(i => i == l - 1 ? 0L : 1 + (i * 5 % 11))], n, l);
}
