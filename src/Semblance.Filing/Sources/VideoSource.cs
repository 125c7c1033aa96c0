using Semblance.Gallery;
using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Filing.Sources;

/// <summary>A video of a camera that stands still. Who walks through it is one track, kept with its best pictures, spread over the walk.</summary>
internal sealed class VideoSource : IFilingSource
{
    private readonly FilingSettings _settings;

    public VideoSource(FilingSettings settings)
    {
        _settings = settings;

        // What is no video is refused before a job is made of it.
        using var video = VideoReader.Open(settings.Path);
    }

    public IReadOnlyList<(string Path, string Reason)> Problems => [];

    public IEnumerable<string> Items() => [_settings.Path];

    public IEnumerable<FoundPerson> Open(string item, CancellationToken cancellation)
    {
        var name = $"{Path.GetFileName(_settings.Path)}~{ContentMark.OfFile(item)}";
        var tracker = new PeopleTracker();
        Dictionary<int, List<Crop>> walks = [];
        foreach (var (frame, people) in Footage.People(item, new FootageOptions { Every = _settings.Every }))
        {
            cancellation.ThrowIfCancellationRequested();
            var tracks = tracker.Update(people);
            for (var i = 0; i < people.Count; i++)
            {
                if (!walks.TryGetValue(tracks[i], out var walk))
                {
                    walks[tracks[i]] = walk = [];
                }

                walk.Add(new Crop(frame.Index, frame.Time, people[i], frame.Picture.Crop(people[i].Box)));
            }

            foreach (var over in walks.Keys.Except(tracker.Open).ToArray())
            {
                foreach (var person in Best(name, over, walks[over]))
                {
                    yield return person;
                }

                walks.Remove(over);
            }
        }

        foreach (var (track, walk) in walks.OrderBy(walk => walk.Key))
        {
            foreach (var person in Best(name, track, walk))
            {
                yield return person;
            }
        }
    }

    public void Dispose()
    {
    }

    /// <summary>The surest and largest detection of each part of the walk.</summary>
    private IEnumerable<FoundPerson> Best(string name, int track, List<Crop> walk)
    {
        var parts = Math.Min(_settings.PicturesPerTrack, walk.Count);
        var file = Path.GetFileName(_settings.Path);
        for (var part = 0; part < parts; part++)
        {
            var best = walk.GetRange(part * walk.Count / parts, ((part + 1) * walk.Count / parts) - (part * walk.Count / parts)).MaxBy(crop => crop.Found.Confidence * Math.Sqrt(crop.Found.Box.Area))!;
            var box = best.Found.Box;
            yield return new FoundPerson(
                new StoredSighting
                {
                    Key = $"{name}#{best.Frame:D6}-{track}",
                    Picture = "",
                    Source = file,
                    Camera = _settings.Camera ?? file,
                    Taken = _settings.Taken + best.Time,
                    Track = $"{name}#{track}",
                    Frame = best.Frame,
                    Time = best.Time,
                    Box = new GalleryBox(box.X, box.Y, box.Width, box.Height),
                },
                best.Picture);
        }
    }

    private sealed record Crop(long Frame, TimeSpan Time, Detection Found, Picture Picture);
}
