namespace Semblance.Tensors.Optimisers;

/// <summary>AdamW: Loshchilov and Hutter 2019, arXiv 1711.05101. Weight decay shrinks the parameter itself by <c>1 - rate · decay</c>, beside the moments.</summary>
/// <param name="groups">At least one; no parameter twice.</param>
/// <param name="beta1">Memory of the gradient's mean.</param>
/// <param name="beta2">Memory of its square.</param>
/// <param name="epsilon">Added to the divisor.</param>
public sealed class AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    : AdaptiveMoments(groups, beta1, beta2, epsilon, isDecoupled: true);
