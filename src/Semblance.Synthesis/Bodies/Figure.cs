using System.Numerics;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Bodies;

/// <summary>
/// A body in a posture: joints and cross sections in the person's own frame, x to the person's left, y up from the ground, z forward, in metres.
/// Index 0 is the left side, 1 the right.
/// </summary>
internal sealed class Figure
{
    // Half width, depth to the front and to the back of the torso, in heights, from below the hips (t = -0.14) to the base of the neck (t = 1).
    private static readonly float[] Levels = [-0.14f, 0, 0.15f, 0.36f, 0.62f, 0.80f, 0.90f, 0.96f, 1.0f, 1.06f];
    private static readonly float[] MaleWidth = [0.088f, 0.096f, 0.093f, 0.086f, 0.099f, 0.109f, 0.098f, 0.072f, 0.045f, 0.034f];
    private static readonly float[] FemaleWidth = [0.096f, 0.104f, 0.097f, 0.075f, 0.086f, 0.094f, 0.086f, 0.062f, 0.037f, 0.029f];
    private static readonly float[] MaleFront = [0.052f, 0.056f, 0.057f, 0.058f, 0.068f, 0.062f, 0.052f, 0.044f, 0.036f, 0.034f];
    private static readonly float[] FemaleFront = [0.050f, 0.054f, 0.054f, 0.051f, 0.077f, 0.061f, 0.046f, 0.038f, 0.031f, 0.029f];
    private static readonly float[] MaleBack = [0.062f, 0.066f, 0.058f, 0.050f, 0.058f, 0.060f, 0.054f, 0.046f, 0.038f, 0.034f];
    private static readonly float[] FemaleBack = [0.066f, 0.073f, 0.060f, 0.044f, 0.050f, 0.052f, 0.047f, 0.040f, 0.032f, 0.029f];

    private readonly Vector3 _bend;

    public Figure(Physique body, Pose pose)
    {
        Body = body;
        var h = body.Height;
        var thigh = 0.245f * h * body.Legs;
        var shin = 0.243f * h * body.Legs;
        AnkleHeight = 0.045f * h;
        var hipHalf = float.Lerp(0.050f, 0.054f, body.Femininity) * h * body.Hips * (1 + (0.08f * MathF.Max(0, body.Build)));

        Hips = new Vector3[2];
        Knees = new Vector3[2];
        Ankles = new Vector3[2];
        FeetForward = new Vector3[2];
        PelvisLeft = Vector3.Normalize(new Vector3(1, 0, -pose.Twist * 0.5f));
        var lowest = float.MaxValue;
        for (var s = 0; s < 2; s++)
        {
            var side = s == 0 ? 1f : -1f;
            Hips[s] = PelvisLeft * (side * hipHalf);
            Knees[s] = Hips[s] + (thigh * Direction(pose.Thigh[s], -side * 0.015f));
            Ankles[s] = Knees[s] + (shin * Direction(pose.Thigh[s] - pose.Knee[s], -side * 0.012f));
            var pitch = Math.Clamp((pose.Thigh[s] - pose.Knee[s]) * 0.8f, -0.8f, 0.35f);
            FeetForward[s] = Vector3.Normalize(new Vector3(side * 0.13f, MathF.Sin(pitch), MathF.Cos(pitch)));
            var sole = Ankles[s].Y - (AnkleHeight * MathF.Cos(pitch));
            lowest = MathF.Min(lowest, MathF.Min(sole + (FeetForward[s].Y * 0.095f * h), sole - (FeetForward[s].Y * 0.035f * h)));
        }

        Pelvis = new Vector3(0, -lowest, 0);
        for (var s = 0; s < 2; s++)
        {
            Hips[s] += Pelvis;
            Knees[s] += Pelvis;
            Ankles[s] += Pelvis;
        }

        var torso = 0.3f * h * (1 - (0.5f * (body.Legs - 1)));
        var (sin, cos) = MathF.SinCos(pose.Lean);
        Neck = Pelvis + new Vector3(0, torso * cos, torso * sin);
        _bend = new Vector3(0, 0, (-0.018f * h) - (body.Stoop * 0.22f * h));
        ChestLeft = Vector3.Normalize(new Vector3(1, 0, pose.Twist));

        Shoulders = new Vector3[2];
        Elbows = new Vector3[2];
        Wrists = new Vector3[2];
        Hands = new Vector3[2];
        var shoulder = Section(0.86f);
        var reach = shoulder.HalfWidth - (0.010f * h);
        for (var s = 0; s < 2; s++)
        {
            var side = s == 0 ? 1f : -1f;
            var arm = pose.Arms[s];
            Shoulders[s] = shoulder.Centre + (ChestLeft * (side * reach)) - new Vector3(0, 0.004f * h, 0);
            Elbows[s] = Shoulders[s] + (0.172f * h * ArmDirection(arm.Swing, arm.Spread, side));
            var inward = arm.Spread - arm.Inward;
            var forearm = ArmDirection(arm.Swing + arm.Bend, inward, side);
            Wrists[s] = Elbows[s] + (0.145f * h * forearm);
            Hands[s] = Wrists[s] + (0.045f * h * Vector3.Normalize(forearm - new Vector3(0, 0.25f, 0)));
        }

        var (yawSin, yawCos) = MathF.SinCos(pose.HeadYaw);
        var (pitchSin, pitchCos) = MathF.SinCos(pose.HeadPitch + (0.3f * pose.Lean));
        var facing = Vector3.Normalize((ChestLeft * yawSin) + (new Vector3(-ChestLeft.Z, 0, ChestLeft.X) * yawCos));
        HeadForward = Vector3.Normalize((facing * pitchCos) - (Vector3.UnitY * pitchSin));
        HeadLeft = Vector3.Normalize(new Vector3(facing.Z, 0, -facing.X));
        HeadUp = Vector3.Normalize((facing * pitchSin) + (Vector3.UnitY * pitchCos));
        HeadHalfHeight = 0.0655f * h * body.Head;
        NeckForward = MathF.Sin(pose.Lean);
        HeadCentre = Neck + new Vector3(0, 0.036f * h, (0.012f * h) + (0.05f * h * NeckForward)) + (HeadUp * HeadHalfHeight);
        ChestForward = new Vector3(-ChestLeft.Z, 0, ChestLeft.X);
    }

