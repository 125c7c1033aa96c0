namespace Semblance.Training.Recipes;

/// <summary>Course of the learning rate after the warm-up: half a cosine or a line down to the floor, or level.</summary>
public enum ScheduleKind { Cosine, Linear, Constant }
