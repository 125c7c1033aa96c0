namespace Semblance.Gallery.Stores;

/// <summary>What is to stand in the audit log; number, time and hashes are given when it is written.</summary>
/// <param name="Actor">Who: the name of a key, or of a program.</param>
/// <param name="Role">With which rights.</param>
/// <param name="Action">What, such as <c>search</c> or <c>sighting.erase</c>.</param>
/// <param name="Subject">To what, such as <c>sighting/17</c>.</param>
/// <param name="Purpose">What for, in the actor's words.</param>
/// <param name="Details">JSON.</param>
public sealed record AuditDraft(string Actor, string Role, string Action, string? Subject = null, string? Purpose = null, string? Details = null);
