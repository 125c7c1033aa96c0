using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Tests;

/// <summary>Alone: what other tests take and free would move the blocks.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void ALargeBlockServesTheNextTensorOfItsSize()
    {
        nint before;
        using (var first = Tensor.Empty([37, Megabyte], ScalarType.Byte))
        {
            before = Native.Data(first.Handle);
        }

        using var second = Tensor.Empty([37, Megabyte - 1], ScalarType.Byte);
        Assert.Equal(before, Native.Data(second.Handle));
    }

    [Fact]
    public void ABlockStillInUseIsNotGivenAway()
    {
        using var first = Tensor.Ones([41, Megabyte], ScalarType.Byte);
        using var view = first[..1];
        first.Dispose();
        using var second = Tensor.Zeros([41, Megabyte], ScalarType.Byte);
        Assert.Equal(Megabyte, view.To(ScalarType.Int64).Sum().Item<long>());
    }

    [Fact]
    public void WhatIsKeptStaysNearTheMostEverInUse()
    {
        // No block fits the next size, so without a bound all of them would stay: 1.4 GB.
        long[] sizes = [100, 140, 196, 274, 384, 400];
        var before = Environment.WorkingSet;
        foreach (var size in sizes)
        {
            using var tensor = Tensor.Ones([size, Megabyte], ScalarType.Byte);
        }

        Assert.InRange(Environment.WorkingSet - before, 0, 700 * Megabyte);
    }
}
