namespace Semblance.Models.Masking;

/// <summary>Words about how a person looks: the textual counterpart of the body. Used by <see cref="MmetOptions.AttributeBias"/> alone.</summary>
public static class AttributeWords
{
    private static readonly HashSet<string> Words =
    [
        // colours and shades
        "black", "white", "grey", "gray", "red", "maroon", "orange", "yellow", "mustard", "green", "olive", "teal", "turquoise", "blue", "navy", "purple", "lavender", "pink",
        "magenta", "brown", "beige", "khaki", "cream", "tan", "dark", "light", "pale", "bright",
        // the person
        "man", "woman", "male", "female", "boy", "girl", "guy", "lady", "gentleman", "teenager", "teenage", "young", "adult", "old", "elderly", "older", "tall", "short", "slim",
        "thin", "heavy", "hair", "haired", "bald", "ponytail", "bun", "curly", "long", "blond", "blonde",
        // garments
        "coat", "jacket", "hoodie", "hooded", "shirt", "tshirt", "t", "blouse", "sweater", "pullover", "vest", "top", "sleeve", "sleeves", "sleeved", "sleeveless", "trousers",
        "pants", "jeans", "denim", "shorts", "skirt", "dress", "shoes", "shoe", "sneakers", "trainers", "boots", "boot", "sandals", "striped", "stripes", "checked", "plaid",
        "checkered", "printed", "print", "pattern", "patterned", "plain",
        // things worn and carried
        "hat", "cap", "beanie", "hood", "glasses", "spectacles", "eyeglasses", "bag", "backpack", "rucksack", "handbag", "purse", "umbrella", "phone",
    ];

    /// <summary>Whether a lower-case word is about looks.</summary>
    public static bool Contains(string word) => Words.Contains(word);
}
