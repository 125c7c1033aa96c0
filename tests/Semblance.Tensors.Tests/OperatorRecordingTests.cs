using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Tests;

public sealed class OperatorRecordingTests
{
    [Fact]
    public void CallsAreWrittenDownWithWhatTheyWereGivenAndGave()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2, 4]);
        using var recording = OperatorRecording.Of([x], () => [.. (x * 3L + 0.5).Chunk(2, 1), Tensor.Cat([x, x])]);
        Assert.Equal(["mul.Scalar", "add.Scalar", "chunk", "cat"], recording.Calls.Select(call => call.Name));
        var (mul, add, chunk, cat) = (recording.Calls[0], recording.Calls[1], recording.Calls[2], recording.Calls[3]);
        Assert.Equal([recording.Inputs[0], 3L], mul.Arguments);
        Assert.Equal([mul.Results[0], 0.5], add.Arguments);
        Assert.Equal([add.Results[0], 2L, 1L], chunk.Arguments);
        Assert.Equal([recording.Inputs[0], recording.Inputs[0]], RecordedCall.Tensors(cat.Arguments[0]));
        Assert.Equal([.. chunk.Results, .. cat.Results], recording.Outputs);
        Assert.Equal([2, 2], chunk.Results[1].Shape);
        Assert.All(recording.Calls, call => Assert.All(call.Results, result => Assert.Null(result.Value)));
    }

    [Fact]
    public void ConstantsOutliveTheScopeThatMadeThem()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2]);
        using var recording = OperatorRecording.Of([x], () =>
        {
            using var inner = new TensorScope();
            return [inner.Keep(x + Tensor.From([1f, 2f]).Square())];
        });
        Assert.Equal([1f, 4f], recording.Calls[0].Results[0].Value!.ToArray<float>());
        Assert.Same(recording.Calls[0].Results[0], recording.Calls[1].Arguments[1]);
    }

    [Fact]
    public void WhatChangesItsArgumentAndWhatAnswersIsWrittenDownToo()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([1]);
        using var recording = OperatorRecording.Of([x], () => x.AddInPlace(1).IsFinite() ? [x] : []);
        Assert.Equal(["add_.Scalar", "isfinite", "all", "is_nonzero"], recording.Calls.Select(call => call.Name));
        Assert.Empty(recording.Calls[0].Results);
    }

    [Fact]
    public void NothingIsRecordedAfterwardsNorLeftAlive()
    {
        Assert.Throws<TorchException>(() => OperatorRecording.Of([], () => [Tensor.Ones([2]).MatMul(Tensor.Ones([3]))]));
        Assert.Null(OperatorRecording.Current);
        TensorDiagnostics.AssertNoneLeft(() =>
        {
            using var scope = new TensorScope();
            using var recording = OperatorRecording.Of([], () => [Tensor.Ones([2]) + 1]);
            Assert.Equal(2, recording.Calls.Count);
            Assert.NotNull(recording.Outputs[0].Value);
        });
    }
}
