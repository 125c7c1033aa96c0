namespace Semblance.Data.Loading;

/// <summary>Where an item stands: what randomness for it is keyed by, since one record may stand twice in a batch.</summary>
/// <param name="Batch">Number of the batch in this run of the loader, from 0.</param>
/// <param name="Position">Position in the batch, from 0.</param>
/// <param name="Index">Index of the record, as the sampler gave it.</param>
public readonly record struct LoadPlace(int Batch, int Position, int Index);
