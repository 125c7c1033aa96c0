namespace Semblance.Evaluation;

/// <summary>What an item is in the gallery for.</summary>
public enum GalleryRole
{
    /// <summary>Right for queries of its identity, wrong for all others.</summary>
    Person,

    /// <summary>Stays in and is wrong for everybody (identity 0 of Market-1501).</summary>
    Distractor,

    /// <summary>Left out of every ranking (identity -1 of Market-1501).</summary>
    Junk,
}
