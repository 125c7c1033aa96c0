using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Bodies;

/// <summary>Builds one dressed person on a surface, feet on the ground at the origin.</summary>
internal static class PersonMesh
{
    /// <summary>Builds the person. The side of an umbrella or a phone is where the pose holds it: 0 left, 1 right, -1 nowhere.</summary>
    public static void Build(Surface surface, Figure figure, Outfit outfit, int umbrellaSide, int phoneSide)
    {
        BareBody.Build(surface, figure, outfit);
        HairMesh.Build(surface, figure, outfit);
        Bottoms.Build(surface, figure, outfit);
        Tops.Build(surface, figure, outfit);
        Shoes.Build(surface, figure, outfit);
        Hats.Build(surface, figure, outfit);
        if (outfit.Backpack is { } backpack)
        {
            Carried.Backpack(surface, figure, outfit, backpack);
        }

        if (outfit.Handbag is { } handbag)
        {
            Carried.Handbag(surface, figure, outfit, handbag);
        }

        if (umbrellaSide >= 0 && outfit.Umbrella is { } umbrella)
        {
            Carried.Umbrella(surface, figure, outfit, umbrella, umbrellaSide);
        }

        if (phoneSide >= 0 && outfit.Phone)
        {
            Carried.Phone(surface, figure, phoneSide);
        }
    }
}
