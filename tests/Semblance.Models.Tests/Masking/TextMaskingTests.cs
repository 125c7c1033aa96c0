using Semblance.Core;
using Semblance.Models.Masking;
using Semblance.Text;

namespace Semblance.Models.Tests.Masking;

public sealed class TextMaskingTests
{
    private static readonly WordPieceTokenizer Tokenizer = Examples.Tokenizer;
    private static readonly TextMasking Masking = new(Tokenizer.VocabularySize, Tokenizer.MaskId, Tokenizer.IsSpecial);

    private static (TokenSequence Tokens, MaskedText Masked) Mask(string text, int index, MmetOptions? options = null)
    {
        var tokens = Tokenizer.Encode(text, 32);
        var random = Randomness.For(1, 0, index);
        return (tokens, Masking.Mask(tokens.Ids, tokens.WordIndex, tokens.Words, options ?? MmetOptions.Tiny, ref random));
    }

    [Fact]
    public void SpecialTokensAreNeverMaskedAndLabelsAreMinusOneElsewhere()
    {
        for (var index = 0; index < 200; index++)
        {
            var (tokens, masked) = Mask(Examples.Caption(index), index, MmetOptions.Tiny with { TextMaskRatio = 0.5 });
            for (var t = 0; t < tokens.Ids.Length; t++)
            {
                if (masked.Labels[t] < 0)
                {
                    Assert.Equal(-1, masked.Labels[t]);
                    Assert.Equal(tokens.Ids[t], masked.Ids[t]);
                }
                else
                {
                    Assert.True(tokens.WordIndex[t] >= 0);
                    Assert.Equal(tokens.Ids[t], masked.Labels[t]);
                }
            }
        }
    }

    [Theory]
    [InlineData("a man")]
    [InlineData("handbag")]
    [InlineData("a woman in a red shirt and blue trousers with a handbag")]
    public void AtLeastOneTokenIsMasked(string text)
    {
        for (var index = 0; index < 50; index++)
        {
            Assert.Contains(Mask(text, index).Masked.Labels, label => label >= 0);
        }
    }

    [Fact]
    public void ATextWithoutWordsHasNothingToMask() => Assert.All(Mask("", 0).Masked.Labels, label => Assert.Equal(-1, label));

    [Fact]
    public void EightyTenTenHoldWithinSamplingError()
    {
        var (mask, random, same, all) = (0, 0, 0, 0);
        for (var index = 0; index < 6000; index++)
        {
            var (tokens, masked) = Mask(Examples.Caption(index), index);
            for (var t = 0; t < tokens.Ids.Length; t++)
            {
                if (masked.Labels[t] >= 0)
                {
                    all++;
                    mask += masked.Ids[t] == Tokenizer.MaskId ? 1 : 0;
                    same += masked.Ids[t] == tokens.Ids[t] ? 1 : 0;
                    random += masked.Ids[t] != Tokenizer.MaskId && masked.Ids[t] != tokens.Ids[t] ? 1 : 0;
                }
            }
        }

        // About 12000 draws: deviations of 0.4 % and 0.3 %; 1 of 24 random words is the same word again.
        Assert.Equal(0.8, (double)mask / all, 0.015);
        Assert.Equal(0.1 * 23 / 24, (double)random / all, 0.015);
        Assert.Equal(0.1 + (0.1 / 24), (double)same / all, 0.015);
    }

    [Fact]
    public void ThePiecesOfAWordAreMaskedTogether()
    {
        var (apart, together) = (0, 0);
        for (var index = 0; index < 500; index++)
        {
            var (tokens, masked) = Mask(Examples.Caption(0), index, MmetOptions.Tiny with { TextMaskRatio = 0.3 });
            var pieces = Enumerable.Range(0, 32).Where(t => tokens.WordIndex[t] >= 0 && tokens.Words[tokens.WordIndex[t]] == "handbag").ToList();
            Assert.Equal(2, pieces.Count);
            Assert.Equal(masked.Labels[pieces[0]] >= 0, masked.Labels[pieces[1]] >= 0);
            together += masked.Labels[pieces[0]] >= 0 ? 1 : 0;
            var (_, single) = Mask(Examples.Caption(0), index, MmetOptions.Tiny with { TextMaskRatio = 0.3, WholeWords = false });
            apart += (single.Labels[pieces[0]] >= 0) != (single.Labels[pieces[1]] >= 0) ? 1 : 0;
        }

        Assert.True(together > 50, $"{together}");
        Assert.True(apart > 50, $"token by token, pieces should often part: {apart}");
    }

    [Fact]
    public void RandomReplacementsAreWordsNotSpecialTokens()
    {
        for (var index = 0; index < 2000; index++)
        {
            var (tokens, masked) = Mask(Examples.Caption(index), index, MmetOptions.Tiny with { TextMaskRatio = 1 });
            Assert.All(Enumerable.Range(0, 32).Where(t => masked.Labels[t] >= 0 && masked.Ids[t] != Tokenizer.MaskId), t => Assert.False(Tokenizer.IsSpecial(masked.Ids[t])));
            Assert.Equal(tokens.Count - 2, masked.Labels.Count(label => label >= 0));
        }
    }

    [Fact]
    public void TheBiasDrawsHalfOfTheWordsFromThoseAboutLooks()
    {
        double Share(bool bias)
        {
            var (looks, all) = (0, 0);
            for (var index = 0; index < 2000; index++)
            {
                // 2 words about looks among 18.
                var (tokens, masked) = Mask("to the to the to the to the red shirt to the to the to the to the", index, MmetOptions.Tiny with { AttributeBias = bias, TextMaskRatio = 0.05 });
                for (var t = 0; t < 32; t++)
                {
                    if (masked.Labels[t] >= 0)
                    {
                        all++;
                        looks += AttributeWords.Contains(tokens.Words[tokens.WordIndex[t]]) ? 1 : 0;
                    }
                }
            }

            return (double)looks / all;
        }

        Assert.Equal(2 / 18.0, Share(bias: false), 0.03);
        Assert.Equal(0.5, Share(bias: true), 0.04);
    }
}
