using System.Security.Cryptography;

namespace Semblance.Training.Tests;

[Collection("libtorch")]
public sealed class KilledRunTests
{
    /// <summary>Many checkpoints, so that a kill may fall into the writing of one.</summary>
    internal static readonly string[] Settings = ["checkpoints.every=1", "stage_a.steps=15", "stage_b.steps=12"];

    [Fact]
    public async Task KilledAtARandomMomentAndResumedEndsWithTheSameWeights()
    {
        using var directory = new TemporaryDirectory();
        var undisturbed = Toy.Trainer().Train(Toy.Recipe(Settings), Path.Combine(directory.Path, "undisturbed"));
        var path = Path.Combine(directory.Path, "killed");
        using (var child = ChildProcess.Train(path))
        {
            while (!child.HasExited && !File.Exists(Path.Combine(path, "model", "model.json")) && (!Directory.Exists(Path.Combine(path, "checkpoints")) || Directory.GetFiles(Path.Combine(path, "checkpoints"), "*.safetensors").Length == 0))
            {
                await Task.Delay(5);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(0, 500));
            child.Kill();    // SIGKILL: nothing of the child runs any more
            await child.WaitForExitAsync();
        }

        var killed = Toy.Trainer().Train(Toy.Recipe(Settings), path, resume: true);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(killed));
        Assert.Equal(
            undisturbed.ReadMetrics().Select(line => (line["step"]!.ToString(), line["loss"]!.ToString())),
            killed.ReadMetrics().Select(line => (line["step"]!.ToString(), line["loss"]!.ToString())));
    }
}
