using Semblance.Core;

namespace Semblance.Models;

/// <summary>Named options of all methods: a recipe that names a preset has chosen its method.</summary>
public static class MethodPresets
{
    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. MmetOptions.PresetNames, .. DualTowerMethod.All.SelectMany(method => method.Presets.Keys)];

    /// <summary>The options of a preset; "mmet-" may be left out.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message offers the nearest.</exception>
    public static MethodOptions Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var towers = DualTowerMethod.All.Select(method => method.Presets.GetValueOrDefault(name)).FirstOrDefault(options => options is not null);
        static string Nearest(string asked) => Suggestion.DidYouMean(asked, Names) is { Length: > 0 } near ? near : Suggestion.DidYouMean($"mmet-{asked}", Names);
        return towers ?? (MmetOptions.PresetNames.Contains(name) || MmetOptions.PresetNames.Contains($"mmet-{name}") ? MmetOptions.Preset(name)
            : throw new ArgumentException($"no preset \"{name}\"{Nearest(name)}: expected one of {string.Join(", ", Names)}", nameof(name)));
    }
}
