using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Semblance.Core;

namespace Semblance.Training.Recipes;

/// <summary>
/// Turns settings into <c>init</c> records and back: keys are the property names in snake_case, enum values in kebab-case, and whatever is not set keeps the
/// value of the record it starts from. Faults are gathered, not thrown, so that a person hears all of them at once.
/// </summary>
internal sealed class SettingBinder
{
    private static readonly MethodInfo Memberwise = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private readonly List<RecipeFault> _faults = [];
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);

    public IReadOnlyList<RecipeFault> Faults => _faults;

    /// <summary>Where each value that was set came from, by its path.</summary>
    public IReadOnlyDictionary<string, string> Origins => _origins;

    /// <summary>A copy of <paramref name="start"/> with the settings laid over it.</summary>
    public T Bind<T>(T start, SettingNode node)
        where T : class => (T)BindRecord(typeof(T), start, node, "");

    /// <summary>The settings that <see cref="Bind"/> would turn into this value.</summary>
    public static SettingNode Describe(object? value, Func<string, string>? originOf = null, string path = "")
    {
        var origin = originOf?.Invoke(path) ?? "default";
        switch (value)
        {
            case null:
                return SettingNode.Word(origin, "null");
            case string text:
                return SettingNode.Word(origin, text, quoted: true);
            case bool flag:
                return SettingNode.Word(origin, flag ? "true" : "false");
            case Enum word:
                return SettingNode.Word(origin, EnumName(word.ToString()));
            case IFormattable number when value.GetType().IsPrimitive:
                return SettingNode.Word(origin, number.ToString(null, CultureInfo.InvariantCulture));
            case IDictionary map:
                var keys = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
                foreach (DictionaryEntry entry in map)
                {
                    var key = entry.Key is Enum named ? EnumName(named.ToString()) : entry.Key.ToString()!;
                    keys[key] = Describe(entry.Value, originOf, Below(path, key));
                }

                return SettingNode.Map(origin, keys);
            case IEnumerable items:
                return SettingNode.List(origin, [.. items.Cast<object?>().Select((item, i) => Describe(item, originOf, Below(path, i.ToString())))]);
            default:
                var node = SettingNode.Map(origin);
                foreach (var property in Settable(value.GetType()))
                {
                    var key = KeyName(property);
                    var child = Describe(property.GetValue(value), originOf, Below(path, key));
                    node.Keys![key] = property.IsDefined(typeof(FreeToChangeAttribute)) ? child.Free() : child;
                }

                return node;
        }
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string KeyName(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static string EnumName(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => property is { CanRead: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.MetadataToken);

    private object BindRecord(Type type, object? start, SettingNode node, string path)
    {
        var result = start is null ? Activator.CreateInstance(type)! : Memberwise.Invoke(start, null)!;
        if (node.IsNull)
        {
            return result;
        }

        if (node.Keys is null)
        {
            Fault(node, path, $"{node.Kind}, expected named settings ({string.Join(", ", Settable(type).Select(KeyName))})");
            return result;
        }

        var known = Settable(type).ToDictionary(KeyName, StringComparer.Ordinal);
        foreach (var (key, child) in node.Keys)
        {
            if (!known.TryGetValue(key, out var property))
            {
                var near = Suggestion.DidYouMean(key, known.Keys);
                Fault(child, Below(path, key), "unknown key" + (near.Length > 0 ? near : $", known here: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}"));
                continue;
            }

            var before = _faults.Count;
            var value = BindValue(property.PropertyType, property.GetValue(result), child, Below(path, key), AcceptsNull(property));
            if (_faults.Count == before)
            {
                CheckRange(property, value, child, Below(path, key));
                property.SetValue(result, value);
            }
        }

        return result;
    }

    private object? BindValue(Type type, object? start, SettingNode node, string path, bool acceptsNull)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var isRecord = plain.IsClass && plain != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(plain);
        if (node.IsNull && acceptsNull && !(isRecord && start is not null))
        {
            _origins[path] = node.Origin;
            return null;
        }

        if (isRecord)
        {
            // The value may be of a more special type than its property: the options of a method.
            return BindRecord(start?.GetType() ?? plain, start, node, path);
        }

        if (plain != typeof(string) && KeyAndValue(plain) is { } entry)
        {
            return BindMap(entry.Key, entry.Value, start, node, path);
        }

        if (plain != typeof(string) && ElementOf(plain) is { } element)
        {
            return BindList(element, node, path);
        }

        _origins[path] = node.Origin;
        return node.Scalar is { } scalar ? BindWord(plain, scalar, node, path) : Wrong(node, path, Expected(plain));
    }

    private object? BindList(Type element, SettingNode node, string path)
    {
        if (node.Items is not { } items)
        {
            return Wrong(node, path, "a list");
        }

        var list = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var before = _faults.Count;
            var value = BindValue(element, null, items[i], Below(path, i.ToString()), acceptsNull: false);
            if (_faults.Count == before)
            {
                list.SetValue(value, i);
            }
        }

        _origins[path] = node.Origin;
        return list;
    }

    private IDictionary? BindMap(Type keyType, Type valueType, object? start, SettingNode node, string path)
    {
        if (node.Keys is not { } keys)
        {
            Wrong(node, path, "named settings");
            return null;
        }

        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(keyType, valueType))!;
        foreach (DictionaryEntry entry in start as IDictionary ?? map)
        {
            map[entry.Key] = entry.Value;
        }

        foreach (var (word, child) in keys)
        {
            var before = _faults.Count;
            var key = keyType == typeof(string) ? word : BindWord(keyType, word, child, Below(path, word));
            var value = BindValue(valueType, null, child, Below(path, word), acceptsNull: false);
            if (_faults.Count == before)
            {
                map[key!] = value;
            }
        }

        return map;
    }

    private object? BindWord(Type type, string word, SettingNode node, string path)
    {
        if (type == typeof(string))
        {
            return word;
        }

        if (type == typeof(bool))
        {
            return word switch { "true" => true, "false" => false, _ => Wrong(node, path, "true or false") };
        }

        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).ToDictionary(EnumName, StringComparer.Ordinal);
            return names.TryGetValue(word, out var name)
                ? Enum.Parse(type, name)
                : Wrong(node, path, string.Join(", ", names.Keys), Suggestion.DidYouMean(word, names.Keys));
        }

        if (type == typeof(float) || type == typeof(double))
        {
            return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                ? Convert.ChangeType(real, type, CultureInfo.InvariantCulture)
                : Wrong(node, path, "a number");
        }

        if (type.IsPrimitive)
        {
            try
            {
                return Convert.ChangeType(decimal.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                return Wrong(node, path, Expected(type));
            }
        }

        throw new NotSupportedException($"recipe setting {path} has type {type}, which no recipe can hold");
    }

    private void CheckRange(PropertyInfo property, object? value, SettingNode node, string path)
    {
        if (value is not null && property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            var (low, high) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
            var below = range.MinimumIsExclusive ? number <= low : number < low;
            if (below || number > high)
            {
                Fault(node, path, string.Create(CultureInfo.InvariantCulture, $"{node.Scalar}, expected {(range.MinimumIsExclusive ? "more than " : "")}{low} to {high}"));
            }
        }
    }

    private object? Wrong(SettingNode node, string path, string expected, string more = "")
    {
        Fault(node, path, $"{node.Kind}, expected {expected}{more}");
        return null;
    }

    private void Fault(SettingNode node, string path, string problem) => _faults.Add(new RecipeFault(path, node.Origin, problem));

    private static string Expected(Type type) => type == typeof(string) ? "a word" : type == typeof(bool) ? "true or false" : type.IsEnum || !type.IsPrimitive
        ? "a word" : type == typeof(float) || type == typeof(double) ? "a number" : "a whole number";

    private static bool AcceptsNull(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.IsGenericType && type.IsInterface && type.GetGenericArguments() is [var element] && type.IsAssignableFrom(element.MakeArrayType()) ? element : null;

    private static (Type Key, Type Value)? KeyAndValue(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        && type.GetGenericArguments() is [var key, var value] ? (key, value) : null;
}
