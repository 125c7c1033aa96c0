using System.Resources;

namespace Semblance.Server.Pages;

/// <summary>Every word that pages show, out of <c>Words.resx</c>: whoever translates them translates that one file.</summary>
internal static class Words
{
    private static readonly ResourceManager Resources = new("Semblance.Server.Pages.Words", typeof(Words).Assembly);

    /// <summary>The words of that name, with values put into their places.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static string Of(string name, params object?[] values)
    {
        var words = Resources.GetString(name) ?? throw new ArgumentException($"Words.resx has no \"{name}\"", nameof(name));
        return values.Length == 0 ? words : string.Format(System.Globalization.CultureInfo.InvariantCulture, words, values);
    }
}
