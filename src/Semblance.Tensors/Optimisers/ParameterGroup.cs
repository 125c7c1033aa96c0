namespace Semblance.Tensors.Optimisers;

/// <summary>Parameters that share their settings; all settings may change between steps.</summary>
/// <param name="parameters">Leaves that require a gradient; borrowed, each in one group only.</param>
public sealed class ParameterGroup(IEnumerable<Tensor> parameters)
{
    public IReadOnlyList<Tensor> Parameters { get; } = [.. parameters];

    /// <summary>What the schedule sets.</summary>
    public required double LearningRate { get; set; }

    /// <summary>What this group multiplies the learning rate by, whatever the schedule sets: 10 for a new head, 0.1 for old layers.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>See the optimiser for what it means there.</summary>
    public double WeightDecay { get; set; }
}
