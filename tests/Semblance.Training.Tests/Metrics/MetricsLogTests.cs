using Semblance.Training.Metrics;

namespace Semblance.Training.Tests.Metrics;

public sealed class MetricsLogTests
{
    [Fact]
    public void GoingOnDropsWhatCameAfterTheCheckpointAndATornLine()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "metrics.jsonl");
        using (var log = new MetricsLog(path, afterStep: 0))
        {
            foreach (var step in new[] { 10, 20, 30 })
            {
                log.Write(new() { ["step"] = step, ["loss"] = step / 10.0 });
            }
        }

        File.AppendAllText(path, "{\"step\":40,\"lo");
        using (var log = new MetricsLog(path, afterStep: 20))
        {
            log.Write(new() { ["step"] = 30, ["loss"] = 7 });
        }

        Assert.Equal("{\"step\":10,\"loss\":1}\n{\"step\":20,\"loss\":2}\n{\"step\":30,\"loss\":7}\n", File.ReadAllText(path));
    }

    [Fact]
    public void StartingAnewForgetsTheOldLog()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "metrics.jsonl");
        File.WriteAllText(path, "{\"step\":10}\n");
        new MetricsLog(path, afterStep: 0).Dispose();
        Assert.Empty(File.ReadAllText(path));
    }
}
