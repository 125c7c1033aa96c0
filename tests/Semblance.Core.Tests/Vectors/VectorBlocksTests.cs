using Semblance.Core.Vectors;

namespace Semblance.Core.Tests.Vectors;

public sealed class VectorBlocksTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(64, 16, 6)]
    [InlineData(65, 17, 7)]
    [InlineData(130, 31, 13)]
    [InlineData(200, 512, 5)]
    public void EveryProductIsThePlainLoopBitForBit(int count, int width, int queryCount)
    {
        var rows = Values(count * width, 1);
        var queries = Values(queryCount * width, 2);
        var packed = VectorBlocks.Pack(rows, width);
        var scores = new float[queryCount * 64];
        for (var block = 0; block < packed.BlockCount; block++)
        {
            packed.Dot(queries, block, scores, 64);
            for (var q = 0; q < queryCount; q++)
            {
                for (var lane = 0; lane < 64 && (block * 64) + lane < count; lane++)
                {
                    var expected = Plain(queries.AsSpan(q * width, width), rows.AsSpan(((block * 64) + lane) * width, width));
                    Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(scores[(q * 64) + lane]));
                }
            }
        }
    }

    [Fact]
    public void EveryWidthFrom1To256AgreesWithThePlainLoop()
    {
        for (var width = 1; width <= 256; width++)
        {
            var rows = Values(3 * width, width);
            var scores = new float[7 * 64];
            var queries = Values(7 * width, 1000 + width);
            VectorBlocks.Pack(rows, width).Dot(queries, 0, scores, 64);
            for (var q = 0; q < 7; q++)
            {
                var exact = new double[64];
                VectorBlocks.Pack(rows, width).DotExact(queries.AsSpan(q * width, width), 0, exact);
                for (var i = 0; i < 3; i++)
                {
                    var sum = 0.0;
                    for (var d = 0; d < width; d++)
                    {
                        sum += (double)queries[(q * width) + d] * rows[(i * width) + d];
                    }

                    Assert.Equal(sum, exact[i]);
                    Assert.Equal(Plain(queries.AsSpan(q * width, width), rows.AsSpan(i * width, width)), scores[(q * 64) + i]);
                }
            }
        }
    }

    [Fact]
    public void WhatIsPackedComesOutAgainAndTheLastBlockIsFilledWithZeros()
    {
        var rows = Values(70 * 9, 4);
        var packed = VectorBlocks.Pack(70, 9, (i, row) => rows.AsSpan(i * 9, 9).CopyTo(row));
        var vector = new float[9];
        packed.CopyTo(69, vector);
        Assert.Equal(rows[(69 * 9)..], vector);

        var scores = new float[64];
        packed.Dot(vector, 1, scores, 64);
        Assert.All(scores.Skip(6), score => Assert.Equal(0, score));
        Assert.Equal(2, packed.BlockCount);
    }

    [Fact]
    public void RaggedInputIsRefusedWithItsNumbers()
    {
        Assert.Contains("7 values", Assert.Throws<ArgumentException>(() => VectorBlocks.Pack(new float[7], 2)).Message, StringComparison.Ordinal);
        var packed = VectorBlocks.Pack(new float[8], 2);
        Assert.Throws<ArgumentException>(() => packed.Dot(new float[3], 0, new float[64], 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => packed.Dot(new float[2], 1, new float[64], 64));
        Assert.Throws<ArgumentException>(() => packed.Dot(new float[4], 0, new float[64], 64));
    }

    [Fact]
    public void NormalisingTwiceIsNormalisingOnceUpToRounding()
    {
        var vector = Values(33, 9);
        Assert.True(UnitVectors.NormaliseInPlace(vector));
        var once = vector.ToArray();
        Assert.Equal(1, once.Sum(x => (double)x * x), 1e-6);
        Assert.True(UnitVectors.NormaliseInPlace(vector));
        for (var i = 0; i < once.Length; i++)
        {
            Assert.Equal(once[i], vector[i], 1e-7f);
        }
    }

    [Fact]
    public void AZeroVectorStaysZeroAndSaysSo()
    {
        var vector = new float[4];
        Assert.False(UnitVectors.NormaliseInPlace(vector));
        Assert.All(vector, x => Assert.Equal(0, x));
        Assert.Contains("dimension 2", Assert.Throws<ArgumentException>(() => UnitVectors.NormaliseInPlace([0, 1, float.NaN])).Message, StringComparison.Ordinal);
    }

    private static float Plain(ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        var sum = 0f;
        for (var d = 0; d < query.Length; d++)
        {
            sum = MathF.FusedMultiplyAdd(query[d], row[d], sum);
        }

        return sum;
    }

    private static float[] Values(int count, int seed)
    {
        var random = Randomness.For((ulong)seed, 7);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }
}
