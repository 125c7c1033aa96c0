namespace Semblance.Training;

/// <summary>What is searched with what.</summary>
public enum EvaluationTask
{
    /// <summary>A picture finds pictures. With query and gallery splits by Market-1501's rules; on a set without them every picture against all others.</summary>
    Image,

    /// <summary>The pooled features of all boxes of a person in one camera find pictures, by Market-1501's rules.</summary>
    MultiQuery,

    /// <summary>A caption finds pictures: every caption of the test split against every picture of it, nothing removed.</summary>
    TextToImage,

    /// <summary>A caption finds other pictures of the person than the one it was written for. Not the published protocol.</summary>
    TextToOtherImage,

    /// <summary>A caption finds pictures of the person by other cameras than that of the picture it was written for. Not the published protocol.</summary>
    TextToOtherCamera,

    /// <summary>A picture finds captions.</summary>
    ImageToText,

    /// <summary>A picture with its caption finds pictures, by late fusion.</summary>
    ImageAndText,

    /// <summary>Every picture against all others (MMET's Table 2, row I).</summary>
    WithinImage,

    /// <summary>Every caption against the captions of all other pictures (MMET's Table 2, row T).</summary>
    WithinText,

    /// <summary>Every picture with its first caption against all others with theirs (MMET's Table 2, row M).</summary>
    WithinPair,
}
