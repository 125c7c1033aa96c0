using Semblance.Core;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Methods;

/// <summary>Stage B of MMET: P people with K pictures each. Joint training (decision D1) adds the pretraining losses of the same samples.</summary>
internal sealed class MmetIdentificationStage : TrainingStage
{
    private const string Pretraining = "pretraining.";
    private readonly MmetWork _work;
    private readonly MmetIdentification _model;
    private readonly MmetPretraining? _pretraining;
    private readonly BatchStream _order;

    /// <param name="work">Samples and recipe.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="pretraining">On the same model; joint training only.</param>
    public MmetIdentificationStage(MmetWork work, MmetIdentification model, MmetPretraining? pretraining)
    {
        _work = work;
        _model = model;
        _pretraining = pretraining;
        _order = work.Identities("stage_b");
    }

    public override string Key => "stage_b";

    public override long Steps => _work.Recipe.StageB.Steps;

    public override OptimiserRecipe Optimiser => _work.Recipe.StageB.Optimiser;

    public override IEnumerable<(string Name, Tensor Tensor)> Parameters => _pretraining is null ? _model.NamedParameters() : _model.NamedParameters().Concat(PretrainingHeads());

    public override IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            var state = new Dictionary<string, Tensor>(_model.StateDict(), StringComparer.Ordinal);
            foreach (var (name, tensor) in PretrainingHeads())
            {
                state.Add(name, tensor);
            }

            return state;
        }
    }

    public override void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        _model.LoadStateDict(state.Where(pair => !pair.Key.StartsWith(Pretraining, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal));
        foreach (var (name, tensor) in PretrainingHeads())
        {
            tensor.CopyFrom(state.GetValueOrDefault(name) ?? throw new SemblanceFormatException("checkpoint", $"no {name}: it is not of a joint training"));
        }
    }

    public override bool IsHead(string name) => !name.StartsWith("model.", StringComparison.Ordinal);

    public override IEnumerable<LoadedBatch> Batches(long from, CancellationToken cancellation) => _work.Load(Orders(from), Prepare, cancellation);

    public override StepLosses Forward(LoadedBatch batch, Device device)
    {
        var random = Randomness.For((ulong)_work.Recipe.Seed, Randomness.Key("joint re-pairing"), batch.Order.Step);
        using var inputs = _work.Preparation.Collate(MmetBatchKind.Identities, batch.Samples, ref random, device);
        var omitsText = MmetIdentification.OmitsText(_work.Options, (ulong)_work.Recipe.Seed, batch.Order.Step);
        var losses = _model.Forward((IdentityBatch)inputs, omitsText);
        var terms = new List<(string, Tensor)>();
        foreach (var (head, found) in losses.Heads)
        {
            terms.Add(($"id_{head}", found.Identity));
            terms.Add(($"triplet_{head}", found.Triplet));
            terms.Add(($"accuracy_{head}", found.Right.To(ScalarType.Float32) / batch.Samples.Count));
        }

        if (losses.Contrastive is { } contrastive)
        {
            terms.Add(("gc", contrastive));
        }

        if (batch.Hidden is not { } hidden)
        {
            return new StepLosses(losses.Total, terms);
        }

        using var masked = _work.Preparation.Collate(HiddenKind(hidden[0]), hidden, ref random, device);
        var pretraining = _pretraining!.Forward(masked);
        terms.AddRange(pretraining.Terms.Select(term => (term.Name, term.Loss)));
        return new StepLosses(losses.Total + (pretraining.Total * _work.Options.JointWeight), terms);
    }

    private static MmetBatchKind HiddenKind(PreparedSample sample) => sample.Tokens is null ? MmetBatchKind.Images : MmetBatchKind.Pairs;

    private IEnumerable<BatchOrder> Orders(long from)
    {
        for (var number = from; number < BatchCount; number++)
        {
            var (epoch, samples) = _order.At(number);
            yield return new BatchOrder(number, MmetBatchKind.Identities, epoch, samples);
        }
    }

    /// <summary>A batch has captions when all its pictures have; one source without them must not stop the others.</summary>
    private (PreparedSample Sample, PreparedSample? Hidden) Prepare(BatchOrder order, int index)
    {
        var captions = order.Samples.All(i => _work.Samples.Training[i].Record.Captions.Count > 0);
        var readsText = captions && (_work.Options.FusionHeadWeight > 0 || _work.Options.TextHeadWeight > 0);
        var readsPicture = !readsText || _work.Options.FusionHeadWeight > 0 || _work.Options.ImageHeadWeight > 0;
        var sample = _work.Prepare(Key, MmetBatchKind.Identities, order.Epoch, index, readsPicture, readsText);
        return _pretraining is null
            ? (sample, null)
            : (sample, _work.Prepare(Key, captions ? MmetBatchKind.Pairs : MmetBatchKind.Images, order.Epoch, index, withPicture: true, withCaption: captions));
    }

    private IEnumerable<(string Name, Tensor Tensor)> PretrainingHeads() => _pretraining is null ? []
        : _pretraining.NamedParameters().Where(pair => !pair.Name.StartsWith("model.", StringComparison.Ordinal)).Select(pair => (Pretraining + pair.Name, pair.Tensor));
}
