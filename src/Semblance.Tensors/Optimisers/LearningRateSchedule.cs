namespace Semblance.Tensors.Optimisers;

/// <summary>Factors in [0, 1] for the learning rate: pure functions of the step, so that a resumed run needs no memory of them.</summary>
/// <remarks>
/// Steps count from 0. The first <c>warmup</c> steps rise by (step + 1) / warmup, so that the first moves something and the last has factor 1;
/// then the factor falls from 1 to <c>floor</c>, which it reaches at <c>total</c> and keeps.
/// </remarks>
public static class LearningRateSchedule
{
    /// <summary>Warm-up, then 1.</summary>
    public static double ConstantWithWarmup(long step, long warmup) => Warm(step, warmup, warmup, 1) ?? 1;

    /// <summary>Warm-up, then half a cosine: <c>floor + (1 - floor) · (1 + cos π·progress) / 2</c>. Loshchilov and Hutter 2017, arXiv 1608.03983.</summary>
    public static double CosineWithWarmup(long step, long warmup, long total, double floor = 0) =>
        Warm(step, warmup, total, floor) ?? (floor + ((1 - floor) * (1 + Math.Cos(Math.PI * Progress(step, warmup, total))) / 2));

    /// <summary>Warm-up, then a straight line.</summary>
    public static double LinearWithWarmup(long step, long warmup, long total, double floor = 0) =>
        Warm(step, warmup, total, floor) ?? (1 - ((1 - floor) * Progress(step, warmup, total)));

    private static double? Warm(long step, long warmup, long total, double floor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(warmup);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, warmup);
        ArgumentOutOfRangeException.ThrowIfNegative(floor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(floor, 1);
        return step < warmup ? (step + 1) / (double)warmup : null;
    }

    private static double Progress(long step, long warmup, long total) => step >= total ? 1 : (step - warmup) / (double)(total - warmup);
}
