using Semblance.Data;
using Semblance.Training.Recipes;
using Semblance.Training.Tests.Recipes;

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
        var targets = new Dictionary<string, PersonDataset> { ["cuhk-pedes"] = Toy.People(6, split: Split.Test) };
        Reproduction Again() => new(table, recipe, targets, ["vocabulary.size=250"], open: _ => [Toy.People()]);
        var output = Path.Combine(directory.Path, "out");
        var results = Again().Run(output, [1, 2]);
        var rows = results["rows"]!.AsArray();
        Assert.Equal(["mlm", "mmm"], rows.Select(row => (string)row!["row"]!));
        var map = rows[1]!["targets"]!["cuhk-pedes"]!["within-pair"]!["map"]!;
        Assert.Equal(2, map["values"]!.AsArray().Count);
        Assert.InRange((double)map["mean"]!, 0.01, 1);
        Assert.Equal(250, Run.Open(Path.Combine(output, "mmm-seed1")).ReadRecipe().Vocabulary.Size);
        var page = File.ReadAllText(Path.Combine(output, "results.md"));
        Assert.Contains("MMET with MLM", page, StringComparison.Ordinal);
        Assert.Matches(@"MMET with MMM: both \| cuhk-pedes \| within-pair \| [0-9.]+ ± [0-9.]+ \(25\.6\)", page);
        Assert.DoesNotMatch(@"within-text \| [0-9.]+ ± [0-9.]+ \([0-9.]+\) .*MMET with MMM", page);
        var before = File.GetLastWriteTimeUtc(Path.Combine(output, "mmm-seed2", "result.json"));
        Assert.Equal(results["rows"]!.ToJsonString(), Again().Run(output, [1, 2])["rows"]!.ToJsonString());
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(output, "mmm-seed2", "result.json")));

        // Other settings are another experiment, which must not be told by these figures; another target is measured with the same runs.
        var changed = Assert.Throws<ResumeException>(() => new Reproduction(table, recipe, targets, ["vocabulary.size=260"], open: _ => [Toy.People()]).Run(output, [1]));
        Assert.Contains("vocabulary.size", changed.Message, StringComparison.Ordinal);
        var elsewhere = new Dictionary<string, PersonDataset> { ["icfg-pedes"] = Toy.People(5, split: Split.Test) };
        var other = new Reproduction(table, recipe, elsewhere, ["vocabulary.size=250"], open: _ => [Toy.People()]).Run(output, [1]);
        Assert.NotNull(other["rows"]![1]!["targets"]!["icfg-pedes"]);
        Assert.Contains("| the paper: mAP / rank-1 / rank-5 |", File.ReadAllText(Path.Combine(output, "results.md")), StringComparison.Ordinal);
        Assert.Contains("cuhk-pedes 25.6 / 38.8 / 50.4", File.ReadAllText(Path.Combine(output, "results.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void SpreadIsTheSampleDeviation()
    {
        Assert.Equal((2, 1), Reproduction.Spread([1, 2, 3]));
        Assert.Equal((4, 0), Reproduction.Spread([4]));
    }

    [Fact]
    public void EveryTableNamesLayoutsThatCanBeRead() =>
        Assert.All(ReproductionTable.All, table => Assert.Subset(
            DataLayout.Names.ToHashSet(StringComparer.Ordinal),
            table.Rows.SelectMany(row => row.Paper.Keys).Concat(table.Targets).Append(table.SourceLayout).ToHashSet(StringComparer.Ordinal)));

    [Fact]
    public void RowsChangeWhatTheySayAndNothingElse()
    {
        foreach (var table in ReproductionTable.All)
        {
            foreach (var path in new[] { table.WorldRecipe, table.RealRecipe }.Select(name => Path.Combine(ShippedRecipesTests.Folder(), name)))
            {
                var shared = RecipeFile.Read(path).Recipe;
                foreach (var row in table.Rows)
                {
                    var changed = RecipeFile.Differences(shared, RecipeFile.Read(path, row.Settings).Recipe).Select(difference => difference.Path).ToList();
                    var said = row.Settings.Select(setting => setting.Split('=')[0]).ToList();
                    Assert.All(changed, key => Assert.Contains(said, setting => key.StartsWith(setting, StringComparison.Ordinal)));
                }
            }
        }
    }
}
