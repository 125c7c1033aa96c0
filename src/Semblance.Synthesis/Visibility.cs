using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Scenes;
using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>Describes people in words: all of them, or what one picture shows.</summary>
internal static class Visibility
{
    /// <summary>Everything that is true of the person.</summary>
    public static PersonDescription Whole(Physique body, Outfit outfit, Traits traits) => new()
    {
        Gender = traits.Gender,
        Age = traits.Age,
        Build = body.Build < -0.65f ? -1 : body.Build > 0.7f ? 1 : 0,
        Stature = body.Height < (traits.Gender == Gender.Female ? 1.57f : 1.67f) ? -1 : body.Height > (traits.Gender == Gender.Female ? 1.74f : 1.86f) ? 1 : 0,
        HairLength = outfit.HairLength,
        HairStyle = outfit.HairStyle,
        HairColour = outfit.HairLength == HairLength.Bald ? null : outfit.Hair.Name,
        Glasses = outfit.Glasses,
        Headwear = outfit.Headwear,
        HeadwearColour = outfit.Headwear switch { Headwear.None => null, Headwear.Hood => outfit.UpperCloth.Main.Name, _ => outfit.HeadwearDye.Name },
        Upper = outfit.Upper,
        UpperColour = outfit.UpperCloth.Main.Name,
        UpperSecondColour = outfit.UpperCloth.Second?.Name,
        UpperPattern = outfit.UpperCloth.Pattern,
        Sleeves = outfit.Sleeves,
        UpperLength = outfit.UpperLength,
        InnerColour = outfit.Inner?.Name,
        Lower = outfit.Lower,
        LowerColour = outfit.Lower == LowerGarment.Dress ? outfit.UpperCloth.Main.Name : outfit.LowerCloth.Main.Name,
        LowerPattern = outfit.Lower == LowerGarment.Dress ? outfit.UpperCloth.Pattern : outfit.LowerCloth.Pattern,
        LowerSecondColour = outfit.Lower == LowerGarment.Dress ? outfit.UpperCloth.Second?.Name : outfit.LowerCloth.Second?.Name,
        Footwear = outfit.Footwear,
        FootwearColour = outfit.Shoes.Name,
        FootwearTone = IsDark(outfit.Shoes) ? Tone.Dark : Tone.Light,
        Backpack = outfit.Backpack?.Main.Name,
        Handbag = outfit.Handbag?.Main.Name,
        Umbrella = outfit.Umbrella?.Name,
        Phone = outfit.Phone,
    };

    /// <summary>What of it a shot shows.</summary>
    public static PersonDescription Seen(PersonDescription whole, Outfit outfit, Shot shot, Domain domain)
    {
        var frontal = shot.Frontal;
        var rear = shot.Rear;
        var feet = !(shot.Cut == Cut.Feet || shot.Obstacle is Obstacle.Bin or Obstacle.Bench or Obstacle.Suitcase or Obstacle.Hedge);
        var head = shot.Cut != Cut.Head && shot.UmbrellaSide < 0;
        var emblem = outfit.UpperCloth is { Pattern: ClothPattern.Printed, Emblem: true } && frontal < 0.25f;
        var bagSide = outfit.HandbagOnLeft ? shot.LeftSide : -shot.LeftSide;
        return whole with
        {
            HairStyle = whole.HairStyle is HairStyle.Ponytail or HairStyle.Bun && frontal > 0.6f ? HairStyle.Loose : whole.HairStyle,
            Glasses = whole.Glasses && frontal > 0.2f && head,
            UpperPattern = emblem ? ClothPattern.Plain : whole.UpperPattern,
            UpperSecondColour = emblem ? null : whole.UpperSecondColour,
            InnerColour = frontal > 0.25f ? whole.InnerColour : null,
            FootwearColour = feet ? whole.FootwearColour : null,
            FootwearTone = feet ? whole.FootwearTone : Tone.Unknown,
            Backpack = frontal < 0.8f ? whole.Backpack : null,
            Handbag = bagSide > -0.75f ? whole.Handbag : null,
            Umbrella = shot.UmbrellaSide >= 0 ? whole.Umbrella : null,
            Phone = shot.PhoneSide >= 0 && rear < 0.7f,
            Activity = shot.Standing ? Activity.Standing : Activity.Walking,
            Scene = new SceneDescription(
                Lower(shot.Weather.ToString()), Lower(shot.Time.ToString()), domain.Name == "night-street" ? "street" : domain.Name == "rain" ? "rainy street" : domain.Name == "snow" ? "snowy park" : domain.Name,
                (int)shot.Viewpoint),
        };
    }

    /// <summary>FineGPR's thirteen attributes by name, in its codes: 1 yes, 2 no, and so on.</summary>
    public static IReadOnlyDictionary<string, int> FineGprCodes(PersonDescription whole) => new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["gender"] = whole.Gender == Gender.Male ? 1 : 2,
        ["hair"] = whole.HairLength is HairLength.Long or HairLength.Medium ? 1 : 2,
        ["age"] = whole.Age switch { AgeGroup.Teenager => 1, AgeGroup.Elder => 3, _ => 2 },
        ["glasses"] = whole.Glasses ? 1 : 2,
        ["short_sleeve"] = whole.Sleeves == SleeveLength.Long ? 2 : 1,
        ["top_length"] = whole.UpperLength == GarmentLength.Long ? 1 : 2,
        ["dress"] = whole.Lower == LowerGarment.Dress ? 1 : 2,
        ["boots"] = whole.Footwear == Footwear.Boots ? 1 : 2,
        ["hat"] = whole.Headwear == Headwear.None ? 2 : 1,
        ["bag"] = whole.Backpack is null && whole.Handbag is null ? 2 : 1,
        ["shoes"] = whole.FootwearTone == Tone.Dark ? 1 : 2,
        ["upper_colour"] = Code(whole.UpperColour),
        ["lower_colour"] = Code(whole.LowerColour),
    };

    private static bool IsDark(Dye dye) => System.Numerics.Vector3.Dot(dye.Linear, new System.Numerics.Vector3(0.3f, 0.59f, 0.11f)) < 0.18f;

    private static string Lower(string word) => word.ToLowerInvariant();

    /// <summary>The nearest of FineGPR's nine colours: black white red purple grey yellow blue green brown.</summary>
    private static int Code(ColourName? colour) => colour switch
    {
        ColourName.Black => 1,
        ColourName.White or ColourName.Cream => 2,
        ColourName.Red or ColourName.DarkRed or ColourName.Pink or ColourName.Magenta => 3,
        ColourName.Purple or ColourName.Lavender => 4,
        ColourName.Grey or ColourName.LightGrey or ColourName.DarkGrey => 5,
        ColourName.Yellow or ColourName.Mustard or ColourName.Orange => 6,
        ColourName.Blue or ColourName.LightBlue or ColourName.DarkBlue or ColourName.Navy or ColourName.Turquoise => 7,
        ColourName.Green or ColourName.DarkGreen or ColourName.LightGreen or ColourName.Olive or ColourName.Teal => 8,
        _ => 9,
    };
}
