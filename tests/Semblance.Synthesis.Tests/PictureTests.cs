using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis.Tests;

public sealed class PictureTests
{
    private static readonly WorldOptions Clear = new()
    {
        Domain = "plaza",
        Seed = 3,
        Identities = 90,
        ImagesPerIdentity = 36,
        Width = 48,
        Height = 96,
        Occlusion = 0,
        Company = 0,
        CutBoxes = 0,
        BoxJitter = 0,
    };

    [Fact]
    public void FacesShowFromTheFrontAndHairFromBehind()
    {
        var world = new World(Clear);
        var (front, back) = (Parts(world, 90, 30, _ => true), Parts(world, 270, 30, _ => true));
        Assert.True(front[BodyPart.Face] > 2.5 * back[BodyPart.Face], $"face: {front[BodyPart.Face]} pixels from the front, {back[BodyPart.Face]} from behind");
        Assert.True(back[BodyPart.Hair] > 1.3 * front[BodyPart.Hair], $"hair: {front[BodyPart.Hair]} pixels from the front, {back[BodyPart.Hair]} from behind");
    }

    [Fact]
    public void ABackpackIsABagFromBehindAndStrapsFromTheFront()
    {
        var world = new World(Clear);
        bool Carries(int identity) => world.Describe(identity).Backpack is not null;
        var (front, back) = (Parts(world, 90, 90, Carries), Parts(world, 270, 90, Carries));
        Assert.True(back[BodyPart.Backpack] > 8 * front[BodyPart.Backpack]);
        Assert.True(front[BodyPart.Strap] > 2 * back[BodyPart.Strap]);
        Assert.Equal(0, Parts(world, 270, 90, identity => !Carries(identity))[BodyPart.Backpack]);
    }

    [Fact]
    public void APersonFacingLeftHasTheFeetPointedLeft()
    {
        // At 0 degrees the toes reach further to the left of the ankles than the heels to the right; at 180 it is the other way round.
        var world = new World(Clear);
        Assert.True(Lean(world, 0) < -0.5, $"{Lean(world, 0)}");
        Assert.True(Lean(world, 180) > 0.5, $"{Lean(world, 180)}");
    }

    [Fact]
    public void TheBoxHoldsExactlyThePersonsPixels()
    {
        var world = new World(Clear with { Occlusion = 0.5, Company = 0.5 });
        for (var identity = 0; identity < 12; identity++)
        {
            var rendered = world.Render(identity, 5);
            var box = Assert.NotNull(rendered.Box);
            var labels = rendered.Parts.Labels;
            var inside = 0;
            for (var y = box.Y; y < box.Bottom; y++)
            {
                for (var x = box.X; x < box.Right; x++)
                {
                    inside += labels[(y * 48) + x] != 0 ? 1 : 0;
                }
            }

            Assert.Equal(labels.Count(l => l != 0), inside);
            Assert.All(labels, label => Assert.True(Enum.IsDefined((BodyPart)label)));
        }
    }

    [Fact]
    public void ThingsInFrontOfThePersonAreNotThePerson()
    {
        var free = new World(Clear);
        var hidden = new World(Clear with { Occlusion = 1 });
        var (open, behind) = (0, 0);
        for (var identity = 0; identity < 25; identity++)
        {
            open += free.Render(identity, 2).Parts.Labels.Count(l => l != 0);
            behind += hidden.Render(identity, 2).Parts.Labels.Count(l => l != 0);
        }

        Assert.InRange(behind / (double)open, 0.4, 0.93);
    }

    [Fact]
    public void DomainsDifferInLightMoreThanPeopleDo()
    {
        var means = Domain.All.Select(domain =>
        {
            var world = new World(Clear with { Domain = domain.Name });
            var sums = new double[3];
            for (var identity = 0; identity < 25; identity++)
            {
                var rgb = world.Render(identity, identity).Picture.Rgb;
                for (var i = 0; i < rgb.Length; i++)
                {
                    sums[i % 3] += rgb[i] / (25.0 * 48 * 96);
                }
            }

            return sums;
        }).ToArray();
        var brightness = means.Select(m => m.Sum() / 3).ToArray();
        Assert.True(brightness.Max() - brightness.Min() > 40, string.Join(", ", brightness));
        var night = Domain.All.Select((d, i) => (d.Name, brightness[i])).MinBy(p => p.Item2).Name;
        Assert.Equal("night-street", night);
        var warmth = means.Select(m => m[0] / m[2]).ToArray();
        Assert.True(warmth.Max() / warmth.Min() > 1.15, string.Join(", ", warmth));
    }

    [Fact]
    public void SmallPicturesAreNotEnlargedWhereTheCameraSeesMore()
    {
        var world = new World(Clear with { Width = 16, Height = 32 });
        Assert.Equal((16, 32), (world.Render(0, 0).Picture.Width, world.Render(0, 0).Picture.Height));
    }

    private static Dictionary<BodyPart, double> Parts(World world, int viewpoint, int people, Func<int, bool> wanted)
    {
        var sums = Enum.GetValues<BodyPart>().ToDictionary(part => part, _ => 0.0);
        foreach (var identity in Enumerable.Range(0, people).Where(wanted))
        {
            foreach (var label in world.Render(identity, Near(world, identity, viewpoint)).Parts.Labels)
            {
                sums[(BodyPart)label]++;
            }
        }

        return sums;
    }

    private static int Near(World world, int identity, int viewpoint) =>
        Enumerable.Range(0, 36).MinBy(image => Math.Abs(((world.Look(identity, image).Viewpoint - viewpoint + 540) % 360) - 180));

    /// <summary>How far the foot's pixels lie right of the pixels of the leg above it, in pixels.</summary>
    private static double Lean(World world, int viewpoint)
    {
        var (feet, feetCount, shins, shinCount) = (0.0, 0, 0.0, 0);
        for (var identity = 0; identity < 30; identity++)
        {
            var labels = world.Render(identity, Near(world, identity, viewpoint)).Parts.Labels;
            for (var i = 0; i < labels.Length; i++)
            {
                if ((BodyPart)labels[i] == BodyPart.Foot)
                {
                    feet += i % 48;
                    feetCount++;
                }
                else if ((BodyPart)labels[i] is BodyPart.Lower or BodyPart.Leg && i / 48 > 72)
                {
                    shins += i % 48;
                    shinCount++;
                }
            }
        }

        return (feet / feetCount) - (shins / shinCount);
    }
}
