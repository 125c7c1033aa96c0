namespace Semblance.Training.Tests;

public sealed class ResultsPageTests
{
    [Fact]
    public void ASectionIsAddedOnceAndReplacedInPlace()
    {
        using var directory = new TemporaryDirectory();
        var page = Path.Combine(directory.Path, "results.md");
        ResultsPage.Put(page, "First", "make first", "one\n");
        ResultsPage.Put(page, "Second", "make second", "two\n");
        var both = File.ReadAllText(page);
        Assert.Equal(
            "# Results\n\nEach section was written by the command that it names; run again, it takes the place of the old one.\n\n"
            + "## First\n\n`make first`\n\none\n\n## Second\n\n`make second`\n\ntwo\n",
            both);
        ResultsPage.Put(page, "First", "make first", "three\n");
        Assert.Equal(both.Replace("\n\none\n", "\n\nthree\n", StringComparison.Ordinal), File.ReadAllText(page));
        ResultsPage.Put(page, "Second", "make second", "four\n");
        Assert.EndsWith("## Second\n\n`make second`\n\nfour\n", File.ReadAllText(page), StringComparison.Ordinal);
    }
}
