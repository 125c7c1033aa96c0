using Semblance.Core;

namespace Semblance.Synthesis.Bodies;

/// <summary>Angles of one arm in radians: swing forward, spread to the side, bend of the elbow, turn of the forearm to the inside.</summary>
internal readonly record struct ArmPose(float Swing, float Spread, float Bend, float Inward);

/// <summary>What an arm is busy with.</summary>
internal enum ArmTask { Swing, Hang, PhoneToEar, PhoneInFront, HoldUmbrella, HoldStrap, Pocket }

/// <summary>The posture at one moment. Index 0 is the left side, 1 the right.</summary>
internal sealed record Pose
{
    public required float[] Thigh { get; init; }

    public required float[] Knee { get; init; }

    public required ArmPose[] Arms { get; init; }

    public float Lean { get; init; }

    public float Twist { get; init; }

    public float HeadYaw { get; init; }

    public float HeadPitch { get; init; }

    /// <summary>A moment of walking or standing, drawn for one picture.</summary>
    public static Pose Draw(Physique body, ArmTask left, ArmTask right, bool standing, ref Randomness randomness)
    {
        var phase = (float)randomness.NextDouble(0, 2 * Math.PI);
        var stride = standing ? 0.12f : body.Stride * (float)randomness.NextDouble(0.75, 1.15);
        var lean = body.Stoop + (float)randomness.NextDouble(-0.02, 0.06) + (standing ? 0 : 0.03f);
        Span<float> swing = [MathF.Sin(phase), -MathF.Sin(phase)];
        Span<float> rise = [MathF.Cos(phase), -MathF.Cos(phase)];
        var pose = new Pose
        {
            Thigh = [0.03f + (0.37f * stride * swing[0]), 0.03f + (0.37f * stride * swing[1])],
            Knee = [Flex(rise[0], swing[0]), Flex(rise[1], swing[1])],
            Arms = [Arm(left, -swing[0], ref randomness), Arm(right, -swing[1], ref randomness)],
            Lean = lean,
            Twist = 0.16f * stride * swing[0],
            HeadYaw = (float)(0.32 * randomness.NextGaussian()),
            HeadPitch = (float)(0.1 * randomness.NextGaussian()) + (left == ArmTask.PhoneInFront || right == ArmTask.PhoneInFront ? 0.4f : 0.05f),
        };
        return pose;

        // The knee bends most while the leg comes forward, and a little behind the body when the heel lifts.
        float Flex(float forwardSpeed, float position) =>
            0.07f + (stride * ((0.72f * MathF.Pow(MathF.Max(0, forwardSpeed), 1.6f)) + (0.2f * MathF.Max(0, -position))));

        ArmPose Arm(ArmTask task, float opposite, ref Randomness r)
        {
            var loose = (float)r.NextDouble(-0.06, 0.06);
            var spread = 0.12f + (0.06f * MathF.Max(0, body.Build)) + MathF.Abs(loose);
            return task switch
            {
                ArmTask.PhoneToEar => new ArmPose(0.55f + loose, 0.45f, 2.25f, 0.55f),
                ArmTask.PhoneInFront => new ArmPose(0.3f + loose, 0.12f, 1.35f, 0.45f),
                ArmTask.HoldUmbrella => new ArmPose(0.35f + loose, 0.18f, 1.75f, 0.25f),
                ArmTask.HoldStrap => new ArmPose(0.1f + loose, 0.3f, 2.1f, 0.5f),
                ArmTask.Pocket => new ArmPose(-0.22f, 0.32f, 0.55f, 0.3f),
                ArmTask.Hang => new ArmPose((0.08f * opposite) + loose, spread * 0.9f, 0.15f, 0.05f),
                _ => new ArmPose((0.4f * stride * body.ArmSwing * opposite) + loose, spread, 0.22f + (0.45f * stride * MathF.Max(0, opposite)), 0.12f),
            };
        }
    }
}
