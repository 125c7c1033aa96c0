using System.Text;

namespace Semblance.Gallery.Stores;

/// <summary>What is to stand in the audit log; number, time and hashes are given when it is written.</summary>
/// <param name="Actor">Who: the name of a key, or of a program.</param>
/// <param name="Role">With which rights.</param>
/// <param name="Action">What, such as <c>search</c> or <c>sighting.erase</c>.</param>
/// <param name="Subject">To what, such as <c>sighting/17</c>.</param>
/// <param name="Purpose">What for, in the actor's words.</param>
/// <param name="Details">JSON.</param>
public sealed record AuditDraft(string Actor, string Role, string Action, string? Subject = null, string? Purpose = null, string? Details = null)
{
    private const int LongestWord = 200;
    private const int LongestPurpose = 500;

    /// <summary>
    /// What can be stored and proved: a line is for ever, so it has an end, and it holds no NUL and no half of a surrogate pair, which databases refuse, cut off or
    /// exchange, so that its hash would not be found again. <see cref="Details"/> are our own and as long as they are.
    /// </summary>
    internal AuditDraft Cleaned() => new(
        Cleaned(Actor, LongestWord)!, Cleaned(Role, LongestWord)!, Cleaned(Action, LongestWord)!, Cleaned(Subject, LongestWord), Cleaned(Purpose, LongestPurpose), Cleaned(Details, int.MaxValue));

    private static string? Cleaned(string? text, int longest)
    {
        if (text is null)
        {
            return null;
        }

        // The encoder puts U+FFFD in the place of a surrogate without its other half.
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, longest)]));
        return whole.Replace('\0', '\uFFFD');
    }
}
