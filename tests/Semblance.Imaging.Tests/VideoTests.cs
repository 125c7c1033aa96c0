using Semblance.Core;

namespace Semblance.Imaging.Tests;

public sealed class VideoTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semblance-video-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void FramesComeInOrderWithTheirTimes()
    {
        var frames = Enumerable.Range(0, 12).Select(i => Level(20 * i)).ToList();
        using var video = VideoReader.Open(Write(Avi.Film(frames, framesPerSecond: 10)));
        Assert.Equal((64, 48), (video.Width, video.Height));
        Assert.Equal(10, video.FramesPerSecond!.Value, 6);
        Assert.Equal(12, video.DeclaredFrames);
        var read = video.Frames().ToList();
        Assert.Equal(12, read.Count);
        for (var i = 0; i < read.Count; i++)
        {
            Assert.Equal(i, read[i].Index);
            Assert.Equal(0.1 * i, read[i].Time.TotalSeconds, 3);
            Assert.InRange(Pictures.WorstDifference(frames[i], read[i].Picture), 0, 4);
        }

        Assert.Empty(video.Frames());
    }

    [Fact]
    public void EveryThirdFrameKeepsItsIndexAndTime()
    {
        using var video = VideoReader.Open(Write(Avi.Film([.. Enumerable.Range(0, 8).Select(i => Level(30 * i))], framesPerSecond: 4)));
        var read = video.Frames(every: 3).ToList();
        Assert.Equal([0L, 3, 6], read.Select(frame => frame.Index));
        Assert.Equal([0, 0.75, 1.5], read.Select(frame => Math.Round(frame.Time.TotalSeconds, 3)));
        Assert.InRange(Pictures.WorstDifference(Level(180), read[2].Picture), 0, 4);
    }

    [Fact]
    public void AFileThatIsNoVideoSaysWhatItIs()
    {
        Assert.Contains("0 bytes", Refusal([]));
        Assert.Contains("JPEG", Refusal(Pictures.Busy(8, 8).EncodeJpeg()));
        Assert.Contains("PNG", Refusal(Pictures.Busy(8, 8).EncodePng()));
        Assert.Contains("text", Refusal("#EXTM3U\nhttp://elsewhere/film.ts\n"u8.ToArray()));
        Assert.Contains("no video", Refusal(Pictures.Noise(20, 20, seed: 1).Rgb));
        Assert.Throws<FileNotFoundException>(() => VideoReader.Open(Path.Combine(_folder.FullName, "absent.avi")));
    }

    [Fact]
    public void ATruncatedVideoGivesItsFirstFramesOrAnErrorButNeverHangs()
    {
        var film = Avi.Film([.. Enumerable.Range(0, 10).Select(i => Level(20 * i))], framesPerSecond: 10);
        for (var share = 1; share < 10; share++)
        {
            try
            {
                using var video = VideoReader.Open(Write(film[..(film.Length * share / 10)]));
                Assert.InRange(video.Frames().Count(), 0, 10);
            }
            catch (SemblanceFormatException error)
            {
                Assert.Contains(".avi", error.Message);
            }
        }
    }

    [Fact]
    public void LimitsHold()
    {
        var path = Write(Avi.Film([.. Enumerable.Range(0, 6).Select(i => Level(20 * i))], framesPerSecond: 10));
        Assert.Contains("64 x 48", Assert.Throws<SemblanceFormatException>(() => VideoReader.Open(path, new() { MaxPixels = 64 * 47 })).Message);
        using var video = VideoReader.Open(path, new() { MaxFrames = 4 });
        Assert.Contains("more than 4 frames", Assert.Throws<SemblanceFormatException>(() => video.Frames().Count()).Message);
        video.Dispose();
        Assert.Throws<ObjectDisposedException>(() => video.Frames().Count());
    }

    private static Picture Level(int value) => new(64, 48, [.. Enumerable.Repeat((byte)value, 3 * 64 * 48)]);

    private string Refusal(byte[] bytes) => Assert.Throws<SemblanceFormatException>(() => VideoReader.Open(Write(bytes))).Message;

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.avi");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
