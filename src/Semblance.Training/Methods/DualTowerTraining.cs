using Semblance.Core;
using Semblance.Models;
using Semblance.Models.Weights;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training.Methods;

/// <summary>
/// Every method with two towers: its learners one after another, on pictures with captions of P people with K pictures each. The learner of the network itself takes
/// <c>stage_b</c>'s steps and optimiser; one before it (a teacher) takes <c>stage_a</c>'s.
/// </summary>
internal sealed class DualTowerTraining : IMethod
{
    private readonly MethodWork _work;
    private readonly DualTowerMethod _method;
    private readonly MethodOptions _options;
    private readonly DualTower _tower;
    private readonly List<Learner> _learners = [];

    /// <exception cref="ArgumentException">A training picture has no caption.</exception>
    public DualTowerTraining(MethodWork work, DualTowerMethod method, MethodOptions options)
    {
        (_work, _method, _options) = (work, method, options);
        if (work.Samples.Training.FirstOrDefault(sample => sample.Record.Captions.Count == 0) is { } mute)
        {
            throw new ArgumentException($"{mute.Record.ImagePath} has no caption, and {method.Name} learns from pictures with words: leave its source out, or train MMET, which takes pictures alone");
        }

        TorchRandom.Seed(TrainingLoop.TorchSeed(work.Recipe.Seed, "model", 0));
        _tower = method.Make(options);
        _tower.To(Device.Parse(work.Recipe.Device));
    }

    public IEnumerable<TrainingStage> Stages
    {
        get
        {
            var preparation = new IdentityPreparation(_options, _work.Tokenizer, _work.Augmentation(_options));
            using var learners = _method.Learners(_tower, _options, _work.Samples.Identities).GetEnumerator();
            for (var place = 0; Next(learners, place); place++)
            {
                var learner = learners.Current;
                _learners.Add(learner);
                learner.To(Device.Parse(_work.Recipe.Device));
                var (steps, optimiser) = learner.TrainsTheNetwork ? (_work.Recipe.StageB.Steps, _work.Recipe.StageB.Optimiser) : (_work.Recipe.StageA.Steps, _work.Recipe.StageA.Optimiser);
                if (steps > 0)
                {
                    yield return new LearnerStage(_work, preparation, learner, steps, optimiser);
                }
            }
        }
    }

    public TorchEncoder Encoder(EncoderOptions run) => new DualTowerEncoder(_method, _tower, _options, _work.Tokenizer, run, ownsTower: false);

    public string StartFrom(string path)
    {
        using var start = TrainedModel.Open(path);
        if (start is not DualTowerEncoder other || !other.IsLike(_method, _options))
        {
            throw new SemblanceFormatException(path, $"start weights of another method or of other sizes than this recipe's {_method.Name}: take a model that was trained with the same model options");
        }

        other.CopyTo(_tower);
        return $"model {start.Fingerprint.Hex}";
    }

    public IReadOnlyDictionary<string, string> TakeParts(ModelRecipe model)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        if (model.Backbone is { } backbone)
        {
            taken["backbone"] = ImportedWeights.Fill(_tower.Backbone!, _options.BackboneKind!, backbone);
        }

        if (model.Words is { } words)
        {
            taken["words"] = ImportedWeights.Fill(_tower.WordReader!, WeightMap.BertKey, words);
        }

