namespace Semblance.Models.Masking;

/// <summary>Provider 2: capsules of radius 0.06 H around the limbs and a disc of that radius at the head; the share of each cell that they cover.</summary>
public sealed class KeyPointForeground : IForegroundProvider
{
    private const float Radius = 0.06f;    // of the input's height [decision D11]
    private const int SamplesPerSide = 4;  // a cell is sampled at 16 points: f is then within 1/32 of exact on a straight edge, and is only compared with 0.5

    private static readonly (BodyJoint From, BodyJoint To)[] Limbs =
    [
        (BodyJoint.Head, BodyJoint.Neck), (BodyJoint.Neck, BodyJoint.LeftShoulder), (BodyJoint.Neck, BodyJoint.RightShoulder),
        (BodyJoint.LeftShoulder, BodyJoint.LeftElbow), (BodyJoint.LeftElbow, BodyJoint.LeftWrist),
        (BodyJoint.RightShoulder, BodyJoint.RightElbow), (BodyJoint.RightElbow, BodyJoint.RightWrist),
        (BodyJoint.LeftShoulder, BodyJoint.LeftHip), (BodyJoint.RightShoulder, BodyJoint.RightHip), (BodyJoint.LeftHip, BodyJoint.RightHip),
        (BodyJoint.LeftHip, BodyJoint.LeftKnee), (BodyJoint.LeftKnee, BodyJoint.LeftAnkle),
        (BodyJoint.RightHip, BodyJoint.RightKnee), (BodyJoint.RightKnee, BodyJoint.RightAnkle),
    ];

    /// <inheritdoc/>
    public float[]? Locate(ForegroundEvidence evidence, PatchGrid grid)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.KeyPoints is not { Count: > 0 } points)
        {
            return null;
        }

        var at = new Dictionary<BodyJoint, BodyPoint>();
        foreach (var point in points)
        {
            at[point.Joint] = point;
        }

        var capsules = new List<(BodyPoint From, BodyPoint To)>();
        foreach (var (from, to) in Limbs)
        {
            if (at.TryGetValue(from, out var a) && at.TryGetValue(to, out var b))
            {
                capsules.Add((a, b));
            }
        }

        if (at.TryGetValue(BodyJoint.Head, out var head))
        {
            capsules.Add((head, head));
        }

        var radius = Radius * grid.Height;
        var share = new float[grid.Count];
        for (var cell = 0; cell < share.Length; cell++)
        {
            var (top, left) = grid.CellOrigin(cell);
            var covered = 0;
            for (var sample = 0; sample < SamplesPerSide * SamplesPerSide; sample++)
            {
                var x = left + (((sample % SamplesPerSide) + 0.5f) * grid.CellSize / SamplesPerSide);
                var y = top + (((sample / SamplesPerSide) + 0.5f) * grid.CellSize / SamplesPerSide);
                covered += capsules.Any(c => SquaredDistance(x, y, c.From, c.To) <= radius * radius) ? 1 : 0;
            }

            share[cell] = (float)covered / (SamplesPerSide * SamplesPerSide);
        }

        return share;
    }

    private static float SquaredDistance(float x, float y, BodyPoint a, BodyPoint b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = (dx * dx) + (dy * dy);
        var t = length == 0 ? 0 : Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / length, 0, 1);
        var (ex, ey) = (x - a.X - (t * dx), y - a.Y - (t * dy));
        return (ex * ex) + (ey * ey);
    }
}
