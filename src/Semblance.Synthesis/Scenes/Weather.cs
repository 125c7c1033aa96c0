namespace Semblance.Synthesis.Scenes;

/// <summary>FineGPR's seven weathers, in the order of their codes w01 to w07.</summary>
public enum Weather { Sunny, Clouds, Overcast, Foggy, Neutral, Blizzard, Snowlight }
