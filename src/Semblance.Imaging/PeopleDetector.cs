using System.Runtime.InteropServices;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>Finds standing and walking people: histograms of oriented gradients with a linear SVM, helped by motion where the camera stands still.</summary>
/// <remarks>
/// Dalal and Triggs, CVPR 2005, with the weights that OpenCV ships. Alone it takes lamp posts and tripods for people; a mask of what moves
/// (<see cref="BackgroundModel"/>) drops those, makes the search several times faster, and tightens each box to its person. Safe to share between threads.
/// </remarks>
public sealed class PeopleDetector : IDisposable
{
    /// <summary>The model's window, and where the person stands in it: its training pictures have 16 pixels of room on every side.</summary>
    private const int WindowWidth = 64, WindowHeight = 128, WindowRoom = 16;

    private readonly PeopleHandle _handle;

    /// <summary>Makes a detector.</summary>
    public PeopleDetector(PeopleDetectorOptions? options = null)
    {
        Options = options ?? new PeopleDetectorOptions();
        if (Native.PeopleCreate(out _handle) != 0)
        {
            throw new InvalidOperationException($"the people detector cannot be made: {Native.LastError}");
        }
    }

    /// <summary>The options given.</summary>
    public PeopleDetectorOptions Options { get; }

    /// <summary>People in a single picture, by their shape alone.</summary>
    /// <returns>By confidence, falling.</returns>
    public IReadOnlyList<Detection> Detect(Picture frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var found = Windows(frame, new Box(0, 0, frame.Width, frame.Height), Options.LeastMargin)
            .Select(window => Finished(PersonIn(window.Box), Confidence(window.Margin), frame));
        return Detection.Suppress(found.OfType<Detection>(), Options.MostOverlap);
    }

    /// <summary>People who move, or who stood still for less long than the background model remembers.</summary>
    /// <param name="frame">A frame of a camera that stands still.</param>
    /// <param name="moving">Same size, not 0 where something moves, from <see cref="BackgroundModel"/>.</param>
    /// <returns>By confidence, falling.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public IReadOnlyList<Detection> Detect(Picture frame, LabelMap moving)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(moving);
        if (moving.Width != frame.Width || moving.Height != frame.Height)
        {
            throw new ArgumentException($"motion of {moving.Width} x {moving.Height} for a frame of {frame.Width} x {frame.Height}, expected the same size", nameof(moving));
        }

        var blobs = Blobs.Of(moving);
        var found = new List<Detection>();
        foreach (var region in Regions(blobs, frame))
        {
            foreach (var (box, margin) in Windows(frame, region, Options.LeastMarginMoving))
            {
                var person = PersonIn(box);
                var share = MovingShare(moving, person);
                if (share >= Options.LeastMoving && Tightened(blobs, frame, person) is { } tight && Finished(tight, Confidence(margin), frame) is { } detection)
                {
                    found.Add(detection);
                }
            }
        }

        return Detection.Suppress(found, Options.MostOverlap);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Where people who belong to blobs can be: each blob with room for the model's window round it, those that overlap made one.</summary>
    private List<Box> Regions(Blobs blobs, Picture frame)
    {
        // A person half hidden, or cut in two by a pole, leaves smaller blobs.
        const double leastPart = 0.6;
        var regions = new List<Box>();
        foreach (var blob in blobs.Boxes.Where(blob => blob.Height >= leastPart * Options.LeastHeight))
        {
            var room = Math.Max(blob.Height / 3, 24);
            var region = new Box(blob.X - room, blob.Y - room, blob.Width + (2 * room), blob.Height + (2 * room)).ClippedTo(frame.Width, frame.Height)!.Value;
            while (regions.FindIndex(other => other.Overlap(region) > 0.3 * Math.Min(other.Area, region.Area)) is >= 0 and var near)
            {
                region = Joined(region, regions[near]);
                regions.RemoveAt(near);
            }

            regions.Add(region);
        }

        return regions;

        static Box Joined(Box a, Box b)
        {
            var (x, y) = (Math.Min(a.X, b.X), Math.Min(a.Y, b.Y));
            return new Box(x, y, Math.Max(a.Right, b.Right) - x, Math.Max(a.Bottom, b.Bottom) - y);
        }
    }

    /// <summary>The part of a window where the person stands.</summary>
    private static Box PersonIn(Box window)
    {
        var room = (int)Math.Round((double)WindowRoom / WindowHeight * window.Height);
        return new Box(window.X + room, window.Y + room, Math.Max(1, window.Width - (2 * room)), Math.Max(1, window.Height - (2 * room)));
    }

    private static double Confidence(double margin) => 1 / (1 + Math.Exp(-2 * margin));

