using Semblance.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Semblance.Training.Recipes;

/// <summary>Reads YAML into <see cref="SettingNode"/>s and lays single settings over them.</summary>
internal static class SettingReader
{
    private const int LongestRecipe = 1 << 20;
    private const int DeepestNesting = 32;
    private const string NoAnchors = "anchors, aliases and tags are not used in recipes: write the value out";

    /// <summary>Reads one document.</summary>
    /// <param name="yaml">At most 1 MiB of text.</param>
    /// <param name="name">File name, for messages and origins.</param>
    /// <param name="numberLines">Whether origins say the line.</param>
    /// <exception cref="SemblanceFormatException">No YAML, or YAML that a recipe does not use (anchors, tags, several documents); with the line.</exception>
    public static SettingNode Parse(string yaml, string name, bool numberLines = true)
    {
        if (yaml.Length > LongestRecipe)
        {
            throw new SemblanceFormatException(name, $"{yaml.Length} characters, a recipe has at most {LongestRecipe}");
        }

        try
        {
            var reader = new YamlReader(new Parser(new StringReader(yaml)), name, numberLines);
            return reader.Document();
        }
        catch (YamlException exception)
        {
            throw new SemblanceFormatException(name, exception.InnerException?.Message ?? exception.Message, exception.Start.Line, exception);
        }
        catch (InvalidOperationException exception)
        {
            // The scanner's way of saying that a bracket is never closed.
            throw new SemblanceFormatException(name, "this is no YAML: a list or map is not closed, or a key stands where a value should", inner: exception);
        }
    }

    /// <summary>Replaces the value at a dotted path, lists by index, and makes the maps on the way.</summary>
    /// <exception cref="RecipeException">The path leads through a word, or past the end of a list.</exception>
    public static void Overlay(SettingNode root, string path, SettingNode value)
    {
        var keys = path.Split('.');
        var node = root;
        for (var i = 0; i < keys.Length; i++)
        {
            var (key, last) = (keys[i], i == keys.Length - 1);
            if (key.Length == 0)
            {
                throw Wrong(value, path, $"an empty name between dots, expected key.path=value");
            }

            if (node.Items is { } items)
            {
                if (!int.TryParse(key, out var index) || index < 0 || index >= items.Count)
                {
                    throw Wrong(value, path, $"\"{key}\" is no place in a list of {items.Count}, expected 0 to {items.Count - 1}");
                }

                items[index] = last ? value : Into(items[index], value);
                node = items[index];
            }
            else if (node.Keys is { } named)
            {
                named[key] = last ? value : Into(named.GetValueOrDefault(key), value);
                node = named[key];
            }
            else
            {
                throw Wrong(value, path, $"{string.Join('.', keys[..i])} is {node.Kind}, nothing below it can be set");
            }
        }
    }

    /// <summary>A key with nothing behind it opens as a map; all else is walked into as it is.</summary>
    private static SettingNode Into(SettingNode? child, SettingNode value) => child is null || child.IsNull ? SettingNode.Map(value.Origin) : child;

    private static RecipeException Wrong(SettingNode value, string path, string problem) => new(value.Origin, [new RecipeFault(path, value.Origin, problem)]);

    /// <summary>Builds the tree from the parser's events, which unlike the library's own tree are not recursive: nesting is bounded here.</summary>
    private sealed class YamlReader(Parser parser, string name, bool numberLines)
    {
        public SettingNode Document()
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return SettingNode.Map(name);
            }

            parser.Consume<DocumentStart>();
            var root = Value(0, null);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw Refuse("a second YAML document, a recipe is one", parser.Current!);
        }

        /// <param name="depth">Levels above this value.</param>
        /// <param name="key">The key it stands behind: a person looks for a misspelt one on its line, not on the value's.</param>
        private SettingNode Value(int depth, Scalar? key)
        {
            if (parser.Accept<AnchorAlias>(out var alias))
            {
                throw Refuse(NoAnchors, alias);
            }

            var first = parser.Consume<NodeEvent>();
            var origin = numberLines ? $"{name} line {(key ?? (ParsingEvent)first).Start.Line}" : name;
            if (depth > DeepestNesting)
            {
                throw Refuse($"settings nested deeper than {DeepestNesting} levels", first);
            }

            if (!first.Anchor.IsEmpty || !first.Tag.IsEmpty)
            {
                throw Refuse(NoAnchors, first);
            }

            switch (first)
            {
                case Scalar scalar:
                    return SettingNode.Word(origin, scalar.Value, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted);
                case SequenceStart:
                    var items = new List<SettingNode>();
                    while (!parser.TryConsume<SequenceEnd>(out _))
                    {
                        items.Add(Value(depth + 1, null));
                    }

                    return SettingNode.List(origin, items);
                default:
                    var keys = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
                    while (!parser.TryConsume<MappingEnd>(out _))
                    {
                        var word = parser.TryConsume<Scalar>(out var scalar) ? scalar : throw Refuse("a key is not a word", parser.Current!);
                        if (!keys.TryAdd(word.Value, Value(depth + 1, word)))
                        {
                            throw Refuse($"\"{word.Value}\" is set twice", word);
                        }
                    }

                    return SettingNode.Map(origin, keys);
            }
        }

        private SemblanceFormatException Refuse(string problem, ParsingEvent at) => new(name, problem, at.Start.Line);
    }
}
