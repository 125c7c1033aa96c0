using Semblance.Core;
using Semblance.Data.Reading;
using Semblance.Text;

namespace Semblance.Data;

/// <summary>
/// The attributes of people that Lin et al. 2017 labelled for Market-1501 (<c>market_attribute.mat</c>) and DukeMTMC-reID (<c>duke_attribute.mat</c>): read by the names of
/// their fields, checked, and turned into descriptions. They are labels about real people, some of them sensitive.
/// </summary>
/// <remarks>
/// Yes and no (2 and 1 in the file) become 1 and 0; other codes stay as they are: <c>gender</c> 1 male, 2 female; <c>hair</c> 1 short, 2 long; <c>up</c> 1 long sleeves, 2 short; <c>down</c>
/// 1 long, 2 short; <c>clothes</c> 1 dress, 2 trousers; <c>age</c> 1 young, 2 teenager, 3 adult, 4 old; DukeMTMC's <c>top</c> 1 short, 2 long (0 for two people), <c>shoes</c> 1 dark, 2 light.
/// Many people have no upper or lower colour, or several; the description then names none. "Dress" stands for whatever is no trousers: a skirt where its colour is not that of the top. "Young" gets no
/// word.
/// </remarks>
public sealed class PersonAttributes
{
    private static readonly HashSet<string> Codes = ["gender", "hair", "up", "down", "clothes", "age", "top", "shoes"];

    private static readonly (string Name, ColourName Colour)[] Colours =
    [
        ("black", ColourName.Black), ("white", ColourName.White), ("red", ColourName.Red), ("purple", ColourName.Purple), ("yellow", ColourName.Yellow), ("gray", ColourName.Grey),
        ("blue", ColourName.Blue), ("green", ColourName.Green), ("pink", ColourName.Pink), ("brown", ColourName.Brown),
    ];

    private readonly string _path;

    private PersonAttributes(string path, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> train, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> test) =>
        (_path, Train, Test) = (path, train, test);

    /// <summary>The people of the training half, by identity as written.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Train { get; }

    /// <summary>The people of the testing half.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Test { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">MATLAB, level 5.</param>
    /// <exception cref="SemblanceFormatException">It is no such file, or a field is missing, of another length or out of its codes; the message names it.</exception>
    public static PersonAttributes Read(string path)
    {
        var variables = MatlabFile.Read(path);
        var (name, root) = variables.FirstOrDefault(variable => variable.Value is MatlabStructs { Values: [var fields] } && fields.ContainsKey("train") && fields.ContainsKey("test"));
        if (root is not MatlabStructs { Values: [var halves] })
        {
            throw new SemblanceFormatException(path, $"found {(variables.Count == 0 ? "no variable" : string.Join(", ", variables.Select(variable => $"{variable.Key}: {variable.Value.Kind}")))}, expected a structure with train and test, such as market_attribute");
        }

        return new PersonAttributes(path, Half(path, $"{name}.train", halves["train"]), Half(path, $"{name}.test", halves["test"]));
    }

    /// <summary>The attributes of a person in the words of a description, for captions.</summary>
    public static PersonDescription Describe(IReadOnlyDictionary<string, int> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        int Of(string name) => attributes.GetValueOrDefault(name);
        ColourName? Only(string part)
        {
            var worn = Colours.Where(colour => Of($"{part}{colour.Name}") == 1).ToArray();
            return worn.Length == 1 ? worn[0].Colour : null;
        }

        var (upper, lower) = (Only("up"), Only("down"));
        return new PersonDescription
        {
            Gender = Of("gender") switch { 1 => Gender.Male, 2 => Gender.Female, _ => Gender.Unknown },
            Age = Of("age") switch { 2 => AgeGroup.Teenager, 3 => AgeGroup.Adult, 4 => AgeGroup.Elder, _ => AgeGroup.Unknown },
            HairLength = Of("hair") switch { 1 => HairLength.Short, 2 => HairLength.Long, _ => HairLength.Unknown },
            Headwear = Of("hat") == 1 ? Headwear.Hat : Headwear.None,
            Upper = UpperGarment.Top,
            UpperColour = upper,
            Sleeves = Of("up") switch { 1 => SleeveLength.Long, 2 => SleeveLength.Short, _ => SleeveLength.Unknown },
            UpperLength = Of("top") == 2 ? GarmentLength.Long : GarmentLength.Hip,
            Lower = Of("clothes") == 1 ? (upper == lower ? LowerGarment.Dress : LowerGarment.Skirt) : Of("down") == 2 ? LowerGarment.Shorts : LowerGarment.Trousers,
            LowerColour = lower,
            Footwear = Of("boots") == 1 ? Footwear.Boots : Footwear.Shoes,
            FootwearTone = Of("shoes") switch { 1 => Tone.Dark, 2 => Tone.Light, _ => Tone.Unknown },
            Bag = Of("backpack") == 1 || Of("bag") == 1 || Of("handbag") == 1,
        };
    }

