namespace Semblance.Models.Masking;

/// <summary>Provider 5: every cell is person. Pedestrian masking with it <em>is</em> random masking.</summary>
public sealed class NoForeground : IForegroundProvider
{
    /// <inheritdoc/>
    public float[] Locate(ForegroundEvidence evidence, PatchGrid grid)
    {
        var all = new float[grid.Count];
        Array.Fill(all, 1f);
        return all;
    }
}
