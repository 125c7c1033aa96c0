namespace Semblance.Training.Recipes;

/// <summary>What makes a batch of labelled pictures.</summary>
public enum IdentificationOrder
{
    /// <summary>P people with K pictures each.</summary>
    People,

    /// <summary>P·K pictures in random order, every picture once in an epoch.</summary>
    Random,
}
