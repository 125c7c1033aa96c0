using Semblance.Data;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis.Tests;

public sealed class WorldTests
{
    private static readonly WorldOptions Small = new() { Domain = "plaza", Seed = 7, Identities = 12, ImagesPerIdentity = 4, Width = 48, Height = 96 };

    [Fact]
    public void TheSamePictureComesOutOnAnyNumberOfThreadsAndInAnyOrder()
    {
        var one = new World(Small);
        var other = new World(Small);
        var forward = Enumerable.Range(0, one.Count).Select(i => one.Render(i / 4, i % 4)).ToArray();
        var backward = new RenderedPicture[one.Count];
        Parallel.For(0, one.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => backward[one.Count - 1 - i] = other.Render((one.Count - 1 - i) / 4, (one.Count - 1 - i) % 4));
        for (var i = 0; i < forward.Length; i++)
        {
            Assert.Equal(forward[i].Picture.Rgb, backward[i].Picture.Rgb);
            Assert.Equal(forward[i].Parts.Labels, backward[i].Parts.Labels);
            Assert.Equal(forward[i].Sighting.Captions, backward[i].Sighting.Captions);
        }
    }

    [Fact]
    public void EveryDomainDrawsPeople()
    {
        foreach (var domain in Domain.All)
        {
            var world = new World(Small with { Domain = domain.Name });
            for (var identity = 0; identity < 6; identity++)
            {
                var rendered = world.Render(identity, 1);
                var share = rendered.Parts.Labels.Count(label => label != 0) / (double)rendered.Parts.Labels.Length;
                Assert.InRange(share, 0.08, 0.8);
            }
        }
    }

    [Fact]
    public void AnUnknownDomainIsRefusedWithTheNearestName()
    {
        var error = Assert.Throws<ArgumentException>(() => new World(Small with { Domain = "plazza" }));
        Assert.Contains("did you mean \"plaza\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFaultOfTheOptionsIsNamedAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new World(Small with { Identities = 0, Width = 3, Occlusion = double.NaN }));
        Assert.Contains("Identities is 0, expected 1 to", error.Message, StringComparison.Ordinal);
        Assert.Contains("Width is 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Occlusion is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryQueryHasItsPersonUnderAnotherCameraInTheGallery()
    {
        var dataset = new World(Small).AsDataset();
        var queries = dataset.Of(Split.Query);
        Assert.NotEmpty(queries);
        var gallery = dataset.Of(Split.Gallery);
        Assert.All(queries, query => Assert.Contains(gallery, item => item.RawId == query.RawId && item.Camera != query.Camera));
        Assert.Empty(dataset.Of(Split.Train).Select(r => r.RawId).Intersect(queries.Select(r => r.RawId)));
        Assert.Equal(dataset.Records.Count, dataset.Records.Select(r => r.ImagePath).Distinct().Count());
    }

    [Fact]
    public void AUnionKeepsPeopleAndCamerasOfItsWorldsApart()
    {
        var shop = new World(Small with { Domain = "shop" });
        var union = World.Union([new World(Small), shop]);
        Assert.Equal(24, union.Records.Select(r => (r.Dataset, r.RawId)).Distinct().Count());
        var first = union.Records.First(r => r.Dataset == "world-shop" && r.RawId == "0001");
        var image = Enumerable.Range(0, 4).Single(i => first.ImagePath.Contains($"_{shop.Look(0, i).Frame:D6}_", StringComparison.Ordinal));
        Assert.Equal(shop.Render(0, image).Picture.Rgb, union.Pictures.LoadPicture(first).Rgb);
    }

    [Fact]
    public void AKeptPictureIsTheOneThatWouldBeRenderedAnew()
    {
        var world = new World(Small);
        var (kept, anew) = (world.AsDataset(cacheBytes: 100_000), world.AsDataset());
        for (var round = 0; round < 2; round++)
        {
            foreach (var record in kept.Records.Take(12))
            {
                Assert.Equal(anew.Pictures.LoadPicture(record).Rgb, kept.Pictures.LoadPicture(record).Rgb);
                Assert.Equal(anew.Pictures.LoadMask(record)!.Labels, kept.Pictures.LoadMask(record)!.Labels);
            }
        }
    }
}
