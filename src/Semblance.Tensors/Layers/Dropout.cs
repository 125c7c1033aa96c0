namespace Semblance.Tensors.Layers;

/// <summary>In training sets each element to zero with a probability and scales the others so that the mean stays; in evaluation nothing.</summary>
public sealed class Dropout : Layer
{
    /// <param name="probability">Of being dropped, from 0 to below 1.</param>
    public Dropout(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        Probability = probability;
    }

    /// <summary>Of being dropped.</summary>
    public double Probability { get; }

    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Dropout(Probability, IsTraining);
    }
}
