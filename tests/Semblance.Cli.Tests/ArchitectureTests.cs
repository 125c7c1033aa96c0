using System.Xml.Linq;

namespace Semblance.Cli.Tests;

/// <summary>The plan of the house (docs/architecture.md) as a test: a new arrow between projects is a decision, not an accident.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Core"] = [],
        ["Evaluation"] = ["Core"],
        ["Gallery"] = ["Core"],
        ["Imaging"] = ["Core"],
        ["Text"] = ["Core"],
        ["Data"] = ["Imaging", "Text"],
        ["Synthesis"] = ["Data"],
        ["Tensors"] = ["Core"],
        ["Models"] = ["Tensors", "Imaging", "Text"],
        ["Training"] = ["Models", "Data", "Evaluation", "Synthesis"],
        ["Explanation"] = ["Models"],
        ["Filing"] = ["Data", "Gallery", "Models"],
        ["Server"] = ["Explanation", "Filing", "Gallery", "Models"],
        ["Cli"] = ["Training", "Synthesis", "Filing", "Gallery", "Explanation", "Server"],
    };

    [Fact]
    public void EveryArrowBetweenProjectsIsInThePlan()
    {
        var projects = Directory.GetFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories);
        var found = projects.ToDictionary(
            path => Path.GetFileNameWithoutExtension(path)["Semblance.".Length..],
            path => XDocument.Load(path).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))["Semblance.".Length..])
                .Order().ToArray());

        Assert.Equal(Arrows.Keys.Order(), found.Keys.Order());
        Assert.All(found, project => Assert.Equal(Arrows[project.Key].Order(), project.Value));
    }

    [Theory, InlineData("Core"), InlineData("Evaluation"), InlineData("Gallery")]
    public void SearchAndMeasurementKnowNoTensor(string project) => Assert.DoesNotContain("Tensors", Reached(project));

    [Fact]
    public void OnlyTheTwoEnginesCallNativeCode()
    {
        // BlasChoice sets a variable of the process before either engine is loaded, so it stands below both.
        var callers = Directory.GetFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path) is var text && (text.Contains("[LibraryImport", StringComparison.Ordinal) || text.Contains("[DllImport", StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Path.Combine(Root(), "src"), path));

        Assert.All(callers, path => Assert.Matches(@"\ASemblance\.((Tensors|Imaging)/Interop/|Core/BlasChoice\.cs)", path));
    }

    private static HashSet<string> Reached(string project) => [project, .. Arrows[project].SelectMany(Reached)];

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Semblance.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no folder above the tests holds Semblance.slnx");
        }

        return folder;
    }
}
