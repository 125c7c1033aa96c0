namespace Semblance.Training.Recipes;

/// <summary>Number format of the passes under autocast.</summary>
public enum Precision { Float32, Bfloat16 }
