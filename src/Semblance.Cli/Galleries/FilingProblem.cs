namespace Semblance.Cli.Galleries;

/// <summary>A picture that could not be filed, and why.</summary>
internal sealed record FilingProblem(string Path, string Reason);
