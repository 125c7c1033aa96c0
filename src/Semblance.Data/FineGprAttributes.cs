using System.Globalization;
using System.Text;
using Semblance.Core;
using Semblance.Text;

namespace Semblance.Data;

/// <summary>FineGPR's thirteen attributes of a person: read from a table, checked against the published codes, turned into a description.</summary>
/// <remarks>
/// The publisher's file is not documented, so the table is one that the user makes: CSV with a header, the first column the id, the others found by name
/// (case, blanks, <c>_</c> and <c>-</c> do not matter) or by a mapping. Codes are FineGPR's; what is yes (1) or no (2) there becomes 1 or 0 on reading.
/// </remarks>
public static class FineGprAttributes
{
    /// <summary>The attributes and how many codes each has, counted from 1; those in <see cref="YesOrNo"/> have 1 yes and 2 no.</summary>
    public static IReadOnlyDictionary<string, int> Codes { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["gender"] = 2,
        ["hair"] = 2,
        ["age"] = 3,
        ["glasses"] = 2,
        ["short_sleeve"] = 2,
        ["dress"] = 2,
        ["boots"] = 2,
        ["hat"] = 2,
        ["bag"] = 2,
        ["top_length"] = 2,
        ["shoes"] = 2,
        ["upper_colour"] = 9,
        ["lower_colour"] = 9,
    };

    /// <summary>The attributes that are read as 1 for yes and 0 for no.</summary>
    public static IReadOnlySet<string> YesOrNo { get; } = new HashSet<string>(StringComparer.Ordinal) { "glasses", "short_sleeve", "dress", "boots", "hat", "bag" };

    private static readonly ColourName[] Colours =
        [ColourName.Black, ColourName.White, ColourName.Red, ColourName.Purple, ColourName.Grey, ColourName.Yellow, ColourName.Blue, ColourName.Green, ColourName.Brown];

    /// <summary>Reads a table: for each id (as written) the attributes by name.</summary>
    /// <param name="path">CSV, separated by commas or semicolons.</param>
    /// <param name="columns">Attribute to column heading, for tables that name them otherwise.</param>
    /// <exception cref="SemblanceFormatException">A column is missing, a value is out of its range, an id occurs twice; the line is named.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Read(string path, IReadOnlyDictionary<string, string>? columns = null)
    {
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(path, "no such attribute table");
        }

        var lines = File.ReadAllText(path, Encoding.UTF8).Split('\n').Select(line => line.TrimEnd('\r', ' ', '\t')).ToArray();
        var separator = lines[0].Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var header = lines[0].Split(separator).Select(Plain).ToArray();
        var places = Codes.Keys.ToDictionary(name => name, name => Place(path, header, name, columns), StringComparer.Ordinal);
        Dictionary<string, IReadOnlyDictionary<string, int>> people = new(StringComparer.Ordinal);
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            var cells = lines[i].Split(separator);
            if (cells.Length != header.Length)
            {
                throw new SemblanceFormatException(path, $"{cells.Length} cells, the header has {header.Length}", i + 1);
            }

            if (!people.TryAdd(cells[0].Trim().Trim('"'), places.ToDictionary(place => place.Key, place => Value(path, i + 1, place.Key, cells[place.Value]), StringComparer.Ordinal)))
            {
                throw new SemblanceFormatException(path, $"person {cells[0]} occurs twice", i + 1);
            }
        }

        return people;
    }

    /// <summary>The attributes in the words of a description, for captions.</summary>
    /// <param name="attributes">As <see cref="Read"/> gives them.</param>
    /// <param name="surroundings">Where and when, from the file name.</param>
    public static PersonDescription Describe(IReadOnlyDictionary<string, int> attributes, SceneDescription? surroundings)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return new PersonDescription
        {
            Gender = attributes["gender"] == 1 ? Gender.Male : Gender.Female,
            HairLength = attributes["hair"] == 1 ? HairLength.Long : HairLength.Short,
            Age = attributes["age"] switch { 1 => AgeGroup.Teenager, 2 => AgeGroup.Adult, _ => AgeGroup.Elder },
            Glasses = attributes["glasses"] == 1,
            Headwear = attributes["hat"] == 1 ? Headwear.Hat : Headwear.None,
            Upper = UpperGarment.Top,
            UpperColour = Colours[attributes["upper_colour"] - 1],
            Sleeves = attributes["short_sleeve"] == 1 ? SleeveLength.Short : SleeveLength.Long,
            UpperLength = attributes["top_length"] == 1 ? GarmentLength.Long : GarmentLength.Hip,
            Lower = attributes["dress"] == 1 ? LowerGarment.Dress : LowerGarment.Trousers,
            LowerColour = Colours[attributes["lower_colour"] - 1],
            Footwear = attributes["boots"] == 1 ? Footwear.Boots : Footwear.Shoes,
            FootwearTone = attributes["shoes"] == 1 ? Tone.Dark : Tone.Light,
            Bag = attributes["bag"] == 1,
            Scene = surroundings,
        };
    }

    private static int Place(string path, string[] header, string name, IReadOnlyDictionary<string, string>? columns)
    {
        var heading = columns is not null && columns.TryGetValue(name, out var given) ? given : name;
        var place = Array.IndexOf(header, Plain(heading), 1);
        return place > 0
            ? place
            : throw new SemblanceFormatException(path, $"no column \"{heading}\" for the attribute {name}; the header names {string.Join(", ", header.Skip(1))}: give {nameof(DatasetOptions.AttributeColumns)}", 1);
    }

    private static int Value(string path, int line, string name, string cell)
    {
        var most = Codes[name];
        return int.TryParse(cell.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= 1 && code <= most
            ? YesOrNo.Contains(name) ? 2 - code : code
            : throw new SemblanceFormatException(path, $"{name} is \"{cell.Trim()}\", expected 1 to {most}", line);
    }

    private static string Plain(string heading) => heading.Trim('\uFEFF', ' ', '"').Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant().Replace("color", "colour", StringComparison.Ordinal);
}
