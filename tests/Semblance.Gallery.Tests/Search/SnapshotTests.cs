using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

public sealed class SnapshotTests : IDisposable
{
    private const int Width = 6;

    private readonly TemporaryFolder _folder = new();

    private string At => Path.Combine(_folder.Root, "index.vectors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASnapshotIsReadAsItWasWritten(bool cells)
    {
        var index = Filled(300, cells);
        index.Save(At, "state 1, ü");
        var read = VectorIndex.TryLoad(At, "state 1, ü", out var reason);
        Assert.Null(reason);
        Assert.NotNull(read);
        Assert.Equal((index.Width, index.Count, index.Slots, index.Cells, index.Probes), (read.Width, read.Count, read.Slots, read.Cells, read.Probes));
        var (expected, actual) = (new float[Width], new float[Width]);
        for (var slot = 0; slot < index.Slots; slot++)
        {
            Assert.Equal(index.Holds(slot), read.Holds(slot));
            if (index.Holds(slot))
            {
                index.CopyTo(slot, expected);
                read.CopyTo(slot, actual);
                Assert.Equal(expected, actual);
            }
        }

        var queries = Vectors.Units(9, Width, 2);
        foreach (var options in new[] { SearchMode.Exact, SearchMode.Quantized, cells ? SearchMode.Cells : SearchMode.Auto }.Select(mode => new SearchOptions { Mode = mode, Probes = 2 }))
        {
            Assert.Equal(index.Search(queries, 7, options), read.Search(queries, 7, options));
        }

        Assert.Equal(300, read.Add(Vectors.Unit(Width, 3, 1)));
        read.Remove(1);
        read.Save(At, "state 2");
        Assert.Equal(read.Count, VectorIndex.TryLoad(At, "state 2", out _)!.Count);
    }

    [Fact]
    public void AnEmptyIndexIsReadAsOne()
    {
        new VectorIndex(5).Save(At, "");
        var read = VectorIndex.TryLoad(At, "", out _);
        Assert.Equal((5, 0, 0), (read!.Width, read.Count, read.Slots));
    }

    [Fact]
    public void WhatWasRemovedIsNotInTheFile()
    {
        var index = new VectorIndex(2);
        index.Add([1, 0]);
        float[] erased = [0.6f, 0.8f];
        index.Remove(index.Add(erased));
        index.Save(At, "x");
        Assert.Equal(-1, File.ReadAllBytes(At).AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes(erased.AsSpan())));
        Assert.False(VectorIndex.TryLoad(At, "x", out _)!.Holds(1));
    }

    [Fact]
    public void AnotherStampIsStale()
    {
        Filled(20, cells: false).Save(At, "5 items");
        Assert.Null(VectorIndex.TryLoad(At, "6 items", out var reason));
        Assert.Equal("it is of the state \"5 items\", but now it is \"6 items\"", reason);
        Assert.Null(VectorIndex.TryLoad(At, "5 item", out _));
        Assert.Throws<ArgumentException>(() => Filled(2, cells: false).Save(At, new string('x', 5000)));
    }

    [Fact]
    public void AMissingFileIsSaidToBeMissing()
    {
        Assert.Null(VectorIndex.TryLoad(At, "x", out var reason));
        Assert.Equal("there is no snapshot", reason);
        Assert.Null(VectorIndex.TryLoad(Path.Combine(At, "no", "folder"), "x", out reason));
        Assert.Equal("there is no snapshot", reason);
        Assert.Null(VectorIndex.TryLoad(_folder.Root, "x", out reason));
        Assert.NotNull(reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoTruncatedOrLengthenedFileIsTaken(bool cells)
    {
        Filled(200, cells).Save(At, "x");
        var whole = File.ReadAllBytes(At);
        for (var length = 0; length < whole.Length; length += 100)
        {
            AssertRefused(whole[..length]);
        }

        AssertRefused(whole[..^1]);
        AssertRefused([.. whole, 0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoFlippedBitIsOverlooked(bool cells)
    {
        Filled(40, cells).Save(At, "x");
        var whole = File.ReadAllBytes(At);
        for (var at = 0; at < whole.Length; at++)
        {
            whole[at] ^= (byte)(1 << (at % 8));
            AssertRefused(whole);
            whole[at] ^= (byte)(1 << (at % 8));
        }

        // Every bit of the head and of what its numbers rule.
        for (var bit = 0; bit < 48 * 8; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(whole);
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        File.WriteAllBytes(At, whole);
        Assert.NotNull(VectorIndex.TryLoad(At, "x", out _));
    }

    private void AssertRefused(byte[] bytes)
    {
        File.WriteAllBytes(At, bytes);
        Assert.Null(VectorIndex.TryLoad(At, "x", out var reason));
        Assert.NotNull(reason);
    }

    private static VectorIndex Filled(int count, bool cells)
    {
        var index = Vectors.Index(Vectors.Units(count, Width, 1), Width);
        if (cells)
        {
            index.BuildCells(new() { Cells = 7 });
        }

        for (var slot = 0; slot < count; slot += 5)
        {
            index.Remove(slot);
        }

        return index;
    }
}
