using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Data;
using Semblance.Gallery;
using Semblance.Imaging;

namespace Semblance.Cli.Galleries;

/// <summary>Files whole sources in a gallery. A bad picture becomes a problem with its reason; the rest goes on.</summary>
internal static class Filing
{
    /// <summary>The gallery and test splits of a data set without junk; all of it when it has neither.</summary>
    public static IReadOnlyList<FilingProblem> Dataset(EncodedGallery gallery, PersonDataset dataset, WorkProgress progress, CancellationToken cancellation)
    {
        var records = dataset.Records.Where(record => record.Split is Split.Gallery or Split.Test && record.Role != Role.Junk).ToArray();
        if (records.Length == 0)
        {
            records = [.. dataset.Records];
        }

        List<FilingProblem> problems = [.. dataset.Report.Problems.Select(problem => new FilingProblem(problem.Path, $"{problem.Path}: {problem.Reason}"))];
        for (var i = 0; i < records.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = records[i];
            try
            {
                var picture = dataset.Pictures.LoadPicture(record);
                gallery.Add(
                    new GalleryItem
                    {
                        Id = record.ImagePath,
                        Source = record.ImagePath,
                        Camera = record.Camera?.ToString(),
                        Identity = record.Role == Role.Person && dataset.Key != ImageFolder.Key ? record.RawId : null,
                    },
                    picture);
            }
            catch (SemblanceFormatException e)
            {
                problems.Add(new FilingProblem(record.ImagePath, e.Message));
            }

            progress.Report(i + 1, records.Length);
        }

        return problems;
    }

    /// <summary>The people found in a video, each detection a sighting with its frame, time and box.</summary>
    public static IReadOnlyList<FilingProblem> Video(EncodedGallery gallery, string path, WorkProgress progress, CancellationToken cancellation, FootageOptions? options = null)
    {
        long total;
        using (var video = VideoReader.Open(path))
        {
            total = video.DeclaredFrames ?? 0;
        }

        var name = Path.GetFileName(path);
        foreach (var (frame, people) in Footage.People(path, options))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < people.Count; i++)
            {
                var box = people[i].Box;
                gallery.Add(
                    new GalleryItem
                    {
                        Id = $"{name}#{frame.Index:D6}-{i + 1}",
                        Source = name,
                        Frame = (int)frame.Index,
                        Time = frame.Time,
                        Box = new GalleryBox(box.X, box.Y, box.Width, box.Height),
                    },
                    frame.Picture.Crop(box));
            }

            progress.Report(frame.Index + 1, Math.Max(total, frame.Index + 1), $"{gallery.Count} people");
        }

        return [];
    }
}
