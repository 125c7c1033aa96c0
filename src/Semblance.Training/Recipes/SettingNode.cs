namespace Semblance.Training.Recipes;

/// <summary>A value of a recipe before it has a type, with the place it came from: a word, a list or named settings.</summary>
internal sealed class SettingNode
{
    private SettingNode(string origin, string? scalar, bool quoted, List<SettingNode>? items, Dictionary<string, SettingNode>? keys)
    {
        Origin = origin;
        Scalar = scalar;
        Quoted = quoted;
        Items = items;
        Keys = keys;
    }

    /// <summary>For a person: <c>quickstart.yaml line 12</c>, <c>--set</c>, <c>default</c>.</summary>
    public string Origin { get; }

    public string? Scalar { get; }

    /// <summary>The word stood in quotes, so that <c>"null"</c> is a word and <c>null</c> is nothing.</summary>
    public bool Quoted { get; }

    public List<SettingNode>? Items { get; }

    /// <summary>In the order written.</summary>
    public Dictionary<string, SettingNode>? Keys { get; }

    /// <summary>True where a change leaves the trained weights alone.</summary>
    public bool FreeToChange { get; init; }

    public bool IsNull => Scalar is "" or "null" or "~" && !Quoted;

    public string Kind => Keys is not null ? "named settings" : Items is not null ? "a list" : $"\"{Scalar}\"";

    public static SettingNode Word(string origin, string scalar, bool quoted = false) => new(origin, scalar, quoted, null, null);

    public static SettingNode List(string origin, List<SettingNode> items) => new(origin, null, false, items, null);

    public static SettingNode Map(string origin, Dictionary<string, SettingNode>? keys = null) => new(origin, null, false, null, keys ?? new(StringComparer.Ordinal));

    public SettingNode Free() => new(Origin, Scalar, Quoted, Items, Keys) { FreeToChange = true };

    /// <summary>Every leaf by its dotted path, lists by index; an empty list or map is a leaf too.</summary>
    public IEnumerable<(string Path, SettingNode Leaf, bool Free)> Leaves(string path = "", bool free = false)
    {
        free |= FreeToChange;
        var children = Keys?.Select(pair => (pair.Key, pair.Value)) ?? Items?.Select((item, i) => (i.ToString(), item)) ?? [];
        var any = false;
        foreach (var (key, child) in children)
        {
            any = true;
            foreach (var leaf in child.Leaves(path.Length == 0 ? key : $"{path}.{key}", free))
            {
                yield return leaf;
            }
        }

        if (!any)
        {
            yield return (path, this, free);
        }
    }
}
