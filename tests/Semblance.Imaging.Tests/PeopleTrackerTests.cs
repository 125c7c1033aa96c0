namespace Semblance.Imaging.Tests;

public sealed class PeopleTrackerTests
{
    [Fact]
    public void TwoWhoCrossKeepTheirTracks()
    {
        var tracker = new PeopleTracker();
        HashSet<int> right = [], left = [];
        for (var frame = 0; frame < 20; frame++)
        {
            var found = tracker.Update([At(20 + (15 * frame), 100), At(320 - (15 * frame), 104)]);
            right.Add(found[0]);
            left.Add(found[1]);
        }

        Assert.Equal([1], right);
        Assert.Equal([2], left);
    }

    [Fact]
    public void AShortGapIsBridgedAndALongOneIsNot()
    {
        var tracker = new PeopleTracker(new TrackerOptions { MostMissed = 2 });
        var first = Assert.Single(tracker.Update([At(0, 0)]));
        tracker.Update([At(10, 0)]);
        tracker.Update([]);
        tracker.Update([]);
        Assert.Equal(first, Assert.Single(tracker.Update([At(40, 0)])));
        tracker.Update([]);
        tracker.Update([]);
        tracker.Update([]);
        Assert.Empty(tracker.Open);
        Assert.NotEqual(first, Assert.Single(tracker.Update([At(80, 0)])));
    }

    [Fact]
    public void SomebodyFarAwayOrOfAnotherSizeIsSomebodyElse()
    {
        var tracker = new PeopleTracker();
        tracker.Update([At(0, 0)]);
        Assert.Equal([1, 2], tracker.Update([At(5, 0), At(300, 0)]));
        Assert.Equal(3, Assert.Single(tracker.Update([new Detection(new Box(10, 0, 100, 400), 1)])));
        Assert.Empty(tracker.Update([]));
    }

    private static Detection At(int x, int y) => new(new Box(x, y, 40, 100), 1);
}
