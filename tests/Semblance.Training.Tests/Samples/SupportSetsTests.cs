using Semblance.Core;
using Semblance.Training.Methods;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training.Tests.Samples;

public sealed class SupportSetsTests
{
    private static readonly IReadOnlyList<Sample> Training = SampleSet.Gather([Toy.People(7, images: 5), Toy.People(2, images: 1, key: "single")], new ValidationRecipe(), 1).Training;

    [Fact]
    public void SupportSetsHoldOthersOfTheSamePersonAndNeverTheAnchor()
    {
        var sets = new SupportSets(Training);
        var random = Randomness.For(3, 1);
        var ofFive = new HashSet<int>();
        foreach (var anchor in Training)
        {
            for (var caption = 0; caption < anchor.Record.Captions.Count; caption++)
            {
                var single = anchor.Source == 1;
                var pictures = sets.Pictures(anchor, 3, ref random);
                Assert.Equal(single ? 0 : 3, pictures.Distinct().Count());
                Assert.All(pictures, place => Assert.True(place != anchor.Index && Training[place].Identity == anchor.Identity));
                var texts = sets.TextsBeside(anchor, caption, 3, ref random);
                Assert.Equal(single ? 1 : 3, texts.Distinct().Count());
                Assert.All(texts, place => Assert.True(sets.Texts[place] != (anchor.Index, caption) && Training[sets.Texts[place].Sample].Identity == anchor.Identity));
                if (anchor.Index == 0)
                {
                    ofFive.UnionWith(pictures);
                }
            }
        }

        for (var again = 0; again < 40; again++)
        {
            ofFive.UnionWith(sets.Pictures(Training[0], 1, ref random));
        }

        Assert.Equal([1, 2, 3, 4], ofFive.Order());
    }
}
