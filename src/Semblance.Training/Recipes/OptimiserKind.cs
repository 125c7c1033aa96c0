namespace Semblance.Training.Recipes;

/// <summary>Update rule.</summary>
public enum OptimiserKind { Adamw, Adam, Sgd }
