using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Semblance.Server.Api;

namespace Semblance.Server.Pages;

/// <summary>A search as its address says it, both ways: what is on the page can be kept, sent and opened again.</summary>
internal sealed record Question
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm";
    private const double NegativeWeight = 0.5;

    public string Text { get; init; } = "";

    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>People of a photo of a whole scene, of whom one is asked for: offered, not asked.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    public IReadOnlyList<long> Like { get; init; } = [];

    public IReadOnlyList<string> Not { get; init; } = [];

    public IReadOnlyList<long> Unlike { get; init; } = [];

    /// <summary>Share of pictures in the score when words are given too, in percent.</summary>
    public int Weight { get; init; } = 50;

    public IReadOnlyList<string> Cameras { get; init; } = [];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string Label { get; init; } = "";

    public int Top { get; init; } = 20;

    public string Purpose { get; init; } = "";

    public bool IsAsked => Text.Length > 0 || Pictures.Count + Like.Count + Not.Count + Unlike.Count > 0;

    public bool IsFiltered => Cameras.Count > 0 || From is not null || Until is not null || Label.Length > 0;

    public string? FromText => From?.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public string? UntilText => Until?.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static Question Read(IQueryCollection query) => new()
    {
        Text = query["text"].ToString().Trim(),
        Pictures = Texts(query, "picture"),
        Found = Texts(query, "found"),
        Like = Numbers(query, "like"),
        Not = Texts(query, "not"),
        Unlike = Numbers(query, "unlike"),
        Weight = int.TryParse(query["weight"], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? Math.Clamp(weight, 0, 100) : 50,
        Cameras = Texts(query, "camera"),
        From = Time(query["from"]),
        Until = Time(query["until"]),
        Label = query["label"].ToString().Trim(),
        Top = int.TryParse(query["top"], NumberStyles.None, CultureInfo.InvariantCulture, out var top) ? Math.Clamp(top, 1, 200) : 20,
        Purpose = query["purpose"].ToString().Trim(),
    };

    /// <summary>The same question with one more sighting.</summary>
    public string With(string name, long sighting) => Address(this with
    {
        Like = name == "like" ? [.. Like.Append(sighting).Distinct()] : Like,
        Unlike = name == "unlike" ? [.. Unlike.Append(sighting).Distinct()] : Unlike,
    });

    /// <summary>The same question with one more picture.</summary>
    public string WithPicture(string picture) => Address(this with { Pictures = [.. Pictures, picture] });

    /// <summary>The same question about one of the people who were found in a photo.</summary>
    public string WithPerson(string picture, IReadOnlyList<string>? found = null)
    {
        found ??= Found;
        return Address(this with { Pictures = [.. Pictures.Except(found, StringComparer.Ordinal), picture], Found = found });
    }

    public SearchRequest Request()
    {
        var pictures = Pictures.Count + Like.Count;
        var (words, shown) = (Text.Length > 0, pictures > 0);
        var textShare = words && shown ? 1 - (Weight / 100.0) : 1;
        var pictureShare = shown ? (words ? Weight / 100.0 : 1) / pictures : 0;
        return new SearchRequest
        {
            Terms =
            [
                .. words ? (SearchTerm[])[new SearchTerm { Text = Text, Weight = textShare }] : [],
                .. Pictures.Select(name => new SearchTerm { QueryPicture = name, Weight = pictureShare }),
                .. Like.Select(id => new SearchTerm { Sighting = id, Weight = pictureShare }),
                .. Not.Select(text => new SearchTerm { Text = text, Weight = -NegativeWeight }),
                .. Unlike.Select(id => new SearchTerm { Sighting = id, Weight = -NegativeWeight }),
            ],
            Top = Top,
            Cameras = Cameras,
            From = From,
            Until = Until,
            Label = Label,
            Purpose = Purpose,
        };
    }

    private static string Address(Question question)
    {
        var query = new QueryBuilder();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }

        Add("text", question.Text);
        query.Add("picture", question.Pictures);
        query.Add("found", question.Found);
        query.Add("like", question.Like.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        query.Add("not", question.Not);
        query.Add("unlike", question.Unlike.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        Add("weight", question.Weight == 50 ? null : question.Weight.ToString(CultureInfo.InvariantCulture));
        query.Add("camera", question.Cameras);
        Add("from", question.FromText);
        Add("until", question.UntilText);
        Add("label", question.Label);
        Add("top", question.Top == 20 ? null : question.Top.ToString(CultureInfo.InvariantCulture));
        Add("purpose", question.Purpose);
        return "/" + query;
    }

    private static string[] Texts(IQueryCollection query, string name) => [.. query[name].Select(value => value?.Trim()).Where(value => !string.IsNullOrEmpty(value)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static long[] Numbers(IQueryCollection query, string name) =>
        [.. query[name].Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0).Distinct()];

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
