using Semblance.Models;
using Semblance.Models.Targets;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;

namespace Semblance.Training.Methods;

/// <summary>What hidden patches are told from, made or loaded as the options ask.</summary>
internal static class VisualTargets
{
    private const int PicturesForQuantizer = 512;

    public static IVisualTarget Make(MmetWork work, Run run) => work.Options.VisualTarget switch
    {
        VisualTargetKind.Pixels => new PixelTarget(work.Options.Grid),
        VisualTargetKind.Quantizer => Quantizer(work, run),
        _ => Dvae(work),
    };

    private static DvaeTokenizer Dvae(MmetWork work)
    {
        var tokenizer = new DvaeTokenizer(work.Options.Grid, Preprocessing.For(work.Options).Normalisation, work.Options.VisualVocabularySize);
        tokenizer.LoadWeights(work.Recipe.Model.VisualTokenizer!);
        tokenizer.To(Device.Parse(work.Recipe.Device));
        return tokenizer;
    }

    /// <summary>Fitted once on some of the training pictures, and kept in the run: a resumed run must guess the same ids.</summary>
    private static CellQuantizer Quantizer(MmetWork work, Run run)
    {
        var (path, group) = (run.QuantizerPath, ProcessGroup.Current);
        if (group is { IsFirst: false })
        {
            group.Meet();
            return CellQuantizer.Load(path, work.Options.Grid);
        }

        if (!run.HasBegun || !File.Exists(path))
        {
            using var quantizer = CellQuantizer.Fit(Pictures(work), work.Options.Grid, work.Options.VisualVocabularySize, (ulong)work.Recipe.Seed);
            quantizer.Save(path);
        }

        group?.Meet();
        return CellQuantizer.Load(path, work.Options.Grid);
    }

    private static IEnumerable<Tensor> Pictures(MmetWork work)
    {
        var every = Math.Max(1, work.Samples.Training.Count / PicturesForQuantizer);
        var options = work.Options;
        for (var i = 0; i < work.Samples.Training.Count; i += every)
        {
            var sample = work.Prepare("quantizer", MmetBatchKind.Images, 0, i, withPicture: true, withCaption: false);
            using var scope = new TensorScope();
            yield return Tensor.From(sample.Pixels!, 1, 3, options.Height, options.Width);
        }
    }
}
