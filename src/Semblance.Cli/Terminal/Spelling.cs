namespace Semblance.Cli.Terminal;

/// <summary>How a person calls this program here, so that what help and hints print can be copied: <c>./run semblance</c> where that is the door, <c>semblance</c> where it is installed.</summary>
internal static class Spelling
{
    /// <summary>What <c>./run</c> sets.</summary>
    private const string Variable = "SEMBLANCE_CALLED";

    private const string Name = "semblance";

    public static string Program { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } called ? called : Name;

    /// <param name="commandLine">A whole command line that begins with <c>semblance</c>.</param>
    public static string Of(string commandLine) => commandLine.StartsWith(Name + " ", StringComparison.Ordinal) ? Program + commandLine[Name.Length..] : commandLine;
}
