using Semblance.Training.Recipes;

namespace Semblance.Training.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder(), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryRecipeIsValidAndItsHeaderSaysHowItIsRun(string name)
    {
        var path = Path.Combine(Folder(), name);
        Assert.Equal(Path.GetFileNameWithoutExtension(name), RecipeFile.Read(path).Recipe.Name);
        var header = File.ReadLines(path).TakeWhile(line => line.StartsWith('#')).ToList();
        foreach (var entry in new[] { "command:", "machine:", "time:", "expected:", "measured:" })
        {
            Assert.Contains(header, line => line.Contains(entry, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void QuickstartNeverSeesTheUnseenDomain() =>
        Assert.DoesNotContain("snow", RecipeFile.Read(Path.Combine(Folder(), "quickstart.yaml")).Recipe.Data.Sources.SelectMany(source => source.World!.Domains));

    internal static string Folder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Semblance.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no folder above the tests holds Semblance.slnx");
        }

        return Path.Combine(folder, "recipes");
    }
}
