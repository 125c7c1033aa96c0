using Semblance.Core;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Cameras;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis;

/// <summary>Decides a shot: where and when the person is seen, what they do, and what is in the way.</summary>
internal static class Direction
{
    /// <summary>Frames from one picture of a person to the next, at least.</summary>
    internal const int FramesBetweenImages = 151;

    private const int Views = 36;

    public static Shot Draw(WorldOptions options, Domain domain, IReadOnlyList<CameraProfile> cameras, Outfit outfit, int identity, int image)
    {
        var person = Randomness.For(options.Seed, Randomness.Key("appearances"), Randomness.Key(domain.Name), identity);
        Span<int> order = stackalloc int[cameras.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        person.Shuffle(order);
        var used = Math.Min(cameras.Count, Math.Max(2, options.ImagesPerIdentity * 2 / 3));
        var camera = cameras[order[image % used]];
        var firstView = person.Next(Views);
        var sequence = person.Next(1, 7);
        var weather = (Weather)person.PickWeighted(domain.Weathers);
        var time = (TimeOfDay)person.PickWeighted(domain.Times);
        var umbrellaUp = outfit.Umbrella is not null;

        var r = Randomness.For(options.Seed, Randomness.Key("shot"), Randomness.Key(domain.Name), identity, image);
        if (r.Chance(0.6))
        {
            // Another hour, another sky.
            weather = (Weather)r.PickWeighted(domain.Weathers);
            time = (TimeOfDay)r.PickWeighted(domain.Times);
            sequence = r.Next(1, 7);
        }

        // Steps of 130 degrees go around the person quickly and come to each of FineGPR's 36 viewpoints once before any twice.
        var view = (firstView + (image * 13)) % Views;
        var viewpoint = ((view * 10f) + (float)r.NextDouble(-4.5, 4.5) + 360) % 360;
        var distance = (float)r.NextDouble(camera.Distance.Near, camera.Distance.Far);
        var standing = r.Chance(domain.Indoors ? 0.4 : 0.2);
        var umbrellaSide = umbrellaUp && (domain.Rainfall > 0 ? r.Chance(0.9) : r.Chance(0.2)) ? (identity & 1) : -1;
        var phoneSide = outfit.Phone && umbrellaSide < 0 && r.Chance(0.7) ? ((identity >> 1) & 1) : -1;
        var phone = r.Chance(0.5) ? ArmTask.PhoneToEar : ArmTask.PhoneInFront;
        var rest = standing ? ArmTask.Hang : ArmTask.Swing;
        Span<ArmTask> arms = [Free(ref r, 0), Free(ref r, 1)];
        if (outfit.Handbag is not null && !outfit.HandbagAcross)
        {
            arms[outfit.HandbagOnLeft ? 0 : 1] = ArmTask.Hang;
        }

        if (umbrellaSide >= 0)
        {
            arms[umbrellaSide] = ArmTask.HoldUmbrella;
        }

        if (phoneSide >= 0)
        {
            arms[phoneSide] = phone;
        }

        var cut = r.Chance(options.CutBoxes) ? r.Chance(0.65) ? Cut.Feet : Cut.Head : Cut.Nothing;
        var share = cut == Cut.Feet ? (float)r.NextDouble(0.1, 0.28) : (float)r.NextDouble(0.03, 0.09);
        var obstacle = r.Chance(options.Occlusion) ? (Obstacle)(1 + r.Next(5)) : Obstacle.None;
        var company = r.Chance(options.Company) ? r.Chance(0.25) ? 2 : 1 : 0;
        return new Shot
        {
            Camera = camera,
            Viewpoint = viewpoint,
            Weather = domain.Indoors ? Weather.Neutral : weather,
            Time = domain.Indoors ? TimeOfDay.Noon : time,
            Sequence = sequence,
            Frame = 500 + (image * FramesBetweenImages) + r.Next(150),
            Distance = distance,
            Aside = distance * (float)r.NextDouble(-camera.Reach, camera.Reach),
            Standing = standing,
            LeftArm = arms[0],
            RightArm = arms[1],
            UmbrellaSide = umbrellaSide,
            PhoneSide = phoneSide,
            Cut = cut,
            CutShare = share,
            Obstacle = obstacle,
            Company = company,
            Randomness = r,
        };

        ArmTask Free(ref Randomness x, int side)
        {
            var draw = x.NextSingle();
            return draw < 0.08f ? ArmTask.Pocket : draw < 0.14f && outfit.Backpack is not null ? ArmTask.HoldStrap : draw < 0.3f ? ArmTask.Hang : rest;
        }
    }
}
