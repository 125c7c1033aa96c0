namespace Semblance.Cli.Tests;

public sealed class DataVerbTests(Workshop workshop)
{
    [Fact]
    public void AWorldIsRecognisedAndSound()
    {
        var found = SemblanceProgram.Run("data", "check", workshop.World, "--json").Json();

        Assert.Equal(("market1501", true), (found.GetProperty("layout").GetString(), found.GetProperty("sound").GetBoolean()));
        Assert.Empty(found.GetProperty("problems").EnumerateArray());
        Assert.True(found.GetProperty("counts").GetProperty("train images").GetInt32() > 0);
        Assert.Contains("Nothing is wrong.", SemblanceProgram.Run("data", "check", workshop.World).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatIsWrongAndWhatToDoWithExitCode3()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(workshop.World, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, folder.File(Path.GetRelativePath(workshop.World, file)));
        }

        var picture = Directory.GetFiles(Path.Combine(folder.Root, "query")).Order(StringComparer.Ordinal).First();
        File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..100]);

        var said = SemblanceProgram.Run("data", "check", folder.Root);
        Assert.Equal(3, said.Code);
        Assert.Contains("Damaged: 1. To do: replace these files", said.Output, StringComparison.Ordinal);
        Assert.Contains($"query/{Path.GetFileName(picture)}", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 problems.", said.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownLayoutListsAllThatThereAre() =>
        SemblanceProgram.Run("data", "check", workshop.World, "--layout", "rstp").Refused(2, "unknown layout \"rstp\"", string.Join(", ", Data.DataLayout.Names));

    [Fact]
    public void AFolderThatIsNotThereIsNamed() => SemblanceProgram.Run("data", "check", workshop.World + "-none").Refused(2, "-none is no folder");
}
