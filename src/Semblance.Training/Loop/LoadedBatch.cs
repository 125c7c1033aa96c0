using Semblance.Models;

namespace Semblance.Training.Loop;

/// <summary>The samples of one step, prepared beside the training thread; no tensors yet.</summary>
/// <param name="Order">Which step and samples.</param>
/// <param name="Samples">Prepared for the kind of the order.</param>
/// <param name="Hidden">The same samples prepared for pretraining too; joint training only.</param>
internal sealed record LoadedBatch(BatchOrder Order, IReadOnlyList<PreparedSample> Samples, IReadOnlyList<PreparedSample>? Hidden);