    /// <summary>The table beside a data set, where there is one.</summary>
    /// <param name="root">The set's folder.</param>
    /// <param name="file">The publisher's file name.</param>
    /// <param name="options">May name another file.</param>
    internal static PersonAttributes? In(string root, string file, DatasetOptions options) =>
        options.AttributeFile is { } named ? Read(named) : Path.Combine(root, file) is var path && File.Exists(path) ? Read(path) : null;

    /// <summary>A record with what is known of its person.</summary>
    internal PersonRecord With(PersonRecord record) => record.Role == Role.Person && Known(record) is { } known
        ? record with { Attributes = known, Description = Describe(known) }
        : record;

    // Hand-drawn boxes show people of both halves, who have different numbers.
    private IReadOnlyDictionary<string, int>? Known(PersonRecord record) => record.Split switch
    {
        Split.Train => Train.GetValueOrDefault(record.RawId),
        Split.Boxes => Train.GetValueOrDefault(record.RawId) ?? Test.GetValueOrDefault(record.RawId),
        _ => Test.GetValueOrDefault(record.RawId),
    };

    /// <summary>Reports who is in the pictures and not in the table, and the other way round.</summary>
    internal void Compare(DatasetAssembly set)
    {
        foreach (var (half, known, training) in new[] { ("train", Train, true), ("test", Test, false) })
        {
            var shown = set.Records.Where(record => record.Role == Role.Person && record.Split != Split.Boxes && record.Split == Split.Train == training).Select(record => record.RawId).ToHashSet(StringComparer.Ordinal);
            Say("are shown and not in", [.. shown.Where(person => !known.ContainsKey(person))]);
            Say("are not shown and in", [.. known.Keys.Where(person => !shown.Contains(person))]);
            void Say(string what, string[] people)
            {
                if (people.Length > 0)
                {
                    set.Report(Path.GetFileName(_path), ProblemStatus.Count, $"{people.Length} people {what} its {half} half ({string.Join(", ", people.Order(StringComparer.Ordinal).Take(5))}{(people.Length > 5 ? ", ..." : "")})");
                }
            }
        }
    }

    private static Dictionary<string, IReadOnlyDictionary<string, int>> Half(string path, string name, MatlabValue half)
    {
        if (half is not MatlabStructs { Values: [var fields] } || !fields.TryGetValue("image_index", out var index))
        {
            throw new SemblanceFormatException(path, $"{name} is {half.Kind}, expected one structure with image_index and a field for each attribute");
        }

        string[] ids = index is MatlabCells cells ? [.. cells.Values.Select(cell => cell is MatlabText { Rows: [var id] } ? id : throw new SemblanceFormatException(path, $"{name}.image_index holds {cell.Kind}, expected identities as text"))]
            : throw new SemblanceFormatException(path, $"{name}.image_index is {index.Kind}, expected cells of text");
        var people = ids.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        foreach (var (field, value) in fields.Where(field => field.Key != "image_index"))
        {
            if (value is not MatlabNumbers numbers || numbers.Values.Count != ids.Length)
            {
                throw new SemblanceFormatException(path, $"{name}.{field} is {value.Kind}, expected a number for each of {ids.Length} people");
            }

            for (var i = 0; i < ids.Length; i++)
            {
                var code = numbers.Values[i];
                people[i][field] = Codes.Contains(field)
                    ? code is >= 0 and <= 4 && code == Math.Floor(code) ? (int)code : throw Bad(i, "a code from 0 to 4")
                    : code is 1 or 2 ? (int)code - 1 : throw Bad(i, "1 for no or 2 for yes");
                SemblanceFormatException Bad(int person, string expected) => new(path, $"{name}.{field} of person {ids[person]} is {code}, expected {expected}");
            }
        }

        var known = new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        for (var i = 0; i < ids.Length; i++)
        {
            if (!known.TryAdd(ids[i], people[i]))
            {
                throw new SemblanceFormatException(path, $"{name}.image_index names person {ids[i]} twice");
            }
        }

        return known;
    }
}
