using System.Security.Cryptography;
using System.Text;

namespace Semblance.Core.Tests;

public sealed class FingerprintTests
{
    [Fact]
    public void ItIsTheSha256OfOneLinePerPartSortedByName()
    {
        var lines = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 tokens\n"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 0 weights\n";
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
        var fingerprint = new FingerprintBuilder().Add("weights", ReadOnlySpan<byte>.Empty).Add("tokens", "abc").Build();
        Assert.Equal(expected, fingerprint.Hex);
        Assert.Equal(expected[..12], fingerprint.Short);
        Assert.Equal(fingerprint, Fingerprint.Parse(expected.ToUpperInvariant()));
    }

    [Fact]
    public void OrderOfPartsDoesNotMatterButTheirBordersAndNamesDo()
    {
        static Fingerprint Of(params (string Name, string Text)[] parts)
        {
            var builder = new FingerprintBuilder();
            foreach (var (name, text) in parts)
            {
                builder.Add(name, text);
            }

            return builder.Build();
        }

        Assert.Equal(Of(("a", "1"), ("b", "2")), Of(("b", "2"), ("a", "1")));
        Fingerprint[] different = [Of(("a", "1"), ("b", "2")), Of(("a", "12"), ("b", "")), Of(("a", "1"), ("c", "2")), Of(("a", "2"), ("b", "1")), Of(("a", "1"))];
        Assert.Equal(different.Length, different.Distinct().Count());
    }

    [Fact]
    public void AStreamCountsAsItsBytes()
    {
        var bytes = new byte[200_001];
        Randomness.For(1).Shuffle<byte>(bytes);
        using var stream = new MemoryStream(bytes);
        Assert.Equal(new FingerprintBuilder().Add("x", bytes).Build(), new FingerprintBuilder().Add("x", stream).Build());
    }

    [Fact]
    public void NothingATwiceUsedNameAndALineBreakAreRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new FingerprintBuilder().Build());
        Assert.Throws<ArgumentException>(() => new FingerprintBuilder().Add("a", "1").Add("a", "2"));
        Assert.Throws<ArgumentException>(() => new FingerprintBuilder().Add("a\nb", "1"));
        Assert.Throws<FormatException>(() => Fingerprint.Parse("abc"));
    }
}
