namespace Semblance.Models;

/// <summary>How LCR²S's teacher joins a sample with its support set.</summary>
public enum SupportFusion
{
    /// <summary>Attention in several heads, the sample asking.</summary>
    Attention,

    /// <summary>The plain mean of sample and support, for comparison; it has no parameters.</summary>
    Mean,
}

/// <summary>What brings pictures and texts of one person together in LCR²S.</summary>
public enum MatchingLoss
{
    /// <summary>Cross-modal projection matching (CMPM).</summary>
    Projection,

    /// <summary>Hinges on the cosine against every stranger of the batch.</summary>
    Ranking,
}

/// <summary>How the student's features follow the teacher's.</summary>
public enum FeatureLoss
{
    /// <summary>Squared distance of the unit vectors, so that lengths do not matter.</summary>
    Direction,

    /// <summary>Mean squared error, number by number.</summary>
    Plain,
}

/// <summary>How the student's relations between pictures and texts follow the teacher's.</summary>
public enum RelationLoss
{
    /// <summary>Squared Frobenius distance of the cosines.</summary>
    Squared,

    /// <summary>Frobenius distance of the cosines.</summary>
    Frobenius,

    /// <summary>Divergence of the rows' softmaxes, in both directions.</summary>
    Kl,
}
