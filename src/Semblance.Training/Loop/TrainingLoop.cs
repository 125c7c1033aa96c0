using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Optimisers;
using Semblance.Training.Metrics;
using Semblance.Training.Recipes;

namespace Semblance.Training.Loop;

/// <summary>
/// Runs stages step by step, and writes curves and checkpoints. Everything a step does follows from the state and the step's number: data order, augmentation, masks and
/// libtorch's random numbers are all keyed by it. So a run that goes on from a checkpoint does what it would have done.
/// </summary>
/// <remarks>
/// Processes that train together take every step together: they decide alike when to stop, average their gradients, and the first of them writes.
/// </remarks>
internal sealed class TrainingLoop(
    Run run, Recipe recipe, string dataFingerprint, Device device, RunCurves? curves, IProgress<TrainingProgress>? progress, TimeProvider time, Func<double> elapsed)
{
    private readonly LossScaling? _scaling = recipe.Precision == Precision.Float16 ? new LossScaling() : null;
    private readonly ProcessGroup? _group = ProcessGroup.Current;

    /// <summary>What was wrong with this process's share of a batch; the others are told before the step.</summary>
    private string? _fault;

    /// <summary>Runs a stage to its end.</summary>
    /// <param name="stage">What is trained.</param>
    /// <param name="stepsBefore">Steps of the stages before it.</param>
    /// <param name="checkpoint">A checkpoint of this stage to go on from; null to start it.</param>
    /// <param name="validate">Called with the global step when the recipe wants a validation.</param>
    /// <param name="cancellation">Ends the run after the current step, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; it may go on from the checkpoint just written.</exception>
    /// <exception cref="ArithmeticException">The loss is not finite; the message names the step and the terms.</exception>
    public void Run(TrainingStage stage, long stepsBefore, string? checkpoint, Action<long>? validate, CancellationToken cancellation)
    {
        using var optimiser = ParameterGroups.MakeOptimiser(stage);
        var from = checkpoint is null ? 0 : GoOn(stage, optimiser, checkpoint);

        // All go on from the first one's, also where machines draw or read others. And nobody trains on, and writes, before the others have read.
        foreach (var tensor in _group is null ? [] : stage.State.Values)
        {
            _group!.Spread(tensor);
        }
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
        using var batches = stage.Batches(from * stage.Optimiser.Accumulate, loading.Token).GetEnumerator();
        var meter = new ProgressMeter(stage.Key.Replace('_', ' '), from, stage.Steps, progress, time);
        var means = new StepMeans();
        var (logged, loggedAt) = (from, time.GetTimestamp());
        var saved = from;
        try
        {
            for (var step = from; step < stage.Steps; step++)
            {
                if (_group?.Any(cancellation.IsCancellationRequested) ?? cancellation.IsCancellationRequested)
                {
                    if (step > saved)
                    {
                        Log(step);
                        Save(step);
                    }

                    throw new OperationCanceledException(cancellation);
                }

                var loss = Step(stage, optimiser, batches, step, means);
                meter.Advance(loss: loss);
                var done = step + 1;
                var saves = done % recipe.Checkpoints.Every == 0 || done == stage.Steps;

                // A line also ends at each checkpoint: the means behind it are not part of the state.
                if (saves || done % recipe.LogEvery == 0)
                {
                    Log(done);
                }

                if (done == stage.Steps)
                {
                    LastLook(stage, loading.Token);
                }

                // Before the checkpoint, so that whoever goes on from it finds the validation's line in the log.
                if (validate is not null && (done == stage.Steps || (recipe.Validation.Every is { } every && done % every == 0)))
                {
                    validate(stepsBefore + done);
                }

                if (saves)
                {
                    Save(done);
                }
            }
        }
        finally
        {
            loading.Cancel();
        }

        void Log(long done)
        {
            var seconds = time.GetElapsedTime(loggedAt).TotalSeconds;
            var values = OfAll(means.Take());
            if (values.Count == 0 || curves is null)
            {
                return;
            }

            var line = new JsonObject { ["step"] = stepsBefore + done, ["stage"] = stage.Key, ["stage_step"] = done };
            foreach (var (name, value) in values)
            {
                line[name] = value;
            }

            line["steps_per_second"] = Math.Round((done - logged) / seconds, 3);
            line["resident_megabytes"] = Environment.WorkingSet >> 20;
            curves.Metrics.Write(line);
            curves.Board.Scalars(stepsBefore + done, [.. values.Select(pair => KeyValuePair.Create($"{stage.Key}/{pair.Key}", pair.Value)),
                KeyValuePair.Create($"{stage.Key}/steps_per_second", (done - logged) / seconds)]);
            curves.Board.Flush();
            (logged, loggedAt) = (done, time.GetTimestamp());
        }

        void Save(long done)
        {
            if (_group is null or { IsFirst: true })
            {
                new Checkpoint(stage.Key, done, stepsBefore + done, dataFingerprint, recipe.Threads, Torch.Version) { LossFactor = _scaling?.Factor ?? 1, GoodSteps = _scaling?.GoodSteps ?? 0, Seconds = Math.Round(elapsed(), 1) }
                    .Write(run.CheckpointsPath, stage.State, optimiser.StateDict(), recipe.Checkpoints.Keep);
            }

            saved = done;
        }
    }

    /// <summary>A seed for libtorch's own random numbers (start weights, stochastic depth), for this place in the run alone.</summary>
    public static long TorchSeed(long seed, string stage, long step)
    {
        var random = Randomness.For((ulong)seed, Randomness.Key("torch"), Randomness.Key(stage), step);
        return (long)(random.NextBits() >> 1);
    }

    /// <summary>The means over the processes.</summary>
    private IReadOnlyList<KeyValuePair<string, double>> OfAll(IReadOnlyList<KeyValuePair<string, double>> values)
    {
        if (_group is null || values.Count == 0)
        {
            return values;
        }

        using var scope = new TensorScope();
        var sums = Tensor.From([.. values.Select(pair => pair.Value)], values.Count);
        _group.Sum(sums);
        return [.. values.Zip(sums.ToArray<double>(), (pair, sum) => KeyValuePair.Create(pair.Key, sum / _group.Size))];
    }

    /// <summary>As <see cref="TorchSeed"/>; each process of several draws numbers of its own, the first one those of a process alone.</summary>
    private void SeedTorch(string stage, long step) =>
        TorchRandom.Seed(TorchSeed(recipe.Seed, _group is null or { IsFirst: true } ? stage : $"{stage} of process {_group.Rank}", step));

    private long GoOn(TrainingStage stage, Optimiser optimiser, string checkpoint)
    {
        var reached = Checkpoint.Read(checkpoint, (weights, moments) =>
        {
            stage.LoadState(weights);
            optimiser.LoadStateDict(moments);
        });
        _scaling?.Restore(reached.LossFactor, reached.GoodSteps);
        return reached.Step;
    }

    private void LastLook(TrainingStage stage, CancellationToken cancellation)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var batch in stage.LastLook(cancellation))
        {
            SeedTorch(stage.Key, batch.Order.Step);
            using var scope = new TensorScope();
            Forward(stage, batch);
        }
    }

    private StepLosses Forward(TrainingStage stage, LoadedBatch batch)
    {
        using var cast = recipe.Precision == Precision.Float32 ? null : Autocast.To(recipe.Precision == Precision.Float16 ? ScalarType.Float16 : ScalarType.BFloat16, device);
        return stage.Forward(batch, device);
    }

    private double Step(TrainingStage stage, Optimiser optimiser, IEnumerator<LoadedBatch> batches, long step, StepMeans means)
    {
        var rate = ParameterGroups.LearningRate(stage.Optimiser, step, stage.Steps);
        optimiser.SetLearningRate(rate);
        var (total, accumulate) = (0.0, stage.Optimiser.Accumulate);
        for (var part = 0; part < accumulate; part++)
        {
            if (!batches.MoveNext())
            {
                throw new InvalidOperationException($"{stage.Key}: the loader ended at step {step} of {stage.Steps}");
            }

            SeedTorch(stage.Key, (step * accumulate) + part);
            total += Backward(stage, batches.Current, step, rate, means) / accumulate;
        }

        if (_group is not null)
        {
            if (_group.Any(_fault is not null))
            {
                throw new ArithmeticException(_fault ?? $"{stage.Key} step {step}: the loss of another process is not finite");
            }

            GradientAveraging.Apply(_group, optimiser.Parameters);
        }

        _scaling?.Unscale(optimiser.Parameters);
        var clip = stage.Optimiser.GradientClip;
        var norm = GradientClipping.ByNorm(optimiser.Parameters, clip > 0 ? clip : double.MaxValue);
        _scaling?.Note(double.IsFinite(norm));
        if (!double.IsFinite(norm) && _scaling is null)
        {
            throw new ArithmeticException($"{stage.Key} step {step}: the gradient's norm is {norm}, though the loss is {total:G4}; lower the learning rate (now {rate:G3})");
        }

        if (double.IsFinite(norm))
        {
            optimiser.Step();
            means.Add("gradient_norm", norm);
        }

        optimiser.ZeroGrad();
        if (_scaling is not null)
        {
            means.Add("loss_factor", _scaling.Factor);
        }

        means.Add("learning_rate", rate);
        return total;
    }

    /// <summary>Adds the gradient of one batch, and gives its loss.</summary>
    private double Backward(TrainingStage stage, LoadedBatch batch, long step, double rate, StepMeans means)
    {
        using var scope = new TensorScope();
        var losses = Forward(stage, batch);
        var total = losses.Total.Item<double>();
        if (!double.IsFinite(total))
        {
            var terms = string.Join(", ", losses.Terms.Select(term => $"{term.Name} {term.Value.Item<double>():G4}"));
            _fault = $"{stage.Key} step {step}: the loss is {total} ({terms}); lower the learning rate (now {rate:G3}), or clip the gradient harder";
            if (_group is null)
            {
                throw new ArithmeticException(_fault);
            }
        }

        var share = stage.Optimiser.Accumulate == 1 ? losses.Total : losses.Total / stage.Optimiser.Accumulate;
        (_scaling is null ? share : share * _scaling.Factor).Backward();
        means.Add("loss", total);
        foreach (var (name, value) in losses.Terms)
        {
            means.Add($"loss/{name}", value.Item<double>());
        }

        return total;
    }
}
