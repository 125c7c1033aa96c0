using Semblance.Models;

namespace Semblance.Training.Loop;

/// <summary>Which samples make up the batch of one step.</summary>
/// <param name="Step">Of the stage, from 0.</param>
/// <param name="Kind">What the batch holds.</param>
/// <param name="Epoch">Pass over the data, or the batch's own number where a pass may hold a sample many times; keys the augmentation, so that none repeats another.</param>
/// <param name="Samples">Places among the training samples.</param>
internal sealed record BatchOrder(long Step, MmetBatchKind Kind, long Epoch, IReadOnlyList<int> Samples);
