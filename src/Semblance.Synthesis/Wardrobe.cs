using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Scenes;
using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>Draws people: bodies and clothes with plausible frequencies, and look-alikes that share most of them.</summary>
internal static class Wardrobe
{
    // How often each ColourName is worn above and below, in its order: black, white, grey and blue lead, as in the street.
    private static readonly double[] UpperFrequency =
        [20, 12, 8, 5, 7, 5, 2.5, 1.6, 1.8, 1, 2, 1.8, 1.6, 0.8, 0.9, 0.7, 6, 4.5, 4, 5, 1.6, 0.8, 2.4, 0.7, 2.6, 2.4, 1.8, 1.4];

    private static readonly double[] LowerFrequency =
        [26, 3, 6, 3, 8, 0.8, 0.5, 0.2, 0.2, 0.2, 0.4, 0.7, 1.4, 0.1, 0.2, 0.1, 9, 4, 8, 8, 0.4, 0.1, 0.6, 0.1, 3, 3.4, 4, 0.8];

    private static readonly double[] JeansFrequency =
        [8, 1, 3, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 14, 7, 12, 6, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly double[] ShoeFrequency =
        [34, 18, 7, 3, 5, 3, 0.8, 0.5, 0.5, 0.1, 0.5, 0.2, 0.3, 0, 0.1, 0.2, 3, 0.8, 1, 2, 0.3, 0, 1, 0.4, 9, 3, 0.8, 0.4];

    private static readonly double[] BagFrequency =
        [34, 2, 6, 2, 5, 4, 2, 1, 0.6, 0.6, 1.5, 1, 1.4, 0.2, 0.7, 0.5, 4, 1, 3, 5, 1.4, 0.3, 2, 0.6, 8, 3, 1.4, 0.5];

    private static readonly ColourName[] HairColours = [ColourName.Black, ColourName.Brown, ColourName.DarkGrey, ColourName.Beige, ColourName.Red, ColourName.Grey, ColourName.White];

    /// <summary>The person of an identity. Two of three people come in groups of three that share a template and differ in a few things.</summary>
    public static (Physique Body, Outfit Outfit, Traits Traits) Draw(Domain domain, ulong seed, long identity)
    {
        var own = Randomness.For(seed, Randomness.Key("person"), Randomness.Key(domain.Name), identity);
        var place = identity % 3;
        if (place == 0 || own.Chance(0.45))
        {
            return FromScratch(domain, ref own);
        }

        var template = Randomness.For(seed, Randomness.Key("person"), Randomness.Key(domain.Name), identity - place);
        var (body, outfit, traits) = FromScratch(domain, ref template);
        return Changed(domain, body, outfit, traits, ref own);
    }

    private static (Physique Body, Outfit Outfit, Traits Traits) FromScratch(Domain domain, ref Randomness r)
    {
        var gender = r.Chance(0.52) ? Gender.Male : Gender.Female;
        var age = r.PickWeighted([0.14 + (0.3 * domain.Youth), 0.70, 0.16 * (1 - (0.7 * domain.Youth))]) switch { 0 => AgeGroup.Teenager, 1 => AgeGroup.Adult, _ => AgeGroup.Elder };
        var traits = new Traits(gender, age);
        var body = DrawBody(traits, ref r);
        var outfit = DrawOutfit(domain, traits, ref r);
        return (body, outfit, traits);
    }

    private static Physique DrawBody(Traits traits, ref Randomness r)
    {
        var female = traits.Gender == Gender.Female;
        var teen = traits.Age == AgeGroup.Teenager;
        var elder = traits.Age == AgeGroup.Elder;
        float Around(ref Randomness x, double mean, double deviation) => (float)(mean + (deviation * Math.Clamp(x.NextGaussian(), -2.2, 2.2)));
        var build = Math.Clamp(Around(ref r, teen ? -0.4 : 0.0, 0.6), -1.2f, 1.4f);
        ReadOnlySpan<(int R, int G, int B)> skins = [(244, 208, 182), (232, 190, 160), (222, 176, 142), (206, 158, 122), (176, 126, 92), (134, 92, 66), (92, 62, 46)];
        var tone = r.PickWeighted([1.5, 3, 3, 2, 1.3, 1, 0.9]);
        var skin = Palette.FromSrgb(skins[tone].R, skins[tone].G, skins[tone].B) * Around(ref r, 0.92, 0.05);
        return new Physique
        {
            Height = Math.Clamp(Around(ref r, (female ? 1.645 : 1.765) - (teen ? 0.04 : 0) - (elder ? 0.03 : 0), 0.065), 1.46f, 1.98f),
            Build = build,
            Femininity = Math.Clamp(Around(ref r, female ? 0.92 : 0.06, 0.07), 0, 1.05f),
            Shoulders = Around(ref r, 1, 0.045),
            Hips = Around(ref r, 1, 0.04),
            Belly = MathF.Max(0, Around(ref r, (0.5 * build) + (elder ? 0.5 : 0.1), 0.4)) * (female ? 0.6f : 1),
            Legs = Around(ref r, 1, 0.022),
            Limbs = Around(ref r, 1, 0.05),
            Head = Around(ref r, teen ? 1.04 : 1.0, 0.025),
            Stoop = MathF.Max(0, Around(ref r, elder ? 0.13 : 0.02, 0.05)),
            Stride = Around(ref r, elder ? 0.72 : 1, 0.14),
            ArmSwing = MathF.Max(0.2f, Around(ref r, 1, 0.3)),
            Skin = skin,
            Beard = !female && !teen && r.Chance(0.2),
            Moustache = !female && !teen && r.Chance(0.1),
        };
    }

    private static Outfit DrawOutfit(Domain domain, Traits traits, ref Randomness r)
    {
        var female = traits.Gender == Gender.Female;
        var elder = traits.Age == AgeGroup.Elder;
        var teen = traits.Age == AgeGroup.Teenager;
        var cold = Math.Clamp((double)-domain.Warmth, 0, 1);
        var hot = Math.Clamp((double)domain.Warmth, 0, 1);

        // Coat, jacket, hoodie, shirt, T-shirt, blouse, sweater, vest.
        var upper = (UpperGarment)r.PickWeighted([
            0.5 + (5 * cold), 2.2 + (2.5 * cold) - (1.5 * hot), (teen ? 2.4 : 1) * (1 + cold - (0.5 * hot)), (female ? 0.7 : 1.7) * (1 - (0.7 * cold)), 1.8 + (3.5 * hot) - (1.6 * cold),
            female ? 1.5 * (1 - (0.8 * cold)) : 0, 1.1 + cold - (0.6 * hot), 0.35 + (0.4 * hot) - (0.2 * cold)]);
        var lower = (LowerGarment)r.PickWeighted([2.6, 2.6, 0.15 + (1.9 * hot), female ? 0.9 : 0, female ? 0.5 + (0.7 * hot) : 0]);
        if (lower == LowerGarment.Dress && upper is not (UpperGarment.Blouse or UpperGarment.TShirt or UpperGarment.Shirt or UpperGarment.Sweater))
        {
            upper = hot > 0.2 ? UpperGarment.TShirt : UpperGarment.Sweater;
        }

        var dress = lower == LowerGarment.Dress;
        var sleeves = upper switch
        {
            UpperGarment.TShirt => SleeveLength.Short,
            UpperGarment.Vest => SleeveLength.None,
            UpperGarment.Shirt or UpperGarment.Blouse => r.Chance(0.25 + (0.4 * hot)) ? SleeveLength.Short : SleeveLength.Long,
            _ => SleeveLength.Long,
        };
        if (dress)
        {
            sleeves = r.Chance(0.3 * hot) ? SleeveLength.None : r.Chance(0.3 + (0.4 * hot)) ? SleeveLength.Short : SleeveLength.Long;
        }

        var length = upper switch
        {
            UpperGarment.Coat => GarmentLength.Long,
            UpperGarment.Jacket => r.Chance(0.2) ? GarmentLength.Short : GarmentLength.Hip,
            UpperGarment.Blouse or UpperGarment.TShirt or UpperGarment.Vest when female => r.Chance(0.3) ? GarmentLength.Short : GarmentLength.Hip,
            _ => GarmentLength.Hip,
        };
        length = dress ? GarmentLength.Long : length;
        var open = upper is UpperGarment.Jacket or UpperGarment.Coat && r.Chance(upper == UpperGarment.Coat ? 0.3 : 0.45) || upper == UpperGarment.Hoodie && r.Chance(0.2);
        var heavy = upper is UpperGarment.Coat or UpperGarment.Jacket;
        var hairLength = female
            ? (HairLength)r.PickWeighted([0, 0, elder ? 3 : 0.9, 2, elder ? 0.6 : 3])
            : (HairLength)r.PickWeighted([0, elder ? 1.6 : 0.7, 6, 0.5, 0.25]);
        var hairStyle = hairLength is HairLength.Medium or HairLength.Long
            ? (HairStyle)r.PickWeighted([4, 2, 1, 1.2])
            : r.Chance(0.12) ? HairStyle.Curly : HairStyle.Loose;
        var hairColour = HairColours[r.PickWeighted(elder ? [0.6, 0.8, 1, 0.3, 0.1, 3, 2.5] : [4.5, 4, 1, 1.2, 0.4, 0.1, 0])];
        var hair = HairShade(hairColour, ref r);
        var headwear = r.Chance(0.13 + (0.3 * cold) + (domain.Rainfall * 0.08))
            ? (Headwear)(1 + r.PickWeighted([2.2 - cold, 0.8, 0.3 + (3 * cold), upper == UpperGarment.Hoodie || upper == UpperGarment.Jacket ? 1.2 : 0]))
            : Headwear.None;
        var footwear = (Footwear)r.PickWeighted([2.2, 3.2 + (teen ? 2 : 0), 0.6 + (2.4 * cold) + (female ? 0.4 : 0), 0.7 * hot]);
        var shoes = Palette.Shade((ColourName)r.PickWeighted(ShoeFrequency), ref r);
        var soles = footwear == Footwear.Sneakers && r.Chance(0.65) ? Palette.Shade(ColourName.White, ref r) : Palette.Shade(r.Pick(ColourName.Black, ColourName.DarkGrey, ColourName.Brown), ref r);
        var upperCloth = DrawCloth(upper, lower == LowerGarment.Dress, ref r);
        var lowerCloth = DrawCloth(lower, ref r);
        var backpack = r.Chance(0.2 * domain.Bags * (elder ? 0.4 : 1)) ? DrawBag(backpack: true, ref r) : null;
        var handbag = backpack is null && r.Chance((female ? 0.34 : 0.13) * Math.Min(1.3, domain.Bags)) ? DrawBag(backpack: false, ref r) : null;
        return new Outfit
        {
            Upper = upper,
            UpperCloth = upperCloth,
            Sleeves = sleeves,
            UpperLength = length,
            UpperEase = (upper switch
            {
                UpperGarment.Coat => 0.030f,
                UpperGarment.Jacket => 0.024f,
                UpperGarment.Hoodie => 0.022f,
                UpperGarment.Sweater => 0.016f,
                UpperGarment.Vest or UpperGarment.TShirt => 0.009f,
                _ => 0.011f,
            }) + (float)r.NextDouble(-0.003, 0.010),
            UpperReach = (float)r.NextDouble(0.55, 1.25),
            Inner = open ? Palette.Shade((ColourName)r.PickWeighted(UpperFrequency), ref r) : null,
            Opening = open ? (float)r.NextDouble(0.045, 0.11) : 0,
            Hood = upper == UpperGarment.Hoodie || (heavy && r.Chance(0.3)),
            Lower = lower,
            LowerCloth = lowerCloth,
            LowerEase = lower switch
            {
                LowerGarment.Skirt or LowerGarment.Dress => (float)r.NextDouble(0.02, 0.13),
                LowerGarment.Shorts => (float)r.NextDouble(0.018, 0.04),
                _ => (float)r.NextDouble(female ? 0.001 : 0.006, 0.026),
            },
            LowerReach = lower switch
            {
                LowerGarment.Shorts => (float)r.NextDouble(0.62, 1.05),
                LowerGarment.Skirt or LowerGarment.Dress => (float)r.NextDouble(0.6, 1.75),
                _ => 2,
            },
            Footwear = footwear,
            Shoes = shoes,
            Soles = soles,
            BootReach = (float)r.NextDouble(1.2, 1.75),
            HairLength = hairLength,
            HairStyle = hairStyle,
            Hair = hair,
            HairVolume = (float)r.NextDouble(0.006, 0.02),
            Headwear = headwear,
            HeadwearDye = Palette.Shade((ColourName)r.PickWeighted(UpperFrequency), ref r),
            Glasses = r.Chance(elder ? 0.42 : 0.22),
            DarkGlasses = r.Chance(0.15 + (0.25 * hot)),
            Backpack = backpack,
            Handbag = handbag,
            HandbagAcross = r.Chance(0.55),
            HandbagOnLeft = r.Chance(0.5),
            Umbrella = r.Chance(domain.Umbrellas) ? Palette.Shade((ColourName)r.PickWeighted(BagFrequency), ref r) : null,
            Phone = r.Chance(teen ? 0.2 : 0.09),
            Seed = (uint)r.NextBits(),
        };
    }

    /// <summary>Somebody else with nearly the same looks: another body of the same kind, two to four things changed, and no detail quite the same.</summary>
    private static (Physique Body, Outfit Outfit, Traits Traits) Changed(Domain domain, Physique body, Outfit outfit, Traits traits, ref Randomness r)
    {
        var other = DrawOutfit(domain, traits, ref r);
        body = DrawBody(traits, ref r) with { Skin = Vector3.Lerp(body.Skin, DrawBody(traits, ref r).Skin, (float)r.NextDouble(0, 0.6)) };
        outfit = outfit with
        {
            UpperCloth = Again(outfit.UpperCloth, ref r),
            LowerCloth = Again(outfit.LowerCloth, ref r),
            Shoes = Palette.Shade(outfit.Shoes.Name, ref r),
            UpperEase = other.Upper == outfit.Upper ? other.UpperEase : outfit.UpperEase,
            HairVolume = other.HairVolume,
            Seed = other.Seed,
        };
        var changes = r.Next(2, 5);
        for (var i = 0; i < changes; i++)
        {
            outfit = r.Next(9) switch
            {
                0 => outfit with { UpperCloth = outfit.UpperCloth with { Main = other.UpperCloth.Main } },
                1 => outfit with { LowerCloth = outfit.LowerCloth with { Main = outfit.Lower == LowerGarment.Jeans ? Palette.Shade((ColourName)r.PickWeighted(JeansFrequency), ref r) : other.LowerCloth.Main } },
                2 => outfit with { Shoes = other.Shoes, Soles = other.Soles },
                3 => outfit with { Backpack = other.Backpack, Handbag = other.Handbag, HandbagAcross = other.HandbagAcross },
                4 => outfit with { HairLength = other.HairLength, HairStyle = other.HairStyle },
                5 => outfit with { Hair = other.Hair },
                6 => outfit with { UpperCloth = outfit.UpperCloth with { Pattern = other.UpperCloth.Pattern, Second = other.UpperCloth.Second } },
                7 => outfit with { Headwear = other.Headwear, HeadwearDye = other.HeadwearDye, Glasses = other.Glasses },
                _ => outfit with { Footwear = other.Footwear, LowerEase = outfit.Lower == other.Lower ? other.LowerEase : outfit.LowerEase },
            };
        }

        return (body, outfit, traits);
    }

    private static Cloth Again(Cloth cloth, ref Randomness r) => cloth with
    {
        Main = Palette.Shade(cloth.Main.Name, ref r),
        Second = cloth.Second is { } second ? Palette.Shade(second.Name, ref r) : null,
        Frequency = cloth.Frequency * (float)r.NextDouble(0.7, 1.4),
        Share = Math.Clamp(cloth.Share * (float)r.NextDouble(0.7, 1.35), 0.15f, 0.6f),
        Phase = r.NextSingle(),
        Seed = (uint)r.NextBits(),
    };

    private static Cloth DrawCloth(UpperGarment garment, bool dress, ref Randomness r)
    {
        var pattern = (ClothPattern)r.PickWeighted(garment switch
        {
            UpperGarment.Coat or UpperGarment.Jacket => [8, 0.15, 0.6, 0.1],
            UpperGarment.Shirt => [4, 1.6, 2.2, 0.5],
            UpperGarment.TShirt => [4.5, 1.4, 0.1, 2.4],
            UpperGarment.Hoodie => [5, 0.2, 0, 2],
            UpperGarment.Blouse => [4, 0.8, 0.5, 1.6],
            UpperGarment.Sweater => [4, 1.8, 0.2, 0.6],
            _ => [5, 0.5, 0.2, 0.8],
        });
        var main = Palette.Shade((ColourName)r.PickWeighted(UpperFrequency), ref r);
        var emblem = garment is UpperGarment.TShirt or UpperGarment.Hoodie or UpperGarment.Sweater or UpperGarment.Vest && !dress && r.Chance(0.75);
        return new Cloth
        {
            Main = main,
            Second = pattern == ClothPattern.Plain ? null : Contrast(main, ref r),
            Pattern = pattern,
            Across = r.Chance(garment == UpperGarment.Shirt ? 0.3 : 0.85),
            Emblem = emblem,
            Frequency = (float)r.NextDouble(7, 20),
            Share = (float)r.NextDouble(0.22, 0.55),
            Phase = r.NextSingle(),
            Seed = (uint)r.NextBits(),
            Knit = garment == UpperGarment.Sweater,
            Gloss = garment == UpperGarment.Jacket ? (float)r.NextDouble(0.02, 0.4) : 0.04f,
            Folds = garment is UpperGarment.Coat ? 0.35f : (float)r.NextDouble(0.4, 0.8),
        };
    }

    private static Cloth DrawCloth(LowerGarment garment, ref Randomness r)
    {
        var jeans = garment == LowerGarment.Jeans;
        var pattern = (ClothPattern)r.PickWeighted(jeans ? [1, 0, 0, 0] : garment == LowerGarment.Trousers ? [14, 0.7, 0.5, 0.5] : [6, 0.7, 0.9, 1.2]);
        var main = Palette.Shade((ColourName)r.PickWeighted(jeans ? JeansFrequency : LowerFrequency), ref r);
        return new Cloth
        {
            Main = main,
            Second = pattern == ClothPattern.Plain ? null : Contrast(main, ref r),
            Pattern = pattern,
            Across = false,
            Emblem = false,
            Frequency = (float)r.NextDouble(8, 20),
            Share = (float)r.NextDouble(0.15, 0.45),
            Phase = r.NextSingle(),
            Seed = (uint)r.NextBits(),
            Denim = jeans,
            Folds = (float)r.NextDouble(0.4, 0.8),
        };
    }

    private static Dye Contrast(Dye main, ref Randomness r)
    {
        for (var i = 0; i < 8; i++)
        {
            var other = Palette.Shade((ColourName)r.PickWeighted(UpperFrequency), ref r);
            if (Vector3.Distance(Vector3.SquareRoot(other.Linear), Vector3.SquareRoot(main.Linear)) > 0.35f)
            {
                return other;
            }
        }

        return Palette.Shade(main.Linear.Y > 0.3f ? ColourName.Black : ColourName.White, ref r);
    }

    private static Bag DrawBag(bool backpack, ref Randomness r)
    {
        var main = Palette.Shade((ColourName)r.PickWeighted(BagFrequency), ref r);
        var trim = r.Chance(0.6) ? new Dye(main.Name, main.Linear * 0.7f) : Palette.Shade((ColourName)r.PickWeighted(BagFrequency), ref r);
        return backpack
            ? new Bag(main, trim, (float)r.NextDouble(0.26, 0.34), (float)r.NextDouble(0.36, 0.52), (float)r.NextDouble(0.13, 0.22))
            : new Bag(main, trim, (float)r.NextDouble(0.20, 0.38), (float)r.NextDouble(0.16, 0.32), (float)r.NextDouble(0.07, 0.14));
    }

    private static Dye HairShade(ColourName name, ref Randomness r)
    {
        var (red, green, blue) = name switch
        {
            ColourName.Black => (24, 20, 20),
            ColourName.Brown => (74, 48, 32),
            ColourName.DarkGrey => (58, 50, 46),
            ColourName.Beige => (184, 150, 100),
            ColourName.Red => (124, 58, 32),
            ColourName.Grey => (142, 140, 138),
            _ => (208, 206, 202),
        };
        return new Dye(name, Palette.FromSrgb(red, green, blue) * (float)r.NextDouble(0.75, 1.3));
    }
}
