using Semblance.Data;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

[Collection("libtorch")]
public sealed class ReproductionTests
{
    [Fact]
    public void EveryRowIsTrainedMeasuredAndNotDoneTwice()
    {
        using var directory = new TemporaryDirectory();
        var recipe = Path.Combine(directory.Path, "shared.yaml");
        File.WriteAllText(recipe, RecipeFile.Write(Toy.Recipe("stage_a.steps=2", "stage_b.steps=2", "log_every=1")));
        var table = ReproductionTable.MmetTable2 with { Rows = [ReproductionTable.MmetTable2.Rows[1], ReproductionTable.MmetTable2.Rows[2]] };
        Reproduction Again() => new(table, recipe, Toy.People(6, split: Split.Test), open: _ => [Toy.People()]);
        var output = Path.Combine(directory.Path, "out");
        var results = Again().Run(output, [1, 2]);
        var rows = results["rows"]!.AsArray();
        Assert.Equal(["mlm", "mmm"], rows.Select(row => (string)row!["row"]!));
        var map = rows[1]!["tasks"]!["within-pair"]!["map"]!;
        Assert.Equal(2, map["values"]!.AsArray().Count);
        Assert.InRange((double)map["mean"]!, 0.01, 1);
        Assert.Contains("MMET with MLM", File.ReadAllText(Path.Combine(output, "results.md")), StringComparison.Ordinal);
        var before = File.GetLastWriteTimeUtc(Path.Combine(output, "mmm-seed2", "result.json"));
        Assert.Equal(results["rows"]!.ToJsonString(), Again().Run(output, [1, 2])["rows"]!.ToJsonString());
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(output, "mmm-seed2", "result.json")));
    }

    [Fact]
    public void SpreadIsTheSampleDeviation()
    {
        Assert.Equal((2, 1), Reproduction.Spread([1, 2, 3]));
        Assert.Equal((4, 0), Reproduction.Spread([4]));
    }

    [Fact]
    public void RowsChangeWhatTheySayAndNothingElse()
    {
        var shared = Toy.Recipe();
        foreach (var row in ReproductionTable.All.SelectMany(table => table.Rows))
        {
            var changed = RecipeFile.Differences(shared, RecipeFile.Parse(RecipeFile.Write(shared), "row", row.Settings).Recipe).Select(row => row.Path).ToList();
            var said = row.Settings.Select(setting => setting.Split('=')[0]).ToList();
            Assert.All(changed, path => Assert.Contains(said, setting => path.StartsWith(setting, StringComparison.Ordinal)));
        }
    }
}
