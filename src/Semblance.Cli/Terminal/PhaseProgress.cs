using Semblance.Training;

namespace Semblance.Cli.Terminal;

/// <summary>Shows the phases of training and evaluation one after the other, each with its rate and time left.</summary>
internal sealed class PhaseProgress(string prefix = "") : IProgress<TrainingProgress>, IDisposable
{
    private readonly Lock _lock = new();
    private WorkProgress? _current;
    private string? _phase;

    public void Report(TrainingProgress value)
    {
        lock (_lock)
        {
            if (_phase != value.Phase)
            {
                _current?.Dispose();
                _phase = value.Phase;
                _current = Talk.Begin(prefix + value.Phase, Unit(value.Phase));
            }

            _current!.Report(value.Done, value.Total, value.Loss is { } loss ? $"loss {loss:0.000}" : "");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _current?.Dispose();
            (_current, _phase) = (null, null);
        }
    }

    private static string Unit(string phase) => phase switch
    {
        "pictures" or "validation" or "embedding" => "pictures",
        "vocabulary" or "captions" => "captions",
        _ => "steps",
    };
}
