using Semblance.Tensors;

namespace Semblance.Training.Loop;

/// <summary>What one step found.</summary>
/// <param name="Total">Run backward from it; scalar.</param>
/// <param name="Terms">Losses and shares by the names of their curves; scalars.</param>
internal sealed record StepLosses(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
