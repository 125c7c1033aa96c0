using Semblance.Models.Onnx;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Onnx;

public sealed class TracedProgramTests
{
    private static readonly IReadOnlyDictionary<Tensor, string> NoNames = new Dictionary<Tensor, string>();

    [Fact]
    public void NumbersAreFittedToTheSizesOfTheInput()
    {
        // At (2, 3), (3, 3), (2, 4) and (5, 5).
        Assert.Equal(new SymbolicSize(7), TracedProgram.Fit([7, 7, 7, 7]));
        Assert.Equal(new SymbolicSize(0, PerItem: 1), TracedProgram.Fit([2, 3, 2, 5]));
        Assert.Equal(new SymbolicSize(32, PerToken: -1), TracedProgram.Fit([29, 29, 28, 27]));
        Assert.Equal(new SymbolicSize(1, PerItem: 4, PerToken: 2), TracedProgram.Fit([15, 19, 17, 31]));
        Assert.Null(TracedProgram.Fit([6, 9, 8, 25]));    // N L
    }

    [Fact]
    public void WhatNoInputReachesIsAConstant()
    {
        using var weight = Tensor.Ones([4, 2]);
        using var program = TracedProgram.Of(Rows, x => [x.MatMul(weight.Narrow(1, 0, 1) * 2), x.Expand(-1, -1)]);
        Assert.Equal(["matmul", "expand"], program.Calls.Select(call => call.Name));
        Assert.Equal([2, 2, 2, 2], program.Calls[0].Value(1).Constant!.ToArray<float>());
        Assert.Equal("[N, 1] Float32", program.Outputs[0].ToString());
    }

    [Fact]
    public void WhatIsComputedTwiceStandsInTheGraphOnce()
    {
        var graph = Graph(x => [(x + 1).Relu() * (x + 1).Relu()]);
        Assert.Equal(["Add", "Relu", "Mul"], graph.Operators);
        Assert.Single(graph.Initializers);
    }

    [Fact]
    public void WhatNoOutputNeedsIsLeftOut()
    {
        var graph = Graph(x =>
        {
            using var unused = x * 3;
            return [x + 1];
        });
        graph.Output("y", "Add_1", ScalarType.Float32, [1L], "");
        graph.ToModel(new Dictionary<string, string>());
        Assert.Equal(["Add", "Identity"], graph.Operators);
        Assert.Single(graph.Initializers);
    }

    [Fact]
    public void AnUnknownOperatorNamesItself() => Complains("operator \"cos\"([N, 4] Float32) is not among", x => [x.Cos()]);

    [Fact]
    public void AnOperatorWithAnArgumentThatNobodyTranslatedNamesItself() => Complains("operator \"add.Tensor\"", x => [Semblance.Tensors.Interop.Operator.One("add.Tensor", x, x, 2.0)]);

    [Fact]
    public void WhatChangesATensorInPlaceIsRefused() => Complains("operator \"add_.Scalar\"", x => [x.AddInPlace(1)]);

    [Fact]
    public void AnotherWayForAnotherSizeIsRefused() => Complains("relu for 2 x 3, sigmoid for 3 x 3", x => [x.Size(0) == 3 ? x.Sigmoid() : x.Relu()]);

    [Fact]
    public void AListThatGrowsWithTheInputIsRefused() =>
        Complains("operator \"cat\" takes other arguments for another size", x => [Tensor.Cat([.. Enumerable.Repeat(x, (int)x.Size(0))])]);

    [Fact]
    public void AValueThatLeavesTheProgramIsRefused() => Complains("is another one each time", x => [x + Tensor.From([x.ToArray<float>()[0]])]);

    [Fact]
    public void ASizeThatIsNoSumOfMultiplesIsRefused() => Complains("operator \"zeros\" takes 4 for 2 x 3, 9 for 3 x 3", x => [Tensor.Zeros([x.Size(0) * x.Size(0)])]);

    [Fact]
    public void OnlyOneRecordingRunsOnAThread() =>
        Assert.Throws<InvalidOperationException>(() => TracedProgram.Of(Rows, x => [.. TracedProgram.Of(Rows, y => [y]).Outputs.Select(_ => x)]));

    private static Tensor Rows(TraceSize size) => Tensor.Full([size.Items, 4], size.Items);

    private static OnnxGraph Graph(Func<Tensor, IReadOnlyList<Tensor>> encode)
    {
        using var program = TracedProgram.Of(Rows, encode);
        var graph = new OnnxGraph("test");
        graph.Input("x", program.Input.Dtype, program.Input.Shape, "");
        OnnxTranslator.Translate(program, graph, "x", NoNames);
        return graph;
    }

    private static void Complains(string expected, Func<Tensor, IReadOnlyList<Tensor>> encode) =>
        Assert.Contains(expected, Assert.Throws<NotSupportedException>(() => Graph(encode)).Message, StringComparison.Ordinal);
}
