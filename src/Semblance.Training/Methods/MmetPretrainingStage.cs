using Semblance.Core;
using Semblance.Data.Sampling;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Methods;

/// <summary>Stage A of MMET: kinds of batches in turn, each kind with an order of its own.</summary>
internal sealed class MmetPretrainingStage : TrainingStage
{
    private readonly MmetWork _work;
    private readonly MmetPretraining _model;
    private readonly RoundRobin _kinds;
    private readonly Dictionary<MmetBatchKind, BatchStream> _streams;

    /// <exception cref="ArgumentException">The recipe wants captions or people that the sources do not have.</exception>
    public MmetPretrainingStage(MmetWork work, MmetPretraining model)
    {
        _work = work;
        _model = model;
        _kinds = new RoundRobin(work.Recipe.StageA.Ratio);
        _streams = _kinds.Kinds.ToDictionary(kind => kind, kind => Order(work, kind));
    }

    public override string Key => "stage_a";

    public override long Steps => _work.Recipe.StageA.Steps;

    public override OptimiserRecipe Optimiser => _work.Recipe.StageA.Optimiser;

    public override IEnumerable<(string Name, Tensor Tensor)> Parameters => _model.NamedParameters();

    public override IReadOnlyDictionary<string, Tensor> State => _model.StateDict();

    public override void LoadState(IReadOnlyDictionary<string, Tensor> state) => _model.LoadStateDict(state);

    public override bool IsHead(string name) => !name.StartsWith("model.", StringComparison.Ordinal);

    public override IEnumerable<LoadedBatch> Batches(long from, CancellationToken cancellation) => _work.Load(
        Orders(from),
        (order, index) => (_work.Prepare(Key, order.Kind, order.Epoch, index, order.Kind != MmetBatchKind.Texts, order.Kind != MmetBatchKind.Images), null),
        cancellation);

    public override StepLosses Forward(LoadedBatch batch, Device device)
    {
        var random = Randomness.For((ulong)_work.Recipe.Seed, Randomness.Key("re-pairing"), batch.Order.Step);
        using var inputs = _work.Preparation.Collate(batch.Order.Kind, batch.Samples, ref random, device);
        var losses = _model.Forward(inputs);
        return new StepLosses(losses.Total, [.. losses.Terms.Select(term => (term.Name, term.Loss))]);
    }

    private IEnumerable<BatchOrder> Orders(long from)
    {
        for (var number = from; number < BatchCount; number++)
        {
            var kind = _kinds.At(number);
            var (epoch, samples) = _streams[kind].At(_kinds.CountBefore(number, kind));
            yield return new BatchOrder(number, kind, epoch, samples);
        }
    }

    private static BatchStream Order(MmetWork work, MmetBatchKind kind)
    {
        var (stage, all) = (work.Recipe.StageA, work.Samples.Training);
        int[] usable = [.. Enumerable.Range(0, all.Count).Where(i => kind == MmetBatchKind.Images || all[i].Record.Captions.Count > 0)];
        var needed = kind == MmetBatchKind.Pairs ? 2 : 1;
        if (usable.Length < needed)
        {
            throw new ArgumentException($"stage_a wants batches of {kind.ToString().ToLowerInvariant()}, but {usable.Length} of {all.Count} training pictures have captions: "
                + "set stage_a.ratio.text and stage_a.ratio.pair to 0, or add a source with captions");
        }

        var seed = Randomness.For((ulong)work.Recipe.Seed, Randomness.Key("stage_a order"), (long)kind).NextBits();
        IBatchSampler sampler = kind == MmetBatchKind.Pairs && stage.OnePerIdentity
            ? new OnePerIdentitySampler([.. usable.Select(i => all[i].Labelled)], stage.BatchSize, seed)
            : new ShuffledSampler(usable.Length, stage.BatchSize, seed);
        return new BatchStream(epoch => [.. sampler.Batches(epoch).Select(batch => Array.ConvertAll(batch, place => usable[place]))]);
    }
}
