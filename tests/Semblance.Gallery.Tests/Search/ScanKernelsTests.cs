using Semblance.Core;
using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

public sealed unsafe class ScanKernelsTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 70), 127, 128, 129, 256, 512, 768];

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryPathGivesThePlainLoopsProductsForAnyNumberOfQueries(int width)
    {
        var rows = Padded(Vectors.Units(ScanKernels.Rows, width, 1), width);
        foreach (var kernels in Vectors.Paths)
        {
            var alone = new Dictionary<(int, int), float>();
            foreach (var count in new[] { 1, 2, 3, 4, 5, 6, 7 })
            {
                var queries = Padded(Vectors.Units(count, width, 2), width);
                var scores = new AlignedMemory<float>(count * ScanKernels.Rows);
                var stride = AlignedMemory<float>.Stride(width);
                kernels.Dots(queries.Start, count, rows.Start, stride, scores.Start);
                for (var i = 0; i < scores.Length; i++)
                {
                    var (q, r) = (i / ScanKernels.Rows, i % ScanKernels.Rows);
                    Assert.Equal(Vectors.Dot(queries.Span.Slice(q * stride, width), rows.Span.Slice(r * stride, width)), scores.Span[i], 1e-6);

                    // The same bits, whoever else is asked about.
                    Assert.Equal(alone.TryAdd((q, r), scores.Span[i]) ? scores.Span[i] : alone[(q, r)], scores.Span[i]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void RowsAnywhereGiveTheSameBitsAsRowsInARow(int width)
    {
        var rows = Padded(Vectors.Units(ScanKernels.Rows, width, 1), width);
        var query = Padded(Vectors.Units(1, width, 2), width);
        var stride = AlignedMemory<float>.Stride(width);
        var pointers = stackalloc float*[ScanKernels.Rows];
        for (var r = 0; r < ScanKernels.Rows; r++)
        {
            pointers[r] = rows.Start + ((ScanKernels.Rows - 1 - r) * stride);
        }

        foreach (var kernels in Vectors.Paths)
        {
            var (straight, turned) = (new AlignedMemory<float>(ScanKernels.Rows), new AlignedMemory<float>(ScanKernels.Rows));
            kernels.Dots(query.Start, 1, rows.Start, stride, straight.Start);
            kernels.DotsOf(query.Start, pointers, stride, turned.Start);
            turned.Span.Reverse();
            Assert.Equal(straight.Span.ToArray(), turned.Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WholeNumbersAreExactAtTheExtremesOfTheirRange(int width)
    {
        var stride = AlignedMemory<byte>.Stride(width);
        foreach (var kind in Enumerable.Range(0, 6))
        {
            var rows = new AlignedMemory<byte>(ScanKernels.Rows * stride);
            var queries = new AlignedMemory<sbyte>(3 * stride);
            var random = Randomness.For(3, width, kind);
            for (var i = 0; i < rows.Length; i++)
            {
                rows.Span[i] = kind switch { 0 => 255, 1 => 0, 2 => 1, 3 => (byte)(i % 2 * 255), _ => (byte)random.Next(256) };
            }

            for (var i = 0; i < queries.Length; i++)
            {
                queries.Span[i] = kind switch { 0 => 63, 1 => -63, 2 => 63, 3 => -63, 4 => (sbyte)(i % 2 == 0 ? 63 : -63), _ => (sbyte)random.Next(-63, 64) };
            }

            foreach (var kernels in Vectors.Paths)
            {
                var sums = new AlignedMemory<int>(3 * ScanKernels.Rows);
                kernels.CodeDots(queries.Start, 3, rows.Start, stride, sums.Start);
                for (var i = 0; i < sums.Length; i++)
                {
                    var expected = 0;
                    for (var d = 0; d < stride; d++)
                    {
                        expected += queries.Span[(i / ScanKernels.Rows * stride) + d] * rows.Span[(i % ScanKernels.Rows * stride) + d];
                    }

                    Assert.Equal(expected, sums.Span[i]);
                }
            }
        }
    }

    [Fact]
    public void TheBestPathOfTheMachineIsTaken() => Assert.Same(ScanKernels.All[^1], ScanKernels.Best);

    [Fact]
    public void CodesAreWithinHalfAStepAndTheQuerysStayWithinTheirLimit()
    {
        var vector = Vectors.Unit(300, 4, 1);
        var codes = new byte[AlignedMemory<byte>.Stride(300)];
        var scale = ByteCodes.OfRow(vector, codes);
        for (var d = 0; d < vector.Length; d++)
        {
            Assert.Equal(vector[d], scale * (codes[d] - 128), scale * 0.501);
        }

        Assert.Equal(127, vector.Select((_, d) => Math.Abs(codes[d] - 128)).Max());
        var signed = new sbyte[codes.Length];
        var excess = ByteCodes.OfQuery(vector, signed);
        Assert.Equal(63, signed.Max(code => Math.Abs(code)));
        Assert.Equal(128 * signed.Sum(code => code), excess);
    }

    [Fact]
    public void TheZeroVectorAndOneOfDenormalsHaveScaleZero()
    {
        var codes = new byte[64];
        Assert.Equal(0, ByteCodes.OfRow(new float[5], codes));
        Assert.All(codes, code => Assert.Equal(128, code));
        Assert.Equal(0, ByteCodes.OfRow([float.Epsilon, -float.Epsilon, 0], codes));
        Assert.All(codes, code => Assert.Equal(128, code));
    }

    private static AlignedMemory<float> Padded(float[] rows, int width)
    {
        var stride = AlignedMemory<float>.Stride(width);
        var padded = new AlignedMemory<float>(rows.Length / width * stride);
        for (var i = 0; i < rows.Length / width; i++)
        {
            rows.AsSpan(i * width, width).CopyTo(padded.Span[(i * stride)..]);
        }

        return padded;
    }
}
