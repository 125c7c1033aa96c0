using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Turns cloth into materials of a surface.</summary>
internal static class Stuff
{
    public static Material Of(Cloth cloth, BodyPart part)
    {
        var kind = cloth.Pattern switch
        {
            ClothPattern.Striped => cloth.Across ? TextureKind.StripesAcross : TextureKind.StripesDown,
            ClothPattern.Checked => TextureKind.Checked,
            ClothPattern.Printed => cloth.Emblem ? (part is BodyPart.Upper ? TextureKind.Emblem : TextureKind.Plain) : TextureKind.Blots,
            _ => cloth.Denim ? TextureKind.Denim : cloth.Knit ? TextureKind.Knit : TextureKind.Plain,
        };
        return new Material
        {
            Part = part,
            Kind = kind,
            Base = cloth.Main.Linear,
            Second = (cloth.Second ?? cloth.Main).Linear,
            Frequency = cloth.Frequency,
            Share = cloth.Share,
            Phase = cloth.Phase,
            Seed = cloth.Seed,
            Folds = cloth.Folds * 0.8f,
            FoldsAcross = 0.75f,
            FoldsAlong = 0.9f,
            Gloss = cloth.Gloss,
        };
    }

    public static Material Plain(Dye dye, BodyPart part, float gloss = 0.05f, float folds = 0.1f, uint seed = 0) => new()
    {
        Part = part,
        Kind = TextureKind.Plain,
        Base = dye.Linear,
        Second = dye.Linear,
        Gloss = gloss,
        Folds = folds,
        FoldsAcross = 1,
        FoldsAlong = 2,
        Seed = seed,
    };
}
