using Semblance.Core;

namespace Semblance.Models.Tests;

public sealed class PairRepairingTests
{
    [Fact]
    public void NoPairHasTheSamePersonOrTheSameWords()
    {
        for (var index = 0; index < 300; index++)
        {
            var random = Randomness.For(1, 0, index);
            long[] identities = [.. Enumerable.Range(0, 16).Select(_ => 0L)];
            long[] captions = [.. identities];
            for (var i = 0; i < 16; i++)
            {
                identities[i] = random.Next(6);
                captions[i] = random.Next(8);
            }

            var pairs = PairRepairing.Draw(identities, captions, 8, ref random);
            Assert.Equal(8, pairs.Length);
            Assert.Equal(8, pairs.Select(pair => pair.Image).Distinct().Count());
            Assert.All(pairs, pair => Assert.True(identities[pair.Image] != identities[pair.Text] && captions[pair.Image] != captions[pair.Text]));
        }
    }

    [Fact]
    public void ABatchWithoutStrangersGivesNoPairs()
    {
        var random = Randomness.For(1);
        Assert.Empty(PairRepairing.Draw([1, 1, 1], [1, 2, 3], 2, ref random));
        Assert.Empty(PairRepairing.Draw([1, 2, 3], [4, 4, 4], 2, ref random));
        Assert.Equal(2, PairRepairing.Draw([-1, -1, -1], [1, 2, 3], 2, ref random).Length);
    }
}
