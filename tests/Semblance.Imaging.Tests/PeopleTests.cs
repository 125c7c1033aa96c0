namespace Semblance.Imaging.Tests;

public sealed class PeopleTests
{
    [Fact]
    public void AFigureIsFoundByItsShapeWhereItStands()
    {
        var picture = Street.Empty(1);
        Street.Person(picture, 120, 200, 110);
        using var detector = new PeopleDetector();
        var found = detector.Detect(picture);
        Assert.Contains(found, person => person.Box.IntersectionOverUnion(new Box(99, 90, 42, 110)) > 0.5);
        Assert.All(found, person => Assert.InRange(person.Confidence, 0, 1));
        Assert.Equal(found.OrderByDescending(person => person.Confidence), found);
    }

    [Fact]
    public void OnlyWhoMovesIsFoundWhenTheCameraStandsStillAndTheBoxFits()
    {
        using var background = new BackgroundModel();
        for (var i = 0; i < 40; i++)
        {
            background.Update(WithBystander((ulong)i));
        }

        var frame = WithBystander(99);
        Street.Person(frame, 80, 210, 120);
        using var detector = new PeopleDetector();
        var walker = Assert.Single(detector.Detect(frame, background.Update(frame)));
        Assert.InRange(walker.Box.IntersectionOverUnion(new Box(62, 90, 37, 121)), 0.7, 1);

        // A painted figure that never moves: by shape alone it is a person, by motion it is not.
        Assert.Contains(detector.Detect(frame), person => Math.Abs(person.Box.X + (person.Box.Width / 2) - 190) < 15);

        static Picture WithBystander(ulong seed)
        {
            var picture = Street.Empty(seed);
            Street.Person(picture, 190, 200, 110);
            return picture;
        }
    }

    /// <summary>Boxes are those of the photo, also of one that was made smaller to be searched.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void PeopleOfAPhotoAreFoundAtItsOwnSize(int times)
    {
        var street = Street.Empty(1);
        Street.Person(street, 70, 200, 110);
        Street.Person(street, 190, 210, 120);
        var photo = street.Resize(width: street.Width * times, height: street.Height * times, Resampling.Bilinear);
        Assert.True(Scenes.IsScene(photo));
        var people = Scenes.People(photo);
        foreach (var (x, feet, height) in new[] { (70, 200, 110), (190, 210, 120) })
        {
            var box = new Box((x - (height / 5)) * times, (feet - height) * times, height * 2 / 5 * times, height * times);
            Assert.Contains(people, person => person.Box.IntersectionOverUnion(box) > 0.5);
        }

        Assert.Single(Scenes.People(photo, most: 1));
        Assert.False(Scenes.IsScene(photo.Crop(people[0].Box)));
    }

    [Fact]
    public void AnEmptyStreetHasNobody()
    {
        using var background = new BackgroundModel();
        for (var i = 0; i < 30; i++)
        {
            background.Update(Street.Empty((ulong)i));
        }

        using var detector = new PeopleDetector();
        Assert.Empty(detector.Detect(Street.Empty(77), background.Compare(Street.Empty(77))));
    }

    [Fact]
    public void FootageIsFollowedFromFileToBoxes()
    {
        // Someone walks through for 40 frames of 100; the boxes must walk too.
        var frames = Enumerable.Range(0, 100).Select(i =>
        {
            var picture = Street.Empty((ulong)i);
            if (i is >= 30 and < 70)
            {
                Street.Person(picture, 40 + (5 * (i - 30)), 205, 115);
            }

            return picture;
        }).ToList();
        var folder = Directory.CreateTempSubdirectory("semblance-footage-");
        try
        {
            var path = Path.Combine(folder.FullName, "walk.avi");
            File.WriteAllBytes(path, Avi.Film(frames, framesPerSecond: 10));
            var seen = Footage.People(path, new() { Every = 10 }).ToList();
            Assert.Equal(10, seen.Count);
            Assert.All(seen.Where(frame => frame.Frame.Index is < 30 or >= 70), frame => Assert.Empty(frame.People));
            foreach (var frame in seen.Where(frame => frame.Frame.Index is >= 30 and < 70))
            {
                var person = Assert.Single(frame.People);
                Assert.InRange(person.Box.X + (person.Box.Width / 2.0) - (40 + (5 * (frame.Frame.Index - 30))), -6, 6);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void SuppressionKeepsTheBestOfEachHeap()
    {
        Detection[] found =
        [
            new(new Box(0, 0, 20, 50), 0.6), new(new Box(2, 1, 20, 50), 0.9), new(new Box(60, 0, 20, 50), 0.7),
            new(new Box(5, 5, 8, 20), 0.8), // a part of the first person
            new(new Box(14, 0, 20, 50), 0.5), // a neighbour
        ];
        Assert.Equal([0.9, 0.7, 0.5], Detection.Suppress(found).Select(person => person.Confidence));
        Assert.Equal(Detection.Suppress(found), Detection.Suppress(found.Reverse()));
        Assert.Equal(Detection.Suppress(found), Detection.Suppress(Detection.Suppress(found)));
    }

    [Fact]
    public void BlobsAreConnectedAcrossCorners()
    {
        var blobs = Blobs.Of(new LabelMap(5, 4, [1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]));
        Assert.Equal([new Box(0, 0, 2, 2), new Box(4, 0, 1, 3), new Box(1, 3, 1, 1)], blobs.Boxes);
        Assert.Equal([0, 1, 0, 0, 2], blobs.Row(1, 0, 5).ToArray());
    }

    [Fact]
    public void MotionOfAnotherSizeIsRefused()
    {
        using var detector = new PeopleDetector();
        Assert.Contains("4 x 4", Assert.Throws<ArgumentException>(() => detector.Detect(new Picture(8, 8), new LabelMap(4, 4))).Message);
    }
}
