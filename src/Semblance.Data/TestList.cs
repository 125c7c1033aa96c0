using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Semblance.Core;

namespace Semblance.Data;

/// <summary>
/// Queries and a gallery chosen from a data set's pictures, with the viewpoint of each: how cross-viewpoint tests are written down, and any test split of one's own.
/// </summary>
/// <remarks>
/// CrossRe-ID and the cross-viewpoint test of CUHK-SYSU were never published as lists, so none comes with Semblance. The file is one JSON object:
/// <code>
/// { "name": "crossre-id", "version": "1", "source": "who made this list, when, from what", "base": "cuhk-pedes",
///   "queries": [ { "image": "imgs/Market/0001.jpg", "captionIndex": 0, "id": 12034, "view": "a" } ],
///   "gallery": [ { "image": "imgs/Market/0002.jpg", "id": 12034, "view": "b" } ],
///   "rules": { "excludeOwnImage": true, "excludeSameView": true, "captionsPerImage": "all" },
///   "expected": { "queries": 1, "gallery": 1, "ids": 1 } }
/// </code>
/// A query without <c>captionIndex</c> stands for the first <c>captionsPerImage</c> captions of its picture, <c>"all"</c> or a number.
/// </remarks>
public sealed partial record TestList
{
    private const int Shown = 5;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
        Converters = { new NumberOrText() },
    };

    /// <summary>Names the protocol in results.</summary>
    public required string Name { get; init; }

    /// <summary>Of the list.</summary>
    public string Version { get; init; } = "1";

    /// <summary>Who made the list, when, from which publication.</summary>
    public string Source { get; init; } = "";

    /// <summary>Layout of the data set that it chooses from, one of <see cref="DataLayout.Names"/>.</summary>
    public required string Base { get; init; }

    /// <summary>What asks.</summary>
    public required IReadOnlyList<Item> Queries { get; init; }

    /// <summary>What is searched.</summary>
    public required IReadOnlyList<Item> Gallery { get; init; }

    /// <summary>What is left out for each query.</summary>
    public RulesOf Rules { get; init; } = new();

    /// <summary>Numbers that the list must have; null where nobody said.</summary>
    public Counts? Expected { get; init; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits; empty for a list that was made here.</summary>
    [JsonIgnore]
    public string Hash { get; init; } = "";

    /// <summary>Reads a list; whether it fits a data set is seen in <see cref="Resolve"/>.</summary>
    /// <exception cref="SemblanceFormatException">It is no such file; the message says where.</exception>
    public static TestList Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var bytes = File.ReadAllBytes(path);
        try
        {
            var list = JsonSerializer.Deserialize<TestList>(bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes.AsSpan(3) : bytes, Json)
                ?? throw new SemblanceFormatException(path, "holds null, expected an object with name, base, queries and gallery");
            return list.Rules is null ? throw new SemblanceFormatException(path, "rules is null, expected an object, or nothing") : list.Queries?.Count > 0 && list.Gallery?.Count > 0
                ? list with { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) }
                : throw new SemblanceFormatException(path, $"{list.Queries?.Count ?? 0} queries and {list.Gallery?.Count ?? 0} gallery pictures, expected at least one of each");
        }
        catch (JsonException error)
        {
            throw new SemblanceFormatException(path, $"no list of queries and gallery pictures: {error.Message}", error.LineNumber + 1, error);
        }
    }

    /// <summary>Writes the list.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json));

    /// <summary>The records that the list means, once it is sure that these are pictures and captions of this set, and that every query can be answered.</summary>
    /// <exception cref="SemblanceFormatException">The list does not fit; the first faults are named.</exception>
    public (IReadOnlyList<Chosen> Queries, IReadOnlyList<Chosen> Gallery) Resolve(PersonDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var known = set.Records.DistinctBy(record => record.ImagePath).ToDictionary(record => record.ImagePath, StringComparer.Ordinal);
        var faults = Faults(set, known).ToList();
        return faults.Count == 0
            ? ([.. Queries.Select(item => Choose(known, item))], [.. Gallery.Select(item => Choose(known, item))])
            : throw new SemblanceFormatException(set.Root, $"the list {Name} does not fit: {string.Join("; ", faults.Take(Shown))}{(faults.Count > Shown ? $"; and {faults.Count - Shown} more" : "")}");
    }

    /// <summary>
    /// <c>semblance/cuhk-sysu-crossview</c>: the test people of CUHK-PEDES who come from CUHK-SYSU, every caption against their pictures in other scenes. The toolkit's own,
    /// not the published test, of which no list exists.
    /// </summary>
    /// <param name="cuhkPedes">CUHK-PEDES.</param>
    /// <exception cref="ArgumentException">Nobody of its test split is seen in two scenes.</exception>
    public static TestList CuhkSysuAcrossScenes(PersonDataset cuhkPedes)
    {
        ArgumentNullException.ThrowIfNull(cuhkPedes);
        var pictures = cuhkPedes.Of(Split.Test).Select(record => (record, match: FromCuhkSysu().Match(record.ImagePath))).Where(pair => pair.match.Success)
            .Select(pair => new Item { Image = pair.record.ImagePath, Id = pair.record.RawId, View = $"s{pair.match.Groups["scene"].Value}" }).ToList();
        var scenes = pictures.GroupBy(item => item.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(item => item.View).Distinct(StringComparer.Ordinal).Count(), StringComparer.Ordinal);
        var queries = pictures.Where(item => scenes[item.Id] > 1).ToList();
        return queries.Count > 0
            ? new TestList
            {
                Name = "semblance/cuhk-sysu-crossview",
                Source = "Semblance: pictures of CUHK-PEDES's test split whose names are train_query/ or test_query/pPERSON_sSCENE.jpg; queries of people in two scenes or more",
                Base = CuhkPedes.Key,
                Queries = queries,
                Gallery = pictures,
                Rules = new RulesOf { ExcludeOwnImage = true, ExcludeSameView = true },
                Expected = new Counts { Queries = queries.Count, Gallery = pictures.Count, Ids = scenes.Count },
            }
            : throw new ArgumentException($"{cuhkPedes.Key} in {cuhkPedes.Root}: nobody of its test split is in two scenes of CUHK-SYSU ({pictures.Count} pictures come from there), so no list can be made of it");
    }

    private Chosen Choose(Dictionary<string, PersonRecord> known, Item item)
    {
        var record = Find(known, item.Image)!;
        return new Chosen(record, item.View, item.CaptionIndex is { } one ? [one] : [.. Enumerable.Range(0, Math.Min(record.Captions.Count, Rules.MostCaptions))]);
    }

    /// <summary>Annotations of captioned sets leave out the folder that all pictures are in.</summary>
    private static PersonRecord? Find(Dictionary<string, PersonRecord> known, string image) => known.GetValueOrDefault(image) ?? known.GetValueOrDefault($"imgs/{image}");

    private IEnumerable<string> Faults(PersonDataset set, Dictionary<string, PersonRecord> known)
    {
        if (Rules.MostCaptions < 1)
        {
            yield return $"captionsPerImage is \"{Rules.CaptionsPerImage}\", expected \"all\" or a number of 1 or more";
        }

        if (!Base.Equals(set.Key, StringComparison.OrdinalIgnoreCase) && set.Notice != DataNotice.Synthetic)
        {
            yield return $"it chooses from {Base}, this is {set.Key}";
        }

        foreach (var (what, items) in new[] { ("query", Queries), ("gallery picture", Gallery) })
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (Find(known, items[i].Image) is not { } record)
                {
                    yield return $"{what} {i}: {items[i].Image} is no picture of the set";
                }
                else if (!SameId(items[i].Id, record.RawId))
                {
                    yield return $"{what} {i}: {items[i].Image} is person {items[i].Id} in the list and {record.RawId} in the set";
                }
                else if (items[i].CaptionIndex is { } caption && (caption < 0 || caption >= record.Captions.Count))
                {
                    yield return $"{what} {i}: caption {caption} of {items[i].Image}, which has {record.Captions.Count}";
                }
            }
        }

        foreach (var twice in Gallery.GroupBy(item => item.Image, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"gallery picture {twice.Key} is there {twice.Count()} times, expected once";
        }

        var answers = Gallery.ToLookup(item => item.Id, StringComparer.Ordinal);
        for (var i = 0; i < Queries.Count; i++)
        {
            var query = Queries[i];
            if (!answers[query.Id].Any(item => !(Rules.ExcludeOwnImage && item.Image == query.Image) && !(Rules.ExcludeSameView && item.View is not null && item.View == query.View)))
            {
                yield return $"query {i}: no gallery picture of person {query.Id} is left after the rules";
            }
        }

        if (Expected is { } expected)
        {
            var found = (Queries.Count, Gallery.Count, Ids: Queries.Concat(Gallery).Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
            if (found != (expected.Queries, expected.Gallery, expected.Ids))
            {
                yield return $"{found.Item1} queries, {found.Item2} gallery pictures and {found.Ids} people, expected {expected.Queries}, {expected.Gallery} and {expected.Ids}";
            }
        }
    }

    private static bool SameId(string listed, string raw) => listed == raw
        || (long.TryParse(listed, NumberStyles.None, CultureInfo.InvariantCulture, out var a) && long.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var b) && a == b);

    [GeneratedRegex(@"\A(imgs/)?(train|test)_query/p[0-9]+_s(?<scene>[0-9]+)\.(?i:jpg)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex FromCuhkSysu();

    /// <summary>A query or a gallery picture as the set has it.</summary>
    /// <param name="Record">The picture.</param>
    /// <param name="View">From where the person is seen; null where nobody knows.</param>
    /// <param name="Captions">Those that ask, from 0.</param>
    public sealed record Chosen(PersonRecord Record, string? View, IReadOnlyList<int> Captions);

    /// <summary>One picture, or one caption of it.</summary>
    public sealed record Item
    {
        /// <summary>Path as the set's records have it.</summary>
        public required string Image { get; init; }

        /// <summary>Which caption asks, from 0; null for those that the rules say.</summary>
        public int? CaptionIndex { get; init; }

        /// <summary>Who it is; must agree with the set. A number or a text.</summary>
        public required string Id { get; init; }

        /// <summary>From where the person is seen; null where nobody knows.</summary>
        public string? View { get; init; }
    }

    /// <summary>What is left out for each query.</summary>
    public sealed record RulesOf
    {
        /// <summary>The query's own picture.</summary>
        public bool ExcludeOwnImage { get; init; } = true;

        /// <summary>Pictures of the same person from the query's view.</summary>
        public bool ExcludeSameView { get; init; } = true;

        /// <summary><c>all</c>, or the number of captions of a picture that ask.</summary>
        public string CaptionsPerImage { get; init; } = "all";

        internal int MostCaptions => CaptionsPerImage == "all" ? int.MaxValue
            : int.TryParse(CaptionsPerImage, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0;
    }

    /// <summary>Numbers of a list.</summary>
    public sealed record Counts
    {
        /// <summary>Entries that ask.</summary>
        public required int Queries { get; init; }

        /// <summary>Pictures that are searched.</summary>
        public required int Gallery { get; init; }

        /// <summary>People in either.</summary>
        public required int Ids { get; init; }
    }

    /// <summary>Ids and numbers of captions are written as numbers or as text.</summary>
    private sealed class NumberOrText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new JsonException($"a {reader.TokenType} where a text or a whole number is expected"),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