    public Physique Body { get; }

    public Vector3 Pelvis { get; }

    public Vector3 Neck { get; }

    public Vector3 PelvisLeft { get; }

    public Vector3 ChestLeft { get; }

    public Vector3 ChestForward { get; }

    public Vector3[] Hips { get; }

    public Vector3[] Knees { get; }

    public Vector3[] Ankles { get; }

    public Vector3[] FeetForward { get; }

    public Vector3[] Shoulders { get; }

    public Vector3[] Elbows { get; }

    public Vector3[] Wrists { get; }

    public Vector3[] Hands { get; }

    public Vector3 HeadCentre { get; }

    public Vector3 HeadForward { get; }

    public Vector3 HeadLeft { get; }

    public Vector3 HeadUp { get; }

    public float HeadHalfHeight { get; }

    public float AnkleHeight { get; }

    public float NeckForward { get; }

    /// <summary>The torso's cross section at level t: 0 at the hip joints, 1 at the base of the neck.</summary>
    /// <param name="t">Level.</param>
    /// <param name="ease">Metres that cloth stands off the skin.</param>
    /// <param name="straight">How far cloth hangs straight from the widest part instead of following the waist, 0 to 1.</param>
    public Ring Section(float t, float ease = 0, float straight = 0)
    {
        var h = Body.Height;
        var f = Body.Femininity;
        var build = Body.Build;
        var width = Mix(MaleWidth, FemaleWidth, t, f);
        var front = Mix(MaleFront, FemaleFront, t, f);
        var back = Mix(MaleBack, FemaleBack, t, f);
        var core = Bump(t, 0.35f, 0.5f);
        width *= 1 + (0.13f * build) + (0.10f * core * MathF.Max(0, build));
        front *= 1 + (0.14f * build);
        back *= 1 + (0.12f * build);
        front += (0.030f * Body.Belly) * Bump(t, 0.28f, 0.34f);
        width *= float.Lerp(Body.Hips, Body.Shoulders, Math.Clamp((t - 0.1f) / 0.6f, 0, 1));
        if (straight > 0 && t < 0.8f)
        {
            var chest = Mix(MaleWidth, FemaleWidth, 0.66f, f) * (1 + (0.13f * build)) * Body.Shoulders;
            var deep = Mix(MaleFront, FemaleFront, 0.62f, f) * (1 + (0.14f * build));
            width = float.Lerp(width, MathF.Max(width, chest * 0.98f), straight);
            front = float.Lerp(front, MathF.Max(front, deep * 0.93f), straight);
            back = float.Lerp(back, MathF.Max(back, 0.057f), straight);
        }

        var fade = t > 0.9f ? 0.35f + (0.65f * MathF.Max(0, (1.06f - t) / 0.16f)) : 1;
        ease *= fade;
        var blend = Math.Clamp(t, 0, 1);
        var centre = Vector3.Lerp(Pelvis, Neck, t) + (_bend * Bump(t, 0.62f, 0.6f)) + new Vector3(0, 0, 0.008f * h * Bump(t, 0.3f, 0.35f));
        var left = Vector3.Normalize(Vector3.Lerp(PelvisLeft, ChestLeft, blend));
        var forward = Vector3.Normalize(new Vector3(-left.Z, -(Neck.Z - Pelvis.Z) / MathF.Max(0.1f, Neck.Y - Pelvis.Y) * blend, left.X));
        return new Ring(centre, left, forward, (width * h) + ease, (front * h) + ease, (back * h) + ease, 2.25f);
    }

