using System.Diagnostics;

namespace Semblance.Cli.Terminal;

/// <summary>Progress of one step with rate and time left. Safe to report from several threads; the end is drawn by <see cref="Dispose"/>.</summary>
internal sealed class WorkProgress(string step, string unit) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private long _done, _total, _firstDone = -1, _firstTime;
    private TimeSpan _drawn = TimeSpan.FromSeconds(-60);
    private string _note = "";

    /// <summary>Tells how far it is.</summary>
    public void Report(long done, long total, string note = "")
    {
        lock (_lock)
        {
            if (_firstDone < 0)
            {
                // A resumed run starts in the middle: the rate counts only what was done here.
                (_firstDone, _firstTime) = (done, Stopwatch.GetTimestamp());
            }

            (_done, _total, _note) = (Math.Max(done, _done), total, note);
            var elapsed = Stopwatch.GetElapsedTime(_start);
            if (elapsed - _drawn >= (Talk.IsInteractive ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10)))
            {
                _drawn = elapsed;
                Draw();
            }
        }
    }

    /// <summary>Draws the last state and ends the line.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            var time = Stopwatch.GetElapsedTime(_start);
            var rate = Steady() is > 0 and var steady ? steady : time.TotalSeconds > 0 ? _done / time.TotalSeconds : 0;
            var count = _done > 0 ? $", {_done:N0} {unit}, {Rate(rate)} a second" : "";
            Talk.Line($"{(Talk.IsInteractive ? "\r\u001b[2K" : "")}{step}: {Talk.Duration(time)}{count}{(_note.Length > 0 ? $", {_note}" : "")}");
        }
    }

    /// <summary>What was done each second since the first report; 0 while there is nothing to tell it by.</summary>
    private double Steady() => Stopwatch.GetElapsedTime(_firstTime).TotalSeconds is > 0.05 and var seconds && _firstDone >= 0 ? (_done - _firstDone) / seconds : 0;

    // Below ten, whole numbers hide a half.
    private static string Rate(double rate) => rate < 10 ? $"{rate:0.0}" : $"{rate:N0}";

    private void Draw()
    {
        var rate = Steady();
        var left = rate > 0 && _total > _done ? $", {Talk.Duration(TimeSpan.FromSeconds((_total - _done) / rate))} left" : "";
        var text = $"{step}: {_done:N0} of {_total:N0} {unit}{(rate > 0 ? $", {Rate(rate)} a second" : "")}{left}{(_note.Length > 0 ? $", {_note}" : "")}";
        if (Talk.IsInteractive)
        {
            System.Console.Error.Write($"\r\u001b[2K{text[..Math.Min(text.Length, Math.Max(20, System.Console.WindowWidth - 1))]}");
        }
        else
        {
            Talk.Line(text);
        }
    }
}
