namespace Semblance.Core.Tests;

public sealed class RandomnessTests
{
    /// <summary>Computed by an independent xoshiro256** and SplitMix64 in Python from the definitions in the papers.</summary>
    [Theory]
    [InlineData(0UL, new long[0], new ulong[] { 0xFB5405F7BD79C540, 0x780C98E26CEA5883, 0x2A146E0980FEBC66, 0x4851477DB8791FCA })]
    [InlineData(42UL, new long[] { 3, 7 }, new ulong[] { 0x94CE2ACAB07E2E34, 0x8C2F51F7E8CD5E63, 0x14A7E0132C004219, 0xD0277E5451350B09 })]
    public void AStreamIsTheSameOnEveryMachine(ulong seed, long[] keys, ulong[] expected)
    {
        var random = Randomness.For(seed, keys);
        foreach (var bits in expected)
        {
            Assert.Equal(bits, random.NextBits());
        }
    }

    [Fact]
    public void NeighbouringKeysGiveStreamsThatShareNothing()
    {
        var seen = new HashSet<ulong>();
        var ones = 0L;
        for (var index = 0; index < 2000; index++)
        {
            var here = Randomness.For(1, 0, index);
            var next = Randomness.For(1, 0, index + 1);
            for (var i = 0; i < 8; i++)
            {
                var bits = here.NextBits();
                Assert.True(seen.Add(bits), $"index {index} repeats a number of an earlier stream");
                ones += System.Numerics.BitOperations.PopCount(bits ^ next.NextBits());
            }
        }

        // Half of the bits of two independent streams differ: 16000 draws of Binomial(64, 1/2), five deviations wide.
        Assert.InRange(ones / 16000.0, 32 - (5 * 4 / Math.Sqrt(16000)), 32 + (5 * 4 / Math.Sqrt(16000)));
    }

    [Fact]
    public void EveryKeyAndItsPlaceCount()
    {
        ulong[] first = [First(Randomness.For(1)), First(Randomness.For(2)), First(Randomness.For(1, 2)), First(Randomness.For(2, 1)), First(Randomness.For(1, 2, 3)),
            First(Randomness.For(1, 3, 2)), First(Randomness.For(1, 0)), First(Randomness.For(1, 0, 0)), First(Randomness.For(1, -1))];
        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.NotEqual(Randomness.Key("erase"), Randomness.Key("flip"));
        Assert.Equal(Randomness.Key("flip"), Randomness.Key("flip"));

        static ulong First(Randomness random) => random.NextBits();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void WholeNumbersAreUniform(int bound)
    {
        var random = Randomness.For(5, bound);
        var counts = new int[bound];
        for (var i = 0; i < 100_000; i++)
        {
            counts[random.Next(bound)]++;
        }

        var expected = 100_000.0 / bound;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(chiSquare < 30, $"chi-square {chiSquare} for bound {bound}");
    }

    [Fact]
    public void ABoundThatDoesNotDivideTheRangeIsNotBiased()
    {
        // 2^32 holds 3 * 2^29 two and two thirds times: the remainder of 32 bits would favour the lower numbers,
        // a scaled product without rejection would give the numbers that leave 2 a quarter, both instead of a third.
        const int bound = 3 << 29;
        var random = Randomness.For(9);
        int lower = 0, leavesTwo = 0;
        for (var i = 0; i < 60_000; i++)
        {
            var number = random.Next(bound);
            lower += number < bound / 3 ? 1 : 0;
            leavesTwo += number % 3 == 2 ? 1 : 0;
        }

        Assert.InRange(lower, 20_000 - 600, 20_000 + 600);
        Assert.InRange(leavesTwo, 20_000 - 600, 20_000 + 600);
        Assert.Throws<ArgumentOutOfRangeException>(() => Randomness.For(1).Next(0));
    }

    [Fact]
    public void RangesKeepTheirEnds()
    {
        var random = Randomness.For(3);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
        {
            seen.Add(random.Next(-2, 3));
            Assert.InRange(random.NextDouble(-1.5, 2), -1.5, 2);
            Assert.InRange(random.NextSingle(), 0f, 0.99999995f);
            Assert.InRange(random.NextDouble(), 0, 1 - 1e-16);
        }

        Assert.Equal([-2, -1, 0, 1, 2], seen.Order());
    }

    [Fact]
    public void GaussiansHaveTheirMoments()
    {
        var random = Randomness.For(11);
        double sum = 0, squares = 0, fourth = 0;
        const int n = 100_000;
        for (var i = 0; i < n; i++)
        {
            var x = random.NextGaussian();
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
        }

        Assert.InRange(sum / n, -0.02, 0.02);
        Assert.InRange(squares / n, 0.97, 1.03);
        Assert.InRange(fourth / n, 2.85, 3.15);
    }

    [Fact]
    public void EveryOrderOfAShuffleIsEquallyLikely()
    {
        var random = Randomness.For(13);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            var items = "abcd".ToCharArray();
            random.Shuffle<char>(items);
            counts[new string(items)] = counts.GetValueOrDefault(new string(items)) + 1;
        }

        Assert.Equal(24, counts.Count);
        var chiSquare = counts.Values.Sum(count => (count - 1000.0) * (count - 1000) / 1000);
        Assert.True(chiSquare < 60, $"chi-square {chiSquare}, 23 degrees of freedom");
    }

    [Fact]
    public void WeightedPicksFollowTheWeights()
    {
        var random = Randomness.For(17);
        var counts = new int[3];
        for (var i = 0; i < 40_000; i++)
        {
            counts[random.PickWeighted([1, 0, 3])]++;
        }

        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[0], 9_600, 10_400);
        Assert.Throws<ArgumentException>(() => Randomness.For(1).PickWeighted([0, 0]));
        Assert.Throws<ArgumentException>(() => Randomness.For(1).PickWeighted([]));
    }
}
