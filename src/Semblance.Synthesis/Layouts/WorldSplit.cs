namespace Semblance.Synthesis.Layouts;

/// <summary>Which share of a world's people is for training and which for validation; the rest is for testing. People are never in two of them.</summary>
/// <param name="Train">Share in [0, 1].</param>
/// <param name="Val">Share in [0, 1]; with <paramref name="Train"/> at most 1.</param>
public readonly record struct WorldSplit(double Train, double Val)
{
    /// <summary>Half for training and half for testing, as in Market-1501.</summary>
    public static WorldSplit Halves { get; } = new(0.5, 0);

    /// <summary>Everybody is for training, as in FineGPR.</summary>
    public static WorldSplit AllTrain { get; } = new(1, 0);

    /// <summary>Everybody is for testing: an unseen domain.</summary>
    public static WorldSplit AllTest { get; } = new(0, 0);

    /// <summary>Numbers of the first identities for training, and of the next ones for validation.</summary>
    /// <exception cref="ArgumentException">The shares are not between 0 and 1, or add up to more.</exception>
    internal (int Train, int Val) Counts(int identities)
    {
        if (!(Train >= 0 && Val >= 0 && Train + Val <= 1 + 1e-9))
        {
            throw new ArgumentException($"the split is {Train} for training and {Val} for validation, expected shares of 0 or more that add up to at most 1");
        }

        var train = (int)Math.Round(Train * identities);
        return (train, Math.Min(identities - train, (int)Math.Round(Val * identities)));
    }
}
