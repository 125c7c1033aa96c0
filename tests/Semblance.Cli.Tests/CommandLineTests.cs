namespace Semblance.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("quickstart")]
    [InlineData("world make")]
    [InlineData("world list")]
    [InlineData("data check")]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("gallery build")]
    [InlineData("search")]
    [InlineData("explain")]
    [InlineData("import")]
    [InlineData("reproduce")]
    public void TheHelpOfEveryVerbEndsWithAnExampleThatItWouldTake(string verb)
    {
        var help = SemblanceProgram.Run([.. verb.Split(' '), "--help"]).Done().Output;

        var examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.StartsWith($"semblance {verb}", example, StringComparison.Ordinal);
            Assert.Empty(CommandLine.Root().Parse(example["semblance ".Length..]).Errors);
        });
    }

    [Fact]
    public void OffersTheVerbThatWasMeant() => SemblanceProgram.Run("evla", "run").Refused(2, "no verb \"evla\"", "did you mean \"eval\"", "gallery", "see semblance --help");

    [Fact]
    public void OffersTheVerbOfAGroupThatWasMeant() => SemblanceProgram.Run("world", "mke", "somewhere").Refused(2, "no verb \"mke\"", "did you mean \"make\"", "see semblance world --help");

    [Fact]
    public void ListsTheVerbsWhenThereIsNone() => SemblanceProgram.Run().Refused(2, "which verb?", "quickstart", "search", "see semblance --help");

    [Fact]
    public void TheProgramsOwnHelpTellsFirstStepsAndExitCodesAsTheyAreTypedHere()
    {
        var help = SemblanceProgram.Run(new Dictionary<string, string> { ["SEMBLANCE_CALLED"] = "./run semblance" }, "--help").Done().Output;
        Assert.Contains("  ./run semblance gallery build recipes/world-start-fine --images photos", help, StringComparison.Ordinal);
        Assert.Contains("130 interrupted", help, StringComparison.Ordinal);
        Assert.Contains("semblance gallery switch", SemblanceProgram.Run("gallery", "--help").Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--taken", "yesterday", "a time such as 2026-05-01T08:30:00Z", "gallery file out")]
    [InlineData("--sighting", "abc", "a whole number", "gallery erase out")]
    [InlineData("--days", "soon", "a number", "keys make out --name x")]
    public void SaysWhatKindOfValueAnOptionTakes(string option, string value, string expected, string verb) =>
        SemblanceProgram.Run([.. verb.Split(' '), option, value]).Refused(2, $"{option} is \"{value}\", expected {expected}");

    [Fact]
    public void OffersTheOptionThatWasMeant() => SemblanceProgram.Run("search", "gallery", "--txt", "a man").Refused(2, "no option \"--txt\"", "did you mean \"--text\"", "see semblance search --help");

    [Fact]
    public void SaysWhatAMissingOptionIs() => SemblanceProgram.Run("eval", "run").Refused(2, "--data", "Root of the data set", "--layout", "--task");

    [Fact]
    public void SaysWhatAMissingArgumentIs() => SemblanceProgram.Run("search", "--text", "a man").Refused(2, "GALLERY", "its folder");

    [Fact]
    public void SaysWhatAValueShouldBe()
    {
        SemblanceProgram.Run("world", "make", "somewhere", "--domain", "plaza", "--seed", "abc").Refused(2, "--seed is \"abc\"", "expected a whole number");
        SemblanceProgram.Run("search", "gallery", "--text", "a man", "--weight", "half").Refused(2, "--weight is \"half\"", "expected a number");
    }
}
