using Semblance.Text;

namespace Semblance.Data;

/// <summary>Which part of a data set a record belongs to.</summary>
public enum Split
{
    Train,
    Val,
    Query,
    Gallery,
    Test,

    /// <summary>Further boxes of the query people, which only pooled queries read (Market-1501's <c>gt_bbox</c>).</summary>
    Boxes,
}

/// <summary>What a gallery item is for: a person, a negative for everybody, or ignored.</summary>
public enum Role { Person, Distractor, Junk }

/// <summary>One picture of one person, as every reader yields it. Fields that a data set lacks are null, never 0.</summary>
public sealed record PersonRecord
{
    /// <summary>Stable key of the data set, such as <c>market1501</c>.</summary>
    public required string Dataset { get; init; }

    public required Split Split { get; init; }

    /// <summary>Relative to the data set's root, <c>/</c> as separator, in exactly the case found on disk; for a streamed world, the path that it would be written to.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Identity as written in the source; empty where nobody knows who it is (a plain folder of pictures).</summary>
    public required string RawId { get; init; }

    public Role Role { get; init; } = Role.Person;

    /// <summary>1-based as written in the source; null where unknown. FineGPR's number is a viewpoint of 36, which only its own protocol treats as a camera.</summary>
    public int? Camera { get; init; }

    public int? Frame { get; init; }

    public int? Sequence { get; init; }

    public string? Scene { get; init; }

    /// <summary>Degrees, FineGPR's convention; null where unknown.</summary>
    public int? Viewpoint { get; init; }

    /// <summary>Raw text, untouched.</summary>
    public IReadOnlyList<string> Captions { get; init; } = [];

    /// <summary>Name to small whole number, only from an attribute file.</summary>
    public IReadOnlyDictionary<string, int>? Attributes { get; init; }

    /// <summary>What is known in the words of a caption, so that captions can be written; null where nothing is.</summary>
    public PersonDescription? Description { get; init; }

    /// <summary>Position in the canonical order.</summary>
    public int Order { get; init; }
}
