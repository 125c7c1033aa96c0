using Semblance.Imaging;

namespace Semblance.Models.Masking;

/// <summary>Provider 6: the mean of a data set's masks, scaled so that its largest cell is 1. A prior learnt from a set with masks, for sets without.</summary>
public sealed class MeanMaskForeground : IForegroundProvider
{
    private readonly PatchGrid _grid;
    private readonly float[] _mean;

    /// <summary>Averages masks of the input's size.</summary>
    /// <exception cref="ArgumentException">There are none, or one has another size than the grid's input.</exception>
    public MeanMaskForeground(IEnumerable<LabelMap> masks, PatchGrid grid)
    {
        ArgumentNullException.ThrowIfNull(masks);
        _grid = grid;
        _mean = new float[grid.Count];
        var provider = new MaskForeground();
        var count = 0;
        foreach (var mask in masks)
        {
            var share = provider.Locate(new ForegroundEvidence { Mask = mask }, grid)!;
            for (var i = 0; i < _mean.Length; i++)
            {
                _mean[i] += share[i];
            }

            count++;
        }

        if (count == 0)
        {
            throw new ArgumentException("no masks to average, expected at least one", nameof(masks));
        }

        var largest = Math.Max(_mean.Max(), float.Epsilon);
        for (var i = 0; i < _mean.Length; i++)
        {
            _mean[i] /= largest;
        }
    }

    /// <inheritdoc/>
    public float[] Locate(ForegroundEvidence evidence, PatchGrid grid) =>
        grid == _grid ? [.. _mean] : throw new ArgumentException($"the mean mask was made for {_grid}, not for {grid}", nameof(grid));
}
