using Semblance.Core;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Cameras;
using Semblance.Synthesis.Scenes;

namespace Semblance.Synthesis;

/// <summary>What the box cuts off.</summary>
internal enum Cut { Nothing, Feet, Head }

/// <summary>What stands in front of the person.</summary>
internal enum Obstacle { None, Post, Bin, Bench, Suitcase, Hedge }

/// <summary>Every decision about one picture, made before anything is drawn.</summary>
internal sealed record Shot
{
    public required CameraProfile Camera { get; init; }

    /// <summary>Degrees, FineGPR's convention.</summary>
    public required float Viewpoint { get; init; }

    public required Weather Weather { get; init; }

    public required TimeOfDay Time { get; init; }

    public required int Sequence { get; init; }

    public required int Frame { get; init; }

    public required float Distance { get; init; }

    /// <summary>Metres to the right of the optical axis.</summary>
    public required float Aside { get; init; }

    public required bool Standing { get; init; }

    public required ArmTask LeftArm { get; init; }

    public required ArmTask RightArm { get; init; }

    /// <summary>0 left, 1 right, -1 none.</summary>
    public required int UmbrellaSide { get; init; }

    /// <summary>0 left, 1 right, -1 none.</summary>
    public required int PhoneSide { get; init; }

    public required Cut Cut { get; init; }

    /// <summary>Share of the person's height that is cut off.</summary>
    public required float CutShare { get; init; }

    public required Obstacle Obstacle { get; init; }

    public required int Company { get; init; }

    /// <summary>The stream for everything that is decided while drawing.</summary>
    public required Randomness Randomness { get; init; }

    /// <summary>Share of the face that is turned to the camera: 1 front, 0 from the side or behind.</summary>
    public float Frontal => MathF.Max(0, MathF.Sin(Viewpoint * MathF.PI / 180));

    /// <summary>1 from behind, 0 from the side or the front.</summary>
    public float Rear => MathF.Max(0, -MathF.Sin(Viewpoint * MathF.PI / 180));

    /// <summary>1 when the person's left side is towards the camera, -1 when the right side is.</summary>
    public float LeftSide => MathF.Cos(Viewpoint * MathF.PI / 180);
}
