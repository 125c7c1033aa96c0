namespace Semblance.Training.Tests;

public sealed class SourceCommitTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("HEAD", Hash)]
    [InlineData("refs/heads/main", "loose")]
    [InlineData("refs/heads/main", "packed")]
    public void CommitIsReadFromACheckout(string head, string where)
    {
        using var directory = new TemporaryDirectory();
        var git = Path.Combine(directory.Path, ".git");
        Directory.CreateDirectory(Path.Combine(git, "refs/heads"));
        File.WriteAllText(Path.Combine(git, "HEAD"), head == "HEAD" ? Hash + "\n" : $"ref: {head}\n");
        File.WriteAllText(where == "loose" ? Path.Combine(git, head) : Path.Combine(git, "packed-refs"), where == "loose" ? Hash + "\n" : $"# pack-refs\n{Hash} {head}\n");
        var inside = Directory.CreateDirectory(Path.Combine(directory.Path, "a/b")).FullName;
        Assert.Equal(Hash, SourceCommit.Find(inside));
    }

    [Fact]
    public void LinkedCheckoutFollowsItsFile()
    {
        using var directory = new TemporaryDirectory();
        var linked = Path.Combine(directory.Path, "main/.git/worktrees/linked");
        Directory.CreateDirectory(linked);
        Directory.CreateDirectory(Path.Combine(directory.Path, "main/.git/refs/heads"));
        File.WriteAllText(Path.Combine(linked, "HEAD"), "ref: refs/heads/side\n");
        File.WriteAllText(Path.Combine(linked, "commondir"), "../..\n");
        File.WriteAllText(Path.Combine(directory.Path, "main/.git/refs/heads/side"), Hash + "\n");
        var checkout = Directory.CreateDirectory(Path.Combine(directory.Path, "linked")).FullName;
        File.WriteAllText(Path.Combine(checkout, ".git"), $"gitdir: {linked}\n");
        Assert.Equal(Hash, SourceCommit.Find(checkout));
    }
}
