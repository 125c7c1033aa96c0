using System.Globalization;
using Semblance.Tensors;

namespace Semblance.Bench;

/// <summary>What a call costs besides its arithmetic: operators so small that nothing else is left.</summary>
internal static class OperatorBenchmark
{
    private const int Calls = 200_000;
    private const int Rounds = 9;
    private const int Together = 1000;
    private const double AskedMicroseconds = 1;

    public static IEnumerable<Comparison> Run()
    {
        using var noGrad = Autograd.NoGrad();
        using var a = Tensor.Ones([1]);
        using var b = Tensor.Ones([1]);
        using var x = Tensor.Ones([4, 8]);

        void Add() => Repeat(() => (a + b).Dispose());
        yield return Comparison.InTurn("a + b, one element each", "Semblance", Add, "libtorch itself, a loop in C++", () => Torch.MeasureNativeAdd(Calls), Rounds, Calls)
            .Against(row => Overhead(row));
        yield return Comparison.InTurn($"a + b, {Together} sums kept in a scope", "Semblance", () => InScopes(() => _ = a + b), "libtorch itself, a loop in C++", () => Torch.MeasureNativeAdd(Calls, Together), Rounds, Calls)
            .Against(row => Overhead(row));

        using var python = new Peer("operators", [Torch.Threads.ToString(CultureInfo.InvariantCulture)]);
        (string Name, string About, Action Call)[] operators =
        [
            ("add", "a + b, one element each", () => (a + b).Dispose()),
            ("softmax", "softmax of [4, 8]", () => x.Softmax(-1).Dispose()),
            ("reshape", "reshape of [4, 8]", () => x.Reshape([2, 16]).Dispose()),
            ("sum", "sum of [4, 8] over rows", () => x.Sum([1], keepDim: true).Dispose()),
        ];
        foreach (var (name, about, call) in operators)
        {
            yield return Comparison.InTurn(about, "Semblance", () => Repeat(call), "PyTorch from Python", () => python.Run($"{name} {Calls}"), Rounds, Calls);
        }
    }

    private static string Overhead(Comparison row)
    {
        var microseconds = (row.OursSeconds - row.PeerSeconds!.Value) * 1e6;
        return $"{microseconds:0.00} µs over libtorch; {AskedMicroseconds:0} µs or less asked: {(microseconds <= AskedMicroseconds ? "met" : "missed")}";
    }

    private static void Repeat(Action call)
    {
        for (var i = 0; i < Calls; i++)
        {
            call();
        }
    }

    /// <summary>As a model calls operators: their results pile up in a scope.</summary>
    private static void InScopes(Action call)
    {
        for (var i = 0; i < Calls; i += Together)
        {
            using var scope = new TensorScope();
            for (var j = 0; j < Together; j++)
            {
                call();
            }
        }
    }
}
