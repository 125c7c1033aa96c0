namespace Semblance.Gallery.Stores;

/// <summary>What a walk along the audit log found.</summary>
/// <param name="Entries">Lines read.</param>
/// <param name="Head">Hash of the last line: written down elsewhere, it also shows whether lines were cut off the end.</param>
/// <param name="Fault">What is wrong with which line; null when all of it holds together.</param>
public sealed record AuditVerdict(long Entries, string Head, string? Fault);
