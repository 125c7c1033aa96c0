namespace Semblance.Data;

/// <summary>How many people of Market-1501 have each value of an attribute, as counted in the published table: a table that was altered or mixed up shows here.</summary>
internal static class PublishedAttributes
{
    // Attribute, value (yes is 1), people of the training half, of the testing half.
    private static readonly (string Attribute, int Value, int Train, int Test)[] Market =
    [
        ("gender", 1, 431, 414), ("gender", 2, 320, 336),
        ("age", 1, 14, 2), ("age", 2, 569, 640), ("age", 3, 160, 103), ("age", 4, 8, 5),
        ("hair", 1, 506, 475), ("hair", 2, 245, 275),
        ("up", 1, 39, 45), ("up", 2, 712, 705),
        ("down", 1, 294, 262), ("down", 2, 457, 488),
        ("clothes", 1, 110, 85), ("clothes", 2, 641, 665),
        ("hat", 1, 20, 23), ("backpack", 1, 199, 187), ("bag", 1, 185, 185), ("handbag", 1, 86, 76),
    ];

    private const int TrainPeople = 751;
    private const int TestPeople = 750;

    /// <summary>The attributes of a half that do not have the published figures, in words; none for a table of another number of people.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> half, bool training)
    {
        if (half.Count != (training ? TrainPeople : TestPeople))
        {
            yield break;
        }

        foreach (var (attribute, value, train, test) in Market)
        {
            var (found, published) = (half.Values.Count(person => person.GetValueOrDefault(attribute, -1) == value), training ? train : test);
            if (found != published)
            {
                yield return $"{attribute} is {value} for {found} people of its {(training ? "train" : "test")} half, {published} published: the table was altered, or its fields are mixed up";
            }
        }
    }
}
