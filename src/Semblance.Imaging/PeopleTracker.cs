namespace Semblance.Imaging;

/// <summary>Joins the detections of neighbouring frames to tracks: one walk before one camera is one track. Each person is expected to go on at the speed of the last step.</summary>
/// <remarks>Nearest first, as in SORT (Bewley et al. 2016, arXiv 1602.00763), with constant speed in place of its filter and distance in body heights in place of overlap: frames lie
/// far enough apart that a walker's boxes need not overlap. Not thread-safe.</remarks>
/// <param name="options">Null for the defaults.</param>
public sealed class PeopleTracker(TrackerOptions? options = null)
{
    private readonly TrackerOptions _options = options ?? new TrackerOptions();
    private readonly List<Walker> _walkers = [];
    private int _next = 1;

    /// <summary>Tracks that may still go on.</summary>
    public IReadOnlyList<int> Open => _walkers.ConvertAll(walker => walker.Track);

    /// <summary>Takes the next frame's detections.</summary>
    /// <param name="people">In one frame.</param>
    /// <returns>The track of each, in their order; numbers from 1, never given twice.</returns>
    public IReadOnlyList<int> Update(IReadOnlyList<Detection> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        var tracks = new int[people.Count];
        var pairs =
            from walker in _walkers
            from i in Enumerable.Range(0, people.Count)
            let distance = walker.Distance(people[i].Box)
            where distance <= _options.MostDistance && walker.Growth(people[i].Box) <= _options.MostGrowth
            orderby distance, walker.Track, i
            select (walker, i);
        HashSet<Walker> seen = [];
        foreach (var (walker, i) in pairs.ToArray())
        {
            if (tracks[i] == 0 && seen.Add(walker))
            {
                tracks[i] = walker.Track;
                walker.See(people[i].Box);
            }
        }

        foreach (var walker in _walkers.Where(walker => !seen.Contains(walker)))
        {
            walker.Miss();
        }

        _walkers.RemoveAll(walker => walker.Missed > _options.MostMissed);
        for (var i = 0; i < people.Count; i++)
        {
            if (tracks[i] == 0)
            {
                tracks[i] = _next++;
                _walkers.Add(new Walker(tracks[i], people[i].Box));
            }
        }

        return tracks;
    }

    private sealed class Walker(int track, Box box)
    {
        private double _x = Middle(box).X, _y = Middle(box).Y, _dx, _dy;
        private int _height = box.Height;

        public int Track { get; } = track;

        public int Missed { get; private set; }

        /// <summary>From where the person is expected, in body heights.</summary>
        public double Distance(Box box)
        {
            var (x, y) = Middle(box);
            var ahead = Missed + 1;
            return Math.Sqrt(Math.Pow(x - _x - (_dx * ahead), 2) + Math.Pow(y - _y - (_dy * ahead), 2)) / _height;
        }

        public double Growth(Box box) => (double)Math.Max(box.Height, _height) / Math.Min(box.Height, _height);

        public void See(Box box)
        {
            var (x, y) = Middle(box);
            var steps = Missed + 1;
            (_dx, _dy, _x, _y, _height, Missed) = ((x - _x) / steps, (y - _y) / steps, x, y, box.Height, 0);
        }

        public void Miss() => Missed++;

        private static (double X, double Y) Middle(Box box) => (box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0));
    }
}
