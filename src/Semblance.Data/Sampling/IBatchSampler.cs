namespace Semblance.Data.Sampling;

/// <summary>Cuts a list of records into batches: a pure function of its options and the epoch, so that a resumed run sees the same batches.</summary>
public interface IBatchSampler
{
    /// <summary>The batches of an epoch: indices into the list of records that the sampler was made for.</summary>
    /// <param name="epoch">Counts from 0.</param>
    IReadOnlyList<int[]> Batches(int epoch);
}
