using Semblance.Core;

namespace Semblance.Text.Tests;

/// <summary>People drawn at random, with everything that a description can hold.</summary>
internal static class RandomPeople
{
    public static PersonDescription Draw(ref Randomness random)
    {
        var colours = Enum.GetValues<ColourName>();
        var pattern = random.Chance(0.75) ? ClothPattern.Plain : random.Pick(ClothPattern.Striped, ClothPattern.Checked, ClothPattern.Printed);
        var upper = random.Pick<UpperGarment>(Enum.GetValues<UpperGarment>());
        return new PersonDescription
        {
            Gender = random.Pick(Gender.Male, Gender.Female, Gender.Male, Gender.Female, Gender.Unknown),
            Age = random.Pick<AgeGroup>(Enum.GetValues<AgeGroup>()),
            Build = random.Next(-1, 2),
            Stature = random.Next(-1, 2),
            HairLength = random.Pick<HairLength>(Enum.GetValues<HairLength>()),
            HairStyle = random.Chance(0.7) ? HairStyle.Loose : random.Pick<HairStyle>(Enum.GetValues<HairStyle>()),
            HairColour = random.Chance(0.9) ? random.Pick(ColourName.Black, ColourName.Brown, ColourName.Yellow, ColourName.Grey, ColourName.Red, ColourName.White) : null,
            Glasses = random.Chance(0.2),
            Headwear = random.Chance(0.8) ? Headwear.None : random.Pick<Headwear>(Enum.GetValues<Headwear>()),
            HeadwearColour = random.Pick<ColourName>(colours),
            Upper = upper,
            UpperColour = random.Pick<ColourName>(colours),
            UpperPattern = pattern,
            UpperSecondColour = pattern == ClothPattern.Plain ? null : random.Pick<ColourName>(colours),
            Sleeves = upper == UpperGarment.Vest ? SleeveLength.None : random.Pick(SleeveLength.Long, SleeveLength.Short),
            UpperLength = random.Pick<GarmentLength>(Enum.GetValues<GarmentLength>()),
            InnerColour = upper is UpperGarment.Coat or UpperGarment.Jacket && random.Chance(0.4) ? random.Pick<ColourName>(colours) : null,
            Lower = random.Pick<LowerGarment>(Enum.GetValues<LowerGarment>()),
            LowerColour = random.Pick<ColourName>(colours),
            Footwear = random.Pick<Footwear>(Enum.GetValues<Footwear>()),
            FootwearColour = random.Chance(0.9) ? random.Pick<ColourName>(colours) : null,
            FootwearTone = Tone.Dark,
            Backpack = random.Chance(0.3) ? random.Pick<ColourName>(colours) : null,
            Handbag = random.Chance(0.2) ? random.Pick<ColourName>(colours) : null,
            Umbrella = random.Chance(0.08) ? random.Pick<ColourName>(colours) : null,
            Phone = random.Chance(0.1),
            Activity = random.Pick<Activity>(Enum.GetValues<Activity>()),
            Scene = new SceneDescription(
                random.Pick("sunny", "clouds", "overcast", "foggy", "neutral", "blizzard", "snowlight"),
                random.Pick("midnight", "dawn", "forenoon", "noon", "afternoon", "dusk", "night"),
                random.Pick("urban", "wild", "plaza"),
                random.Next(360)),
        };
    }
}
