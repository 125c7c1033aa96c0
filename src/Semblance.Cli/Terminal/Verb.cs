using System.CommandLine;

namespace Semblance.Cli.Terminal;

/// <summary>A verb that shows in its help how a person would call it.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines, ready to be copied.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