    /// <summary>How much moves in the middle half of the box, where head, trunk and hips are: little between two people.</summary>
    private static double MovingShare(LabelMap moving, Box person)
    {
        var middle = new Box(person.X + (person.Width / 4), person.Y, Math.Max(1, person.Width / 2), person.Height);
        if (middle.ClippedTo(moving.Width, moving.Height) is not { } inside)
        {
            return 0;
        }

        var count = 0;
        for (var y = inside.Y; y < inside.Bottom; y++)
        {
            count += inside.Width - moving.Labels.AsSpan((y * moving.Width) + inside.X, inside.Width).Count((byte)0);
        }

        return count / (double)middle.Area;
    }

    /// <summary>The box that holds all but the outermost pixels of the one blob that fills most of the expected person; null when there is next to nothing.</summary>
    private static Box? Tightened(Blobs blobs, Picture frame, Box person)
    {
        if (person.Grown(0.15, 0.15).ClippedTo(frame.Width, frame.Height) is not { } area)
        {
            return null;
        }

        var pixels = new Dictionary<int, int>();
        for (var y = area.Y; y < area.Bottom; y++)
        {
            foreach (var number in blobs.Row(y, area.X, area.Width))
            {
                if (number != 0)
                {
                    pixels[number] = pixels.GetValueOrDefault(number) + 1;
                }
            }
        }

        if (pixels.Count == 0)
        {
            return null;
        }

        var most = pixels.MaxBy(pair => pair.Value).Key;
        var (columns, rows) = (new int[area.Width], new int[area.Height]);
        for (var y = 0; y < area.Height; y++)
        {
            var row = blobs.Row(area.Y + y, area.X, area.Width);
            for (var x = 0; x < row.Length; x++)
            {
                if (row[x] == most)
                {
                    columns[x]++;
                    rows[y]++;
                }
            }
        }

        var (across, down) = (Between(columns), Between(rows));
        return new Box(area.X + across.First, area.Y + down.First, across.Length, down.Length);

        // From where to where the counts lie, without the outermost hundredth at either end: specks.
        static (int First, int Length) Between(int[] counts)
        {
            var total = counts.Sum();
            var (first, last) = (0, counts.Length - 1);
            for (var seen = counts[first]; seen * 100 <= total; seen += counts[++first])
            {
            }

            for (var seen = counts[last]; seen * 100 <= total; seen += counts[--last])
            {
            }

            return (Math.Min(first, last), Math.Abs(last - first) + 1);
        }
    }

    /// <summary>Room round the person and a person's shape, or null for what has not got one.</summary>
    private Detection? Finished(Box box, double confidence, Picture frame)
    {
        if (box.Height < Options.LeastHeight || box.Height < Options.LeastAspect * box.Width)
        {
            return null;
        }

        var width = Math.Max(box.Width, (int)Math.Round(box.Height / Options.MostAspect));
        var shaped = new Box(box.X - ((width - box.Width) / 2), box.Y, width, box.Height).Grown(Options.Room, Options.Room);
        return shaped.ClippedTo(frame.Width, frame.Height) is { } inside && inside.Area >= 0.6 * shaped.Area ? new Detection(inside, confidence) : null;
    }

    /// <summary>All windows of a region whose margin is large enough, in pixels of the frame.</summary>
    private List<(Box Box, double Margin)> Windows(Picture frame, Box region, double leastMargin)
    {
        var enlarge = Options.Enlargement;
        var width = Math.Max(WindowWidth, (int)Math.Round(region.Width * enlarge));
        var height = Math.Max(WindowHeight, (int)Math.Round(region.Height * enlarge));
        var part = frame.Crop(region).Resize(width, height, Resampling.Bilinear);
        var room = 4096;
        while (true)
        {
            var values = new double[5 * room];
            if (Native.PeopleDetect(_handle, part.Rgb, width, height, leastMargin, Options.Stride, Options.Scale, values, room, out var count) != 0)
            {
                throw new InvalidOperationException($"people cannot be searched for in {width} x {height} pixels: {Native.LastError}");
            }

            if (count > room)
            {
                room = count;
                continue;
            }

            var (acrossBy, downBy) = ((double)region.Width / width, (double)region.Height / height);
            var windows = new List<(Box, double)>(count);
            foreach (var window in MemoryMarshal.Cast<double, Window>(values.AsSpan(0, 5 * count)))
            {
                var box = new Box(
                    region.X + (int)Math.Round(window.X * acrossBy),
                    region.Y + (int)Math.Round(window.Y * downBy),
                    Math.Max(1, (int)Math.Round(window.Width * acrossBy)),
                    Math.Max(1, (int)Math.Round(window.Height * downBy)));
                windows.Add((box, window.Margin));
            }

            return windows;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Window(double X, double Y, double Width, double Height, double Margin);
}
