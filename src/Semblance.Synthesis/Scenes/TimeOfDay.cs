namespace Semblance.Synthesis.Scenes;

/// <summary>FineGPR's seven times of day, in the order of their codes l01 to l07.</summary>
public enum TimeOfDay { Midnight, Dawn, Forenoon, Noon, Afternoon, Dusk, Night }