        return taken;
    }

    public Fingerprint Save(string directory) => DualTowerFile.Save(directory, _method, _tower, _options, _work.Tokenizer);

    public void Dispose()
    {
        foreach (var learner in _learners)
        {
            learner.Dispose();
        }

        _tower.Dispose();
    }

    /// <summary>Makes the next learner; its start values depend on its place alone, not on how long those before it have learnt.</summary>
    private bool Next(IEnumerator<Learner> learners, int place)
    {
        TorchRandom.Seed(TrainingLoop.TorchSeed(_work.Recipe.Seed, "learners", place));
        return learners.MoveNext();
    }

    /// <summary>One learner as the loop sees it.</summary>
    /// <remarks>
    /// Running statistics of batch norms lag behind the weights, the more the deeper the network and the fewer its steps: a text stream of forty norms in a row may tell everybody
    /// apart in training and nobody in evaluation. So the finished weights see some more batches (precise batch norm: Wu and Johnson 2021, arXiv 2105.07576).
    /// </remarks>
    private sealed class LearnerStage(MethodWork work, IdentityPreparation preparation, Learner learner, long steps, OptimiserRecipe optimiser) : TrainingStage
    {
        // With a momentum of 0.1, all but 0.9^50 = 0.5 % of a running statistic is of these.
        private const int LastBatches = 50;

        private const int RememberedAtOnce = 64;

        private readonly BatchStream _order = work.Identities(learner.Stage);
        private readonly SupportSets? _support = learner.Support is null ? null : new SupportSets(work.Samples.Training);

        public override string Key => learner.Stage;

        public override long Steps => steps;

        public override OptimiserRecipe Optimiser => optimiser;

        public override IEnumerable<(string Name, Tensor Tensor)> Parameters => learner.NamedParameters();

        public override IReadOnlyDictionary<string, Tensor> State => learner.StateDict();

        public override void LoadState(IReadOnlyDictionary<string, Tensor> state) => learner.LoadStateDict(state);

        public override bool IsHead(string name) => learner.IsHead(name);

        public override bool TrainsTheEncoder => learner.TrainsTheNetwork;

        public override IEnumerable<LoadedBatch> Batches(long from, CancellationToken cancellation)
        {
            if (learner.Support?.Source == SupportSource.Stored)
            {
                learner.Remember(Pictures(cancellation), Texts(cancellation));
            }

            return work.Load(Orders(from, BatchCount), Prepare, cancellation);
        }

        public override IEnumerable<LoadedBatch> LastLook(CancellationToken cancellation) =>
            learner.NamedModules().Any(named => named.Module is BatchNorm) ? work.Load(Orders(BatchCount, BatchCount + LastBatches), Prepare, cancellation) : [];

        public override StepLosses Forward(LoadedBatch batch, Device device)
        {
            using var inputs = preparation.Collate(batch.Samples, device);
            var losses = learner.Forward(inputs);
            return new StepLosses(losses.Total, losses.Terms);
        }

        private IEnumerable<BatchOrder> Orders(long from, long to)
        {
            for (var number = from; number < to; number++)
            {
                var (epoch, samples) = _order.At(number);
                yield return new BatchOrder(number, MmetBatchKind.Identities, epoch, samples);
            }
        }

        private (PreparedSample Sample, PreparedSample? Hidden) Prepare(BatchOrder order, int index)
        {
            var (sample, caption, random) = work.Draw(Key, MmetBatchKind.Identities, order.Epoch, index, withCaption: true);
            var prepared = preparation.Prepare(work.Pictures.Load(sample).Picture, sample.Record.Captions[caption], sample.Identity, ref random);
            return (prepared with { Support = Support(order, sample, caption) }, null);
        }

        /// <summary>From a stream of its own, so that a sample is varied alike with and without support.</summary>
        private PreparedSupport? Support(BatchOrder order, Sample sample, int caption)
        {
            if (learner.Support is not { } wish)
            {
                return null;
            }

            var random = Randomness.For((ulong)work.Recipe.Seed, Randomness.Key($"{Key} support"), order.Epoch, sample.Index);
            var (pictures, texts) = (_support!.Pictures(sample, wish.Size, ref random), _support.TextsBeside(sample, caption, wish.Size, ref random));
            if (wish.Source == SupportSource.Stored)
            {
                return new PreparedSupport { PicturePlaces = pictures, TextPlaces = texts };
            }

            var pixels = new List<float[]>(pictures.Length);
            foreach (var place in pictures)
            {
                pixels.Add(preparation.Prepare(work.Pictures.Load(work.Samples.Training[place]).Picture, caption: null, sample.Identity, ref random).Pixels!);
            }

            return new PreparedSupport { Pixels = pixels, Tokens = [.. texts.Select(place => preparation.PrepareUnvaried(null, Text(place)).Tokens!)] };
        }

        private string Text(int place) => work.Samples.Training[_support!.Texts[place].Sample].Record.Captions[_support.Texts[place].Caption];

        private IEnumerable<Tensor> Pictures(CancellationToken cancellation) => Pieces(
            work.Samples.Training.Count, place => preparation.PrepareUnvaried(work.Pictures.Load(work.Samples.Training[place]).Picture, caption: null), cancellation).Select(batch => batch.Images!);

        private IEnumerable<(Tensor Tokens, Tensor Attention)> Texts(CancellationToken cancellation) => Pieces(
            _support!.Texts.Count, place => preparation.PrepareUnvaried(null, Text(place)), cancellation).Select(batch => (batch.Tokens!, batch.Attention!));

        private IEnumerable<IdentityBatch> Pieces(int count, Func<int, PreparedSample> prepare, CancellationToken cancellation)
        {
            foreach (var places in Enumerable.Range(0, count).Chunk(RememberedAtOnce))
            {
                cancellation.ThrowIfCancellationRequested();
                var samples = new PreparedSample[places.Length];
                Parallel.For(0, samples.Length, new ParallelOptions { MaxDegreeOfParallelism = work.Recipe.Loader.Threads }, i => samples[i] = prepare(places[i]));
                using var batch = preparation.Collate(samples, Device.Parse(work.Recipe.Device));
                yield return batch;
            }
        }
    }
}
