using System.CommandLine;
using Semblance.Data;

namespace Semblance.Cli.Terminal;

/// <summary>The one option by which a person accepts a data set that its publisher has withdrawn.</summary>
internal static class Withdrawn
{
    public static Option<string[]> Option() => new("--accept-withdrawn")
    {
        Description = $"Opens a data set that its publisher has withdrawn: {DukeMtmc.Key}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Options for opening with what was accepted.</summary>
    public static DatasetOptions Accepted(this ParseResult parsed, Option<string[]> option) => new() { AcceptWithdrawn = parsed.GetValue(option) ?? [] };
}
