using System.Text;
using Semblance.Core;

namespace Semblance.Training.Recipes;

/// <summary>A recipe that was read, with the origin of each of its values.</summary>
/// <remarks>Layers, later wins: defaults in code, the model's preset, the file, the environment (<c>SEMBLANCE_RECIPE__STAGE_A__STEPS</c>), <c>--set</c>.</remarks>
public sealed class RecipeFile
{
    /// <summary>Environment variables with this prefix set values; a double underscore stands for the dot.</summary>
    public const string EnvironmentPrefix = "SEMBLANCE_RECIPE__";

    private readonly IReadOnlyDictionary<string, string> _origins;

    private RecipeFile(string name, Recipe recipe, IReadOnlyDictionary<string, string> origins)
    {
        Name = name;
        Recipe = recipe;
        _origins = origins;
    }

    /// <summary>File name without its folder.</summary>
    public string Name { get; }

    public Recipe Recipe { get; }

    /// <summary>Reads a recipe with everything that may overrule it.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="settings"><c>key.path=value</c>, the value in YAML (<c>data.sources.0.world.domains=[plaza, station]</c>).</param>
    /// <param name="environment">Variables of the process; those without the prefix are passed over.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SemblanceFormatException">The file is no YAML.</exception>
    /// <exception cref="RecipeException">Unknown keys, values of the wrong kind or out of range, contradictions; all of them.</exception>
    public static RecipeFile Read(string path, IEnumerable<string>? settings = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such recipe", path);
        }

        var file = Parse(File.ReadAllText(path), Path.GetFileName(path), settings, environment);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var model = file.Recipe.Model;
        return new RecipeFile(
            file.Name, file.Recipe with { Model = model with { StartWeights = Beside(model.StartWeights), Backbone = Beside(model.Backbone), Words = Beside(model.Words) } }, file._origins);

        // Relative to the working directory, and otherwise to the recipe.
        string? Beside(string? named) => named is not null && !Path.Exists(named) && Path.Combine(folder, named) is var beside && Path.Exists(beside) ? beside : named;
    }

    /// <summary>The same from text.</summary>
    /// <inheritdoc cref="Read"/>
    public static RecipeFile Parse(
        string yaml, string name, IEnumerable<string>? settings = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var root = SettingReader.Parse(yaml, name);
        foreach (var (variable, value) in (environment ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (variable.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
            {
                var key = variable[EnvironmentPrefix.Length..].ToLowerInvariant().Replace("__", ".", StringComparison.Ordinal);
                SettingReader.Overlay(root, key, SettingReader.Parse(value, variable, numberLines: false));
            }
        }

        foreach (var setting in settings ?? [])
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new RecipeException("--set", [new RecipeFault(setting, "--set", "expected key.path=value, such as stage_a.steps=200")]);
            }

            SettingReader.Overlay(root, setting[..equals].Trim(), SettingReader.Parse(setting[(equals + 1)..], "--set", numberLines: false));
        }

        var binder = new SettingBinder();
        var recipe = binder.Bind(ModelPresets.StartOf(root, name), root);
        IReadOnlyList<RecipeFault> faults = binder.Faults.Count > 0 ? binder.Faults
            : [.. RecipeChecks.Faults(recipe).Select(fault => fault with { Origin = OriginOf(binder.Origins, fault.Path) ?? name })];
        return faults.Count == 0 ? new RecipeFile(name, recipe, binder.Origins) : throw new RecipeException(name, faults);
    }

    /// <summary>Where a value came from: a file and line, a variable, <c>--set</c>, <c>default</c>.</summary>
    public string OriginOf(string path) => OriginOf(_origins, path) ?? "default";

    /// <summary>The recipe in full as YAML, with the origin of each value beside it: what <c>--print-options</c> shows.</summary>
    public string Describe() => Write(SettingBinder.Describe(Recipe, OriginOf), withOrigins: true);

    /// <summary>The recipe in full as YAML; reading it gives the same recipe.</summary>
    public static string Write(Recipe recipe) => Write(SettingBinder.Describe(recipe), withOrigins: false);

    /// <summary>The settings that matter for the weights and differ: path, first value, second value.</summary>
    public static IReadOnlyList<(string Path, string First, string Second)> Differences(Recipe first, Recipe second)
    {
        var (a, b) = (ValuesThatMatter(first), ValuesThatMatter(second));
        return [.. a.Keys.Union(b.Keys).Order(StringComparer.Ordinal)
            .Select(path => (path, a.GetValueOrDefault(path, "nothing"), b.GetValueOrDefault(path, "nothing")))
            .Where(row => row.Item2 != row.Item3)];
    }

    private static Dictionary<string, string> ValuesThatMatter(Recipe recipe) => SettingBinder.Describe(recipe).Leaves()
        .Where(leaf => !leaf.Free).ToDictionary(leaf => leaf.Path, leaf => leaf.Leaf.Scalar ?? "empty", StringComparer.Ordinal);

    /// <summary>The origin of a value, or of the nearest thing above it that was set as a whole.</summary>
    private static string? OriginOf(IReadOnlyDictionary<string, string> origins, string path)
    {
        for (var at = path; at.Length > 0; at = at.LastIndexOf('.') is var dot and >= 0 ? at[..dot] : "")
        {
            if (origins.TryGetValue(at, out var origin))
            {
                return origin;
            }
        }

        return null;
    }

    private static string Write(SettingNode root, bool withOrigins)
    {
        var text = new StringBuilder();
        WriteChildren(text, root, "", withOrigins);
        return text.ToString();
    }

    private static void WriteChildren(StringBuilder text, SettingNode node, string indent, bool withOrigins)
    {
        foreach (var (key, child) in node.Keys ?? [])
        {
            text.Append(indent).Append(key).Append(':');
            WriteValue(text, child, indent + "  ", withOrigins);
        }

        foreach (var item in node.Items ?? [])
        {
            text.Append(indent).Append('-');
            WriteValue(text, item, indent + "  ", withOrigins);
        }
    }

    private static void WriteValue(StringBuilder text, SettingNode value, string indent, bool withOrigins)
    {
        var inline = value switch
        {
            { Keys.Count: 0 } => " {}",
            { Items: { } items } when items.All(item => item.Scalar is not null) => $" [{string.Join(", ", items.Select(Word))}]",
            { Scalar: not null } => $" {Word(value)}",
            _ => null,
        };
        text.Append(inline);
        if (inline is not null && withOrigins)
        {
            text.Append("  # ").Append(value.Origin);
        }

        text.Append('\n');
        if (inline is null)
        {
            WriteChildren(text, value, indent, withOrigins);
        }
    }

    private static string Word(SettingNode node)
    {
        var word = node.Scalar!;
        var plain = !node.Quoted || (word.Length > 0 && char.IsAsciiLetter(word[0]) && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or '.')
            && word is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off"));
        return plain ? word : "\"" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"";
    }
}
