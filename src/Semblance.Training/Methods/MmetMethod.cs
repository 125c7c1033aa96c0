using Semblance.Core;
using Semblance.Models;
using Semblance.Models.Weights;
using Semblance.Tensors;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Methods;

/// <summary>MMET: masked pretraining, then identification.</summary>
internal sealed class MmetMethod : IMethod
{
    private readonly MmetWork _work;
    private readonly MmetIdentification _identification;
    private readonly MmetPretraining? _pretraining;

    public MmetMethod(MmetWork work, Run run)
    {
        _work = work;
        var (recipe, options, device) = (work.Recipe, work.Options, Device.Parse(work.Recipe.Device));
        if (recipe.StageB.Steps > 0)
        {
            // What stage B cannot learn from is said now, and not when stage A is over.
            _ = work.Identities("stage_b");
        }

        TorchRandom.Seed(TrainingLoop.TorchSeed(recipe.Seed, "model", 0));
        var model = new Mmet(options);
        TorchRandom.Seed(TrainingLoop.TorchSeed(recipe.Seed, "identity heads", 0));
        _identification = new MmetIdentification(model, work.Samples.Identities);
        _identification.To(device);
        if (recipe.StageA.Steps > 0 || options.JointWeight > 0)
        {
            TorchRandom.Seed(TrainingLoop.TorchSeed(recipe.Seed, "prediction heads", 0));
            _pretraining = new MmetPretraining(model, VisualTargets.Make(work, run));
            _pretraining.To(device);
        }
    }

    public IEnumerable<TrainingStage> Stages
    {
        get
        {
            if (_work.Recipe.StageA.Steps > 0)
            {
                yield return new MmetPretrainingStage(_work, _pretraining!);
            }

            if (_work.Recipe.StageB.Steps > 0)
            {
                yield return new MmetIdentificationStage(_work, _identification, _work.Options.JointWeight > 0 ? _pretraining : null);
            }
        }
    }

    public TorchEncoder Encoder(EncoderOptions run) => new MmetEncoder(_identification, _work.Tokenizer, run, ownsModel: false);

    /// <summary>FLAVA's weights are a file; a model of our own is a folder.</summary>
    public string StartFrom(string path)
    {
        if (Directory.Exists(path))
        {
            using var start = TrainedModel.Open(path);
            var afresh = MmetModelFile.StartFrom(_identification, TrainedModel.ModelFolder(path));
            return $"model {start.Fingerprint.Hex}{(afresh.Count > 0 ? $"; begun afresh: {string.Join(", ", afresh)}" : "")}";
        }

        var report = _pretraining is null ? FlavaWeights.Import(_identification.Model, path) : FlavaWeights.Import(_pretraining, path);
        return report.Unexpected.Count == 0 ? report.ToString() : throw new SemblanceFormatException(path, $"these start weights do not fit: {report}");
    }

    public IReadOnlyDictionary<string, string> TakeParts(ModelRecipe model) => new Dictionary<string, string>(StringComparer.Ordinal);

    public Fingerprint Save(string directory) => MmetModelFile.Save(directory, _identification, _work.Tokenizer);

    public void Dispose()
    {
        _pretraining?.Dispose();
        _identification.Dispose();
    }
}
