namespace Semblance.Evaluation;

/// <summary>What a gallery item is for one query.</summary>
public enum Match : byte
{
    /// <summary>Another identity, or a distractor: ranked, and wrong.</summary>
    Negative,

    /// <summary>The query's identity: ranked, and right.</summary>
    Positive,

    /// <summary>Taken out by the protocol before ranking: it takes no place.</summary>
    Removed,
}
