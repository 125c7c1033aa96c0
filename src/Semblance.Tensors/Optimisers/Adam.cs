namespace Semblance.Tensors.Optimisers;

/// <summary>Adam: Kingma and Ba 2015, arXiv 1412.6980. Weight decay is added to the gradient and so passes through the moments.</summary>
/// <param name="groups">At least one; no parameter twice.</param>
/// <param name="beta1">Memory of the gradient's mean.</param>
/// <param name="beta2">Memory of its square.</param>
/// <param name="epsilon">Added to the divisor.</param>
public sealed class Adam(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    : AdaptiveMoments(groups, beta1, beta2, epsilon, isDecoupled: false);
