namespace Semblance.Data;

/// <summary>The kinds of problems that a report names.</summary>
public static class ProblemStatus
{
    /// <summary>Named by an annotation, not on the disk.</summary>
    public const string Missing = nameof(Missing);

    /// <summary>No bytes, another format, cut off, or refused by the decoder.</summary>
    public const string Damaged = nameof(Damaged);

    /// <summary>Decodes, but is smaller than 8 pixels on a side. Kept.</summary>
    public const string Suspicious = nameof(Suspicious);

    /// <summary>A file that does not belong into its folder, or whose name does not follow the pattern. Not read.</summary>
    public const string Unexpected = nameof(Unexpected);

    /// <summary>The same thing twice.</summary>
    public const string Duplicate = nameof(Duplicate);

    /// <summary>Something odd about captions, which are kept as they are.</summary>
    public const string Caption = nameof(Caption);

    /// <summary>A figure that is near the published one and not equal to it.</summary>
    public const string Count = nameof(Count);

    /// <summary>People or pictures in two places that should share none.</summary>
    public const string Overlap = nameof(Overlap);

    /// <summary>A line of a manifest that cannot be read. Left out.</summary>
    public const string Line = nameof(Line);

    /// <summary>The folder does not hold a data set that can be opened.</summary>
    public const string Layout = nameof(Layout);
}
