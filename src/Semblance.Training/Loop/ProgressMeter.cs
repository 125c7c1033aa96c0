namespace Semblance.Training.Loop;

/// <summary>Counts one phase and reports it, at most ten times a second and always at its end.</summary>
internal sealed class ProgressMeter(string phase, long first, long total, IProgress<TrainingProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private long _since;
    private long _last;

    /// <summary>More is done. Any thread.</summary>
    public void Advance(int by = 1, double? loss = null)
    {
        lock (_lock)
        {
            _since += by;
            var done = first + _since;
            if (progress is null || (done < total && _last != 0 && time.GetElapsedTime(_last) < Pause))
            {
                return;
            }

            _last = time.GetTimestamp();
            var seconds = time.GetElapsedTime(_start).TotalSeconds;
            var rate = seconds > 0 ? _since / seconds : 0;
            progress.Report(new TrainingProgress(phase, done, total, rate, rate > 0 ? TimeSpan.FromSeconds((total - done) / rate) : null, loss));
        }
    }
}
