using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training.Tests.Samples;

public sealed class SampleSetTests
{
    [Fact]
    public void PeopleHeldOutAreNotLearntFromAndLabelsHaveNoGaps()
    {
        var samples = SampleSet.Gather([Toy.People(10, key: "one"), Toy.People(6, key: "two")], new ValidationRecipe { Identities = 5 }, seed: 1);
        var trained = samples.Training.Select(sample => (sample.Source, sample.Record.RawId)).ToHashSet();
        var heldOut = samples.HeldOut.Select(sample => (sample.Source, sample.Record.RawId)).ToHashSet();
        Assert.Empty(trained.Intersect(heldOut));
        Assert.Equal(16, trained.Count + heldOut.Count);
        Assert.Equal([3, 2], heldOut.GroupBy(person => person.Source).OrderBy(group => group.Key).Select(group => group.Count()));
        Assert.Equal(11, samples.Identities);
        Assert.Equal(Enumerable.Range(0, 11), samples.Training.Select(sample => sample.Identity).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 64), samples.Training.Concat(samples.HeldOut).Select(sample => sample.Index));
    }

    [Fact]
    public void SameIdInTwoSourcesIsTwoPeople()
    {
        var samples = SampleSet.Gather([Toy.People(3), Toy.People(3)], new ValidationRecipe(), seed: 1);
        Assert.Equal(6, samples.Identities);
        Assert.Equal(6, samples.Training.Select(sample => sample.Labelled.RawId).Distinct().Count());
    }

    [Fact]
    public void FingerprintFollowsTheRecords()
    {
        var validation = new ValidationRecipe();
        var first = SampleSet.Gather([Toy.People()], validation, 1).Fingerprint;
        Assert.Equal(first, SampleSet.Gather([Toy.People()], validation, 1).Fingerprint);
        Assert.NotEqual(first, SampleSet.Gather([Toy.People(captions: false)], validation, 1).Fingerprint);
        Assert.NotEqual(first, SampleSet.Gather([Toy.People(images: 3)], validation, 1).Fingerprint);
    }

    [Fact]
    public void TestSplitIsNeverLearntFrom()
    {
        var error = Assert.Throws<ArgumentException>(() => SampleSet.Gather([Toy.People(split: Data.Split.Test)], new ValidationRecipe(), 1));
        Assert.Contains("no training pictures", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HoldingOutEverybodyIsRefused() =>
        Assert.Contains("10 people", Assert.Throws<ArgumentException>(() => SampleSet.Gather([Toy.People()], new ValidationRecipe { Identities = 10 }, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void HeldOutPeopleAskAndAnswer()
    {
        var samples = SampleSet.Gather([Toy.People(), Toy.People()], new ValidationRecipe { Identities = 4 }, seed: 1);
        var store = new PictureStore([.. samples.Training, .. samples.HeldOut], 64, 32, PictureCache.None);
        var people = HeldOutPeople.AsDataset(samples, store, new ValidationRecipe(), seed: 1);
        Assert.Equal(4, people.Of(Data.Split.Query).Count);
        Assert.Equal(12, people.Of(Data.Split.Gallery).Count);
        Assert.Equal(4, people.Records.Select(record => record.RawId).Distinct().Count());
        Assert.Equal((32, 64), (people.Pictures.LoadPicture(people.Records[0]).Width, people.Pictures.LoadPicture(people.Records[0]).Height));
    }

    /// <summary>Decision D29: FineGPR has 1,764 pictures of a person, seven weathers and seven lights of each viewpoint.</summary>
    [Fact]
    public void HeldOutPeopleAreSeenFromAllCamerasBeforeOneComesTwice()
    {
        var samples = SampleSet.Gather([Toy.People(images: 9)], new ValidationRecipe { Identities = 4 }, seed: 1);
        var store = new PictureStore([.. samples.Training, .. samples.HeldOut], 64, 32, PictureCache.None);
        var people = HeldOutPeople.AsDataset(samples, store, new ValidationRecipe { ImagesPerIdentity = 3 }, seed: 1);
        Assert.Equal((4, 8), (people.Of(Data.Split.Query).Count, people.Of(Data.Split.Gallery).Count));
        Assert.All(people.Records.GroupBy(record => record.RawId), person => Assert.Equal([1, 2, 3], person.Select(record => record.Camera!.Value).Order()));
        Assert.Contains("images_per_identity: 2, all of which would ask", Assert.Throws<RecipeException>(() => Toy.Recipe("validation.identities=3", "validation.queries=2", "validation.images_per_identity=2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CachedPicturesAreThePicturesThemselves()
    {
        var samples = SampleSet.Gather([Toy.People()], new ValidationRecipe(), seed: 1);
        var cached = new PictureStore(samples.Training, 64, 32, PictureCache.Memory);
        cached.Fill(threads: 2, progress: null, TimeProvider.System, CancellationToken.None);
        var plain = new PictureStore(samples.Training, 64, 32, PictureCache.None);
        foreach (var sample in samples.Training)
        {
            Assert.Equal(plain.Load(sample).Picture.Rgb, cached.Load(sample).Picture.Rgb);
            Assert.Equal(plain.Load(sample).Mask!.Labels, cached.Load(sample).Mask!.Labels);
            Assert.Same(cached.Load(sample).Picture, cached.Load(sample).Picture);
        }
    }
}
