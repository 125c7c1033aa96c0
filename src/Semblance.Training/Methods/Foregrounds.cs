using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Models.Masking;
using Semblance.Tensors;
using Semblance.Training.Recipes;

namespace Semblance.Training.Methods;

/// <summary>Where pedestrian masking looks for the person, as the recipe names it.</summary>
internal static class Foregrounds
{
    // More change the third digit of the mean no longer.
    private const int MeanOfMasks = 2000;

    /// <exception cref="ArgumentException">No source has a mask to average.</exception>
    /// <exception cref="SemblanceFormatException">The start weights are no MMET model with this recipe's patches.</exception>
    public static IForegroundProvider Make(MethodWork work, MmetOptions options) => work.Recipe.StageA switch
    {
        { Steps: 0 } when options.JointWeight == 0 => ForegroundChain.Default,
        { Foreground: ForegroundKind.Ellipse } => new EllipseForeground(),
        { Foreground: ForegroundKind.None } => new NoForeground(),
        { Foreground: ForegroundKind.Attention } => new ForegroundChain(Attention(work.Recipe.Model.StartWeights!, options), new EllipseForeground()),
        { Foreground: ForegroundKind.MeanMask } => new ForegroundChain(new MaskForeground(), new KeyPointForeground(), MeanMask(work, options)),
        _ => ForegroundChain.Default,
    };

    /// <summary>A frozen copy of the start weights, on the processor, where the loader's threads ask it.</summary>
    private static AttentionForeground Attention(string path, MmetOptions options)
    {
        var start = Directory.Exists(path) ? TrainedModel.Open(path, new EncoderOptions { Device = Device.Cpu }) : null;
        if (start is MmetEncoder encoder && encoder.Model.Model.Options.Grid == options.Grid)
        {
            // Lives as long as the run that asks it.
            encoder.Model.Eval();
            return new AttentionForeground(encoder.Model.Model) { IsReady = true };
        }

        start?.Dispose();
        throw new SemblanceFormatException(path, $"stage_a.foreground is attention, which needs an MMET model's folder with patches like {options.Grid} as start weights");
    }

    private static MeanMaskForeground MeanMask(MethodWork work, MmetOptions options)
    {
        var masks = new List<LabelMap>();
        foreach (var sample in work.Samples.Training)
        {
            if (masks.Count < MeanOfMasks && work.Pictures.Load(sample).Mask is { } mask)
            {
                masks.Add(mask);
            }
        }

        return masks.Count > 0 ? new MeanMaskForeground(masks, options.Grid)
            : throw new ArgumentException("stage_a.foreground is mean-mask, but no source has masks to average: add one that has (a world, FineGPR), or set it to auto");
    }
}
