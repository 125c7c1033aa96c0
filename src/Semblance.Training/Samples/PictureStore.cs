using Semblance.Imaging;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Samples;

/// <summary>
/// The pixels of the samples at the model's input size, decoded or rendered once and kept, or at every use; the same pixels either way. Safe from any thread.
/// </summary>
internal sealed class PictureStore(IReadOnlyList<Sample> samples, int height, int width, PictureCache cache)
{
    private readonly (Picture Picture, LabelMap? Mask)?[] _kept = new (Picture, LabelMap?)?[cache == PictureCache.Memory ? samples.Count : 0];

    /// <summary>Fills the cache with all threads, so that the first steps are as fast as the last; nothing to do without one.</summary>
    /// <exception cref="Core.SemblanceFormatException">A picture is damaged; the message names it.</exception>
    public void Fill(int threads, IProgress<TrainingProgress>? progress, TimeProvider time, CancellationToken cancellation)
    {
        if (_kept.Length == 0)
        {
            return;
        }

        var meter = new ProgressMeter("pictures", 0, samples.Count, progress, time);
        Parallel.For(0, samples.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            _kept[i] = Read(samples[i]);
            meter.Advance();
        });
    }

    /// <summary>The picture of a sample, and its person mask where the data set has one; both <c>[H, W]</c> of the model's input. Shared: not to be written to.</summary>
    public (Picture Picture, LabelMap? Mask) Load(Sample sample) => _kept.Length > 0 && _kept[sample.Index] is { } kept ? kept : Read(sample);

    private (Picture Picture, LabelMap? Mask) Read(Sample sample)
    {
        var (picture, mask) = sample.Pictures.LoadBoth(sample.Record);
        return (
            picture.Width == width && picture.Height == height ? picture : picture.Resize(width: width, height: height, Resampling.Bicubic),
            mask is null || (mask.Width == width && mask.Height == height) ? mask : mask.Resize(width: width, height: height));
    }
}