    /// <summary>
    /// A cross section around both legs: s = 0 at the hip joints, 1 at the knees, 2 at the ankles. It holds both legs whatever the step.
    /// </summary>
    public Ring AroundLegs(float s, float ease)
    {
        var a = LegPoint(0, s);
        var b = LegPoint(1, s);
        var radius = LegRadius(s) + ease;
        var centre = (a + b) / 2;
        var hips = Section(0.0f, ease);
        var near = Math.Clamp(1 - (s * 1.6f), 0, 1);
        var halfX = (MathF.Abs(a.X - b.X) / 2) + radius;
        var halfZ = (MathF.Abs(a.Z - b.Z) / 2) + radius;
        return new Ring(
            centre,
            Vector3.UnitX,
            Vector3.UnitZ,
            float.Lerp(MathF.Max(halfX, hips.HalfWidth * (1 - (0.1f * s))), hips.HalfWidth, near),
            float.Lerp(halfZ, MathF.Max(hips.DepthFront, halfZ), near),
            float.Lerp(halfZ, MathF.Max(hips.DepthBack, halfZ), near),
            2.1f);
    }

    /// <summary>A point on the axis of a leg: s = 0 hip joint, 1 knee, 2 ankle.</summary>
    public Vector3 LegPoint(int side, float s) =>
        s <= 1 ? Vector3.Lerp(Hips[side], Knees[side], s) : Vector3.Lerp(Knees[side], Ankles[side], s - 1);

    /// <summary>Radius of the bare leg in metres.</summary>
    public float LegRadius(float s)
    {
        ReadOnlySpan<float> radii = [0.050f, 0.0475f, 0.041f, 0.0345f, 0.0305f, 0.0325f, 0.0295f, 0.0225f, 0.0205f];
        var x = Math.Clamp(s, 0, 2) * 4;
        var i = Math.Min((int)x, 7);
        var radius = float.Lerp(radii[i], radii[i + 1], x - i);
        return radius * Body.Height * Body.Limbs * (1 + (0.16f * Body.Build * (1 - (0.25f * s))) + (0.05f * Body.Femininity * MathF.Max(0, 1 - s)));
    }

    /// <summary>Radius of the bare arm in metres: s = 0 shoulder, 1 elbow, 2 wrist.</summary>
    public float ArmRadius(float s)
    {
        ReadOnlySpan<float> radii = [0.0315f, 0.0290f, 0.0250f, 0.0245f, 0.0170f];
        var x = Math.Clamp(s, 0, 2) * 2;
        var i = Math.Min((int)x, 3);
        var radius = float.Lerp(radii[i], radii[i + 1], x - i);
        return radius * Body.Height * Body.Limbs * (1 + (0.18f * Body.Build)) * (1 - (0.16f * Body.Femininity));
    }

    private static Vector3 Direction(float swing, float splay)
    {
        var (sin, cos) = MathF.SinCos(swing);
        return Vector3.Normalize(new Vector3(splay, -cos, sin));
    }

    private Vector3 ArmDirection(float swing, float spread, float side)
    {
        var (sin, cos) = MathF.SinCos(swing);
        var (out_, in_) = MathF.SinCos(spread);
        var forward = new Vector3(-ChestLeft.Z, 0, ChestLeft.X);
        return Vector3.Normalize((ChestLeft * (side * out_)) + (in_ * ((forward * sin) - (Vector3.UnitY * cos))));
    }

    private static float Bump(float t, float middle, float reach)
    {
        var d = (t - middle) / reach;
        return MathF.Max(0, 1 - (d * d));
    }

    private static float Mix(float[] male, float[] female, float t, float f) => float.Lerp(Curve(male, t), Curve(female, t), f);

    /// <summary>Cubic Hermite curve through the table, with finite-difference tangents.</summary>
    private static float Curve(float[] table, float t)
    {
        if (t <= Levels[0])
        {
            return table[0];
        }

        var last = Levels.Length - 1;
        if (t >= Levels[last])
        {
            return table[last];
        }

        var i = 0;
        while (t > Levels[i + 1])
        {
            i++;
        }

        var width = Levels[i + 1] - Levels[i];
        var x = (t - Levels[i]) / width;
        var m0 = Tangent(table, i) * width;
        var m1 = Tangent(table, i + 1) * width;
        var x2 = x * x;
        var x3 = x2 * x;
        return (((2 * x3) - (3 * x2) + 1) * table[i]) + ((x3 - (2 * x2) + x) * m0) + (((-2 * x3) + (3 * x2)) * table[i + 1]) + ((x3 - x2) * m1);
    }

    private static float Tangent(float[] table, int i)
    {
        var a = Math.Max(0, i - 1);
        var b = Math.Min(Levels.Length - 1, i + 1);
        return (table[b] - table[a]) / (Levels[b] - Levels[a]);
    }
}
