using System.Numerics;
using Semblance.Core;

namespace Semblance.Synthesis.Scenes;

/// <summary>A kind of place with its own cameras, light, weather and way of dressing. Models are trained in some domains and tried in others.</summary>
public sealed class Domain
{
    private Domain(string name, string summary, int cameras, int placeCode, Func<int, Place> build)
    {
        Name = name;
        Summary = summary;
        Cameras = cameras;
        PlaceCode = placeCode;
        Places = new Lazy<Place[]>(() => [.. Enumerable.Range(0, cameras).Select(build)]);
    }

    /// <summary>Every domain, in a fixed order.</summary>
    public static IReadOnlyList<Domain> All { get; } =
    [
        new("plaza", "a paved square between offices, spring to autumn, tall masts", 6, 1, PlaceBuilder.Plaza)
        {
            Weathers = [4, 3, 2, 0.3, 3, 0, 0], Times = [0, 0.5, 3, 3, 3, 0.7, 0], Warmth = 0.55f, MastHeight = (3.2f, 5.2f), Distance = (5, 13), NativeHeight = (120, 300), Noise = 0.006f,
        },
        new("station", "a railway hall with pillars and a platform, lamps, travellers with bags", 6, 2, PlaceBuilder.Station)
        {
            Indoors = true, LampsOn = true, LampTint = new Vector3(0.95f, 1.02f, 1.0f), Warmth = -0.1f, Bags = 1.7f, MastHeight = (2.6f, 3.6f), Distance = (4, 11), NativeHeight = (110, 220), Noise = 0.009f,
        },
        new("campus", "paths and lawns between brick houses, students with backpacks", 6, 3, PlaceBuilder.Campus)
        {
            Weathers = [4, 3, 2, 1, 3, 0, 0.4], Times = [0, 0.8, 3, 2, 3, 1.2, 0], Warmth = 0.3f, Youth = 0.7f, Bags = 1.6f, MastHeight = (2.4f, 4.2f), Distance = (4.5f, 14), NativeHeight = (120, 260), Noise = 0.009f,
        },
        new("night-street", "a shopping street after dark, sodium lamps and lit windows, grainy cameras", 6, 4, PlaceBuilder.NightStreet)
        {
            LampsOn = true, Weathers = [1, 2, 2, 0.5, 3, 0, 0], Times = [2, 0, 0, 0, 0, 0.6, 4], Warmth = -0.15f, MastHeight = (2.8f, 4.8f), Distance = (4, 11), NativeHeight = (110, 210), Noise = 0.017f,
        },
        new("rain", "wet asphalt, umbrellas, a grey sky and drops on the way", 5, 6, PlaceBuilder.Rain)
        {
            Weathers = [0, 0.4, 4, 1, 0.3, 0, 0], Times = [0, 0.7, 2, 2, 2, 1.5, 0.8], Warmth = -0.35f, Rainfall = 1, Umbrellas = 0.42f, MastHeight = (2.8f, 4.6f), Distance = (4.5f, 12), NativeHeight = (110, 240), Noise = 0.010f,
        },
        new("shop", "aisles under warm lamps, steep cameras close by", 5, 7, PlaceBuilder.Shop)
        {
            Indoors = true, LampsOn = true, LampTint = new Vector3(1.12f, 1.0f, 0.82f), Warmth = 0.2f, MastHeight = (2.7f, 3.3f), Distance = (2.6f, 6), NativeHeight = (140, 320), Noise = 0.007f,
        },
        new("snow", "a park under snow, thick coats, flakes before the lens", 5, 8, PlaceBuilder.Snow)
        {
            Weathers = [0.4, 0, 0.6, 0, 0, 3, 4], Times = [0, 0.8, 2, 2, 2, 1, 0.6], Warmth = -0.95f, MastHeight = (2.6f, 4.4f), Distance = (4.5f, 13), NativeHeight = (110, 240), Noise = 0.010f,
        },
    ];

    /// <summary>Stable key, used in file names and seeds.</summary>
    public string Name { get; }

    /// <summary>What it looks like, in words.</summary>
    public string Summary { get; }

    /// <summary>How many cameras watch it; they are numbered from 1.</summary>
    public int Cameras { get; }

    /// <summary>FineGPR's place code, 1 to 9.</summary>
    public int PlaceCode { get; }

    internal double[] Weathers { get; private init; } = [0, 0, 0, 0, 1, 0, 0];

    internal double[] Times { get; private init; } = [0, 0, 1, 1, 1, 0, 0];

    internal bool Indoors { get; private init; }

    /// <summary>Whether lamps and windows shine at any hour.</summary>
    internal bool LampsOn { get; private init; }

    internal Vector3 LampTint { get; private init; } = Vector3.One;

    /// <summary>-1 deep winter clothes, 1 high summer clothes.</summary>
    internal float Warmth { get; private init; }

    /// <summary>How much younger than elsewhere people are, 0 to 1.</summary>
    internal float Youth { get; private init; }

    /// <summary>How many more bags than elsewhere people carry; 1 is ordinary.</summary>
    internal float Bags { get; private init; } = 1;

    internal float Umbrellas { get; private init; } = 0.01f;

    internal float Rainfall { get; private init; }

    internal (float Low, float High) MastHeight { get; private init; }

    internal (float Near, float Far) Distance { get; private init; }

    /// <summary>Pixels that a person is high in the camera's own picture.</summary>
    internal (float Low, float High) NativeHeight { get; private init; }

    internal float Noise { get; private init; }

    internal Lazy<Place[]> Places { get; }

    /// <summary>The domain of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message offers the nearest name.</exception>
    public static Domain Named(string name) =>
        All.FirstOrDefault(domain => domain.Name == name) ??
        throw new ArgumentException($"no domain is called \"{name}\"{Suggestion.DidYouMean(name, All.Select(domain => domain.Name))}; there are {string.Join(", ", All.Select(domain => domain.Name))}", nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
