using Semblance.Core;

namespace Semblance.Tensors.Layers;

/// <summary>A state dict does not fit the module it was loaded into: usually a checkpoint of another architecture. Lists every difference.</summary>
public sealed class StateDictException : Exception
{
    /// <param name="module">The module's type.</param>
    /// <param name="missing">Names that the module has and the dictionary has not.</param>
    /// <param name="unexpected">Names that only the dictionary has.</param>
    /// <param name="misshapen">Names of both whose shapes differ.</param>
    public StateDictException(
        string module, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<(string Name, long[] Found, long[] Expected)> misshapen)
        : base(Describe(module, missing, unexpected, misshapen))
    {
        Missing = missing;
        Unexpected = unexpected;
        Misshapen = misshapen;
    }

    /// <summary>Names that the module has and the dictionary has not.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names that only the dictionary has.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Names of both whose shapes differ.</summary>
    public IReadOnlyList<(string Name, long[] Found, long[] Expected)> Misshapen { get; }

    private static string Describe(
        string module, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<(string Name, long[] Found, long[] Expected)> misshapen)
    {
        string[] parts =
        [
            Part("missing", missing),
            Part("unexpected", unexpected.Select(name => name + Suggestion.DidYouMean(name, missing))),
            Part("of another shape", misshapen.Select(item => $"{item.Name} is [{string.Join(", ", item.Found)}], expected [{string.Join(", ", item.Expected)}]")),
        ];
        return $"the state dict does not fit {module}: {string.Join("; ", parts.Where(part => part.Length > 0))}. Load a checkpoint of the same architecture and sizes.";
    }

    private static string Part(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? "" : $"{all.Length} {what} ({string.Join(", ", all)})";
    }
}
