namespace Semblance.Cli.Tests;

public sealed class TransferVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RunsThatDifferInTheSeedAreOneRow()
    {
        var (twin, other) = (Copy("twin", "\"seed\": 1", "\"seed\": 2"), Copy("other", "\"triplet_margin\": ", "\"triplet_margin\": 1"));
        var matrix = Transfer(workshop.Run, twin, other, "--task", "text-to-image", "--json").Json();

        var rows = matrix.GetProperty("rows");
        Assert.Equal(2, rows.GetArrayLength());
        Assert.Equal(2, rows[0].GetProperty("seeds").GetArrayLength());
        var rank1 = rows[0].GetProperty("targets").GetProperty("market1501").GetProperty("rank1");
        Assert.Equal(0, rank1.GetProperty("deviation").GetDouble());
        Assert.Equal(rank1.GetProperty("mean").GetDouble(), SemblanceProgram.Run("eval", workshop.Run, "--data", workshop.World, "--layout", "market1501", "--task", "text-to-image", "--json").Json().GetProperty("rank1").GetDouble());
    }

    [Fact]
    public void PrintsAndRecordsATable()
    {
        var page = Path.Combine(_folder.Root, "results.md");
        var said = Transfer(workshop.Run, "--record", page).Done();

        Assert.Contains("| learnt from | seeds | market1501 rank-1 | market1501 mAP |", said.Output, StringComparison.Ordinal);
        Assert.Contains("## Transfer, image", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesATargetWithoutALayout() => SemblanceProgram.Run("transfer", workshop.Run, "--target", workshop.World).Refused(2, "expected LAYOUT=DIR");

    [Fact]
    public void SaysWhichDirectoryHoldsNoRunBeforeItMeasures() => Transfer(workshop.Run, _folder.Root).Refused(2, _folder.Root, "holds no run");

    private Said Transfer(params string[] arguments) => SemblanceProgram.Run(["transfer", .. arguments, "--target", $"market1501={workshop.World}"]);

    private string Copy(string name, string from, string to)
    {
        var copy = Path.Combine(_folder.Root, name);
        foreach (var file in Directory.GetFiles(workshop.Run, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(workshop.Run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var record = Path.Combine(copy, "run.json");
        var text = File.ReadAllText(record);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(record, text.Replace(from, to, StringComparison.Ordinal));
        return copy;
    }
}
