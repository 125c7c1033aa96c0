using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Samples;

/// <summary>
/// The pixels of the samples at the model's input size, decoded or rendered once and kept, or at every use; the same pixels either way. Safe from any thread.
/// </summary>
internal sealed class PictureStore(IReadOnlyList<Sample> samples, int height, int width, PictureCache cache)
{
    private readonly (Picture Picture, LabelMap? Mask)?[] _kept = new (Picture, LabelMap?)?[cache == PictureCache.Memory ? samples.Count : 0];

    /// <summary>Pictures that each process reads before they are exchanged.</summary>
    private const int ReadAtOnce = 256;

    /// <summary>
    /// Fills the cache with all threads, so that the first steps are as fast as the last; nothing to do without one. Processes that train together read a share each.
    /// </summary>
    /// <exception cref="Core.SemblanceFormatException">A picture is damaged; the message names it.</exception>
    public void Fill(int threads, IProgress<TrainingProgress>? progress, TimeProvider time, CancellationToken cancellation)
    {
        if (_kept.Length == 0)
        {
            return;
        }

        var meter = new ProgressMeter("pictures", 0, samples.Count, progress, time);
        var group = ProcessGroup.Current;
        var block = group is null ? samples.Count : ReadAtOnce * group.Size;
        for (var from = 0; from < samples.Count; from += block)
        {
            var (first, last) = (from + ((group?.Rank ?? 0) * ReadAtOnce), group is null ? samples.Count : from + ((group.Rank + 1) * ReadAtOnce));
            Parallel.For(first, Math.Min(last, samples.Count), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
            {
                _kept[i] = Read(samples[i]);
                meter.Advance();
            });
            if (group is not null)
            {
                Exchange(from, first, meter);
            }
        }
    }

    /// <summary>The picture of a sample, and its person mask where the data set has one; both <c>[H, W]</c> of the model's input. Shared: not to be written to.</summary>
    public (Picture Picture, LabelMap? Mask) Load(Sample sample) => _kept.Length > 0 && _kept[sample.Index] is { } kept ? kept : Read(sample);

    /// <summary>Gives the others what this process read, and takes what they did: a row for each picture, of its pixels, whether it has a mask, and the mask.</summary>
    private void Exchange(int from, int first, ProgressMeter meter)
    {
        var (pixels, labels) = (3 * height * width, height * width);
        var each = pixels + 1 + labels;
        var own = new byte[ReadAtOnce * each];
        for (var i = first; i < Math.Min(first + ReadAtOnce, samples.Count); i++)
        {
            var (picture, mask) = _kept[i]!.Value;
            var row = own.AsSpan((i - first) * each, each);
            picture.Rgb.CopyTo(row);
            row[pixels] = mask is null ? (byte)0 : (byte)1;
            mask?.Labels.CopyTo(row[(pixels + 1)..]);
        }

        using var scope = new TensorScope();
        var all = ProcessGroup.Gathered(Tensor.From(own, ReadAtOnce, each)).ToArray<byte>();
        for (var i = from; i < Math.Min(from + (all.Length / each), samples.Count); i++)
        {
            if (_kept[i] is null)
            {
                var row = all.AsSpan((i - from) * each, each);
                _kept[i] = (new Picture(width, height, row[..pixels].ToArray()), row[pixels] == 0 ? null : new LabelMap(width, height, row[(pixels + 1)..].ToArray()));
                meter.Advance();
            }
        }
    }

    private (Picture Picture, LabelMap? Mask) Read(Sample sample)
    {
        var (picture, mask) = sample.Pictures.LoadBoth(sample.Record);
        return (
            picture.Width == width && picture.Height == height ? picture : picture.Resize(width: width, height: height, Resampling.Bicubic),
            mask is null || (mask.Width == width && mask.Height == height) ? mask : mask.Resize(width: width, height: height));
    }
}
