using Semblance.Tensors;
using Semblance.Training.Recipes;

namespace Semblance.Training.Loop;

/// <summary>One stage of a method, as the loop sees it: what is trained, in which order the data comes, and what a batch loses.</summary>
internal abstract class TrainingStage
{
    /// <summary>As recipes, checkpoints and curves name it: <c>stage_a</c>, <c>stage_b</c>.</summary>
    public abstract string Key { get; }

    public abstract long Steps { get; }

    public abstract OptimiserRecipe Optimiser { get; }

    /// <summary>What is trained, by name.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> Parameters { get; }

    /// <summary>Parameters, buffers and all else that a checkpoint must hold; borrowed.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Takes a state that <see cref="State"/> gave.</summary>
    /// <exception cref="Semblance.Tensors.Layers.StateDictException">It is of another architecture; every difference is listed.</exception>
    public abstract void LoadState(IReadOnlyDictionary<string, Tensor> state);

    /// <summary>Whether a parameter belongs to a head that starts from nothing, and so learns at the heads' rate.</summary>
    public abstract bool IsHead(string name);

    /// <summary>Whether what is trained is what the run ends with, so that measuring it on the way says something; not so for a teacher.</summary>
    public virtual bool TrainsTheEncoder => true;

    /// <summary>Batches of all steps.</summary>
    public long BatchCount => Steps * Optimiser.Accumulate;

    /// <summary>The batches from a number on, in order, up to <see cref="BatchCount"/>, prepared by the loader's threads.</summary>
    public abstract IEnumerable<LoadedBatch> Batches(long from, CancellationToken cancellation);

    /// <summary>Batches that the finished weights run forward once more, so that normalisations end with the statistics of these weights and not of earlier ones; none by default.</summary>
    public virtual IEnumerable<LoadedBatch> LastLook(CancellationToken cancellation) => [];

    /// <summary>Runs the batch. The tensors belong to the open scope.</summary>
    public abstract StepLosses Forward(LoadedBatch batch, Device device);
}
