using Semblance.Core;

namespace Semblance.Text.Grammar;

/// <summary>A description as a witness remembers it: some facts are gone, some are wrong.</summary>
/// <param name="Person">The facts believed, errors included.</param>
/// <param name="Known">Those that will be told.</param>
internal sealed record Witness(PersonDescription Person, Fact Known)
{
    private const Fact Salient = Fact.UpperKind | Fact.UpperColour | Fact.LowerKind | Fact.LowerColour | Fact.Gender;

    public bool Knows(Fact fact) => (Known & fact) == fact;

    /// <summary>Draws errors, then gaps; the number of draws does not depend on the outcome of earlier ones.</summary>
    public static Witness Of(PersonDescription truth, double wrong, double missing, ref Randomness random)
    {
        var known = Fact.None;
        for (var bit = 1; bit < (int)Fact.All; bit <<= 1)
        {
            var fact = (Fact)bit;
            if (!random.Chance((Salient & fact) != Fact.None ? missing / 2 : missing))
            {
                known |= fact;
            }
        }

        return new Witness(wrong > 0 ? Mistaken(truth, wrong, ref random) : truth, known);
    }

    private static PersonDescription Mistaken(PersonDescription truth, double wrong, ref Randomness random)
    {
        var person = truth with
        {
            UpperColour = Colour(truth.UpperColour, wrong, ref random),
            UpperSecondColour = Colour(truth.UpperSecondColour, wrong, ref random),
            InnerColour = Colour(truth.InnerColour, wrong, ref random),
            LowerColour = Colour(truth.LowerColour, wrong, ref random),
            FootwearColour = Colour(truth.FootwearColour, wrong, ref random),
            HeadwearColour = Colour(truth.HeadwearColour, wrong, ref random),
            Backpack = Colour(truth.Backpack, wrong, ref random),
            Handbag = Colour(truth.Handbag, wrong, ref random),
            Umbrella = Colour(truth.Umbrella, wrong, ref random),
        };

        if (random.Chance(wrong))
        {
            person = person with { Upper = Neighbour(truth.Upper, ref random) };
        }

        if (random.Chance(wrong))
        {
            person = person with { Lower = Neighbour(truth.Lower, ref random) };
        }

        if (random.Chance(wrong))
        {
            person = person with { Footwear = truth.Footwear == Footwear.Sneakers ? Footwear.Shoes : Footwear.Sneakers };
        }

        // Gender and age are rarely mistaken when clothes are seen at all.
        if (random.Chance(wrong / 3) && truth.Gender != Gender.Unknown)
        {
            person = person with { Gender = truth.Gender == Gender.Male ? Gender.Female : Gender.Male };
        }

        if (random.Chance(wrong) && truth.Age != AgeGroup.Unknown)
        {
            person = person with { Age = truth.Age == AgeGroup.Adult ? random.Pick(AgeGroup.Teenager, AgeGroup.Elder) : AgeGroup.Adult };
        }

        if (random.Chance(wrong) && truth.HairLength is not (HairLength.Unknown or HairLength.Bald))
        {
            person = person with { HairLength = truth.HairLength == HairLength.Medium ? random.Pick(HairLength.Short, HairLength.Long) : HairLength.Medium };
        }

        if (random.Chance(wrong / 2))
        {
            person = person with { Glasses = !truth.Glasses };
        }

        // A bag taken for another kind of bag.
        if (random.Chance(wrong) && truth.Backpack is { } carried && truth.Handbag is null)
        {
            person = person with { Backpack = null, Handbag = carried };
        }
        else if (random.Chance(wrong) && truth.Handbag is { } held && truth.Backpack is null)
        {
            person = person with { Handbag = null, Backpack = held };
        }

        return person;
    }

    private static ColourName? Colour(ColourName? colour, double wrong, ref Randomness random)
    {
        if (colour is not { } named || !random.Chance(wrong))
        {
            return colour;
        }

        return random.Chance(0.9) ? random.Pick(Palette.Confusable(named)) : random.Pick<ColourName>(Enum.GetValues<ColourName>());
    }

    private static UpperGarment Neighbour(UpperGarment garment, ref Randomness random) => garment switch
    {
        UpperGarment.Coat => UpperGarment.Jacket,
        UpperGarment.Jacket => random.Pick(UpperGarment.Coat, UpperGarment.Hoodie, UpperGarment.Sweater),
        UpperGarment.Hoodie => random.Pick(UpperGarment.Sweater, UpperGarment.Jacket),
        UpperGarment.Shirt => random.Pick(UpperGarment.TShirt, UpperGarment.Blouse, UpperGarment.Jacket),
        UpperGarment.TShirt => random.Pick(UpperGarment.Shirt, UpperGarment.Blouse),
        UpperGarment.Blouse => UpperGarment.Shirt,
        UpperGarment.Sweater => random.Pick(UpperGarment.Hoodie, UpperGarment.Shirt),
        UpperGarment.Vest => UpperGarment.Jacket,
        _ => UpperGarment.Shirt,
    };

    private static LowerGarment Neighbour(LowerGarment garment, ref Randomness random) => garment switch
    {
        LowerGarment.Trousers => LowerGarment.Jeans,
        LowerGarment.Jeans => LowerGarment.Trousers,
        LowerGarment.Shorts => random.Pick(LowerGarment.Trousers, LowerGarment.Skirt),
        LowerGarment.Skirt => random.Pick(LowerGarment.Dress, LowerGarment.Shorts),
        _ => LowerGarment.Skirt,
    };
}
