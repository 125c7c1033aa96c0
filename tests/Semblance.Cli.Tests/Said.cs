using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>What the program said, and its exit code.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">All of stdout: results.</param>
/// <param name="Errors">All of stderr: progress, warnings, errors.</param>
public sealed record Said(int Code, string Output, string Errors)
{
    /// <summary>Itself, once it is sure that the work was done.</summary>
    public Said Done()
    {
        Assert.True(Code == 0, $"exit code {Code}\n{Errors}\n{Output}");
        return this;
    }

    /// <summary>The one JSON object on stdout.</summary>
    public JsonElement Json()
    {
        Done();
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    /// <summary>Sure that it was refused as a person would want: the code, nothing on stdout, a message with these parts and without a stack trace.</summary>
    public void Refused(int code, params string[] parts)
    {
        Assert.True(code == Code, $"exit code {Code}, expected {code}\n{Errors}\n{Output}");
        Assert.Empty(Output);
        Assert.Contains("semblance: ", Errors, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, Errors, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", Errors, StringComparison.Ordinal);
    }
}
