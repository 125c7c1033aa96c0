namespace Semblance.Training.Metrics;

/// <summary>Where a run's figures go; the first process's alone, where several train together.</summary>
/// <param name="Metrics">JSON lines.</param>
/// <param name="Board">TensorBoard's events.</param>
internal sealed record RunCurves(MetricsLog Metrics, TensorBoardLog Board) : IDisposable
{
    /// <summary>Opens them to go on after a step.</summary>
    public static RunCurves Open(Run run, long afterStep, TimeProvider time) => new(new MetricsLog(run.MetricsPath, afterStep), new TensorBoardLog(run.DirectoryPath, afterStep, time));

    public void Dispose()
    {
        Metrics.Dispose();
        Board.Dispose();
    }
}
