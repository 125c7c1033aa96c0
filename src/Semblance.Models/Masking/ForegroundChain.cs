namespace Semblance.Models.Masking;

/// <summary>Asks providers in turn; the first that knows answers.</summary>
/// <param name="providers">Best evidence first; the last one should always answer.</param>
public sealed class ForegroundChain(params IReadOnlyList<IForegroundProvider> providers) : IForegroundProvider
{
    /// <summary>The data set's mask, else key points, else the ellipse [decision D11]. Attention is chosen explicitly: it needs an encoder that is already good.</summary>
    public static ForegroundChain Default { get; } = new(new MaskForeground(), new KeyPointForeground(), new EllipseForeground());

    /// <inheritdoc/>
    public float[]? Locate(ForegroundEvidence evidence, PatchGrid grid)
    {
        foreach (var provider in providers)
        {
            if (provider.Locate(evidence, grid) is { } map)
            {
                return map;
            }
        }

        return null;
    }
}
