namespace Semblance.Training;

/// <summary>How far long work has come.</summary>
/// <param name="Phase">What is being done: <c>pictures</c>, <c>vocabulary</c>, <c>stage a</c>, <c>stage b</c>, <c>validation</c>.</param>
/// <param name="Done">Units done, of this phase.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Rate">Units a second since this process began the phase.</param>
/// <param name="TimeLeft">At that rate; null while nothing is known.</param>
/// <param name="Loss">Mean total loss since the last line of the log; null outside training.</param>
public sealed record TrainingProgress(string Phase, long Done, long Total, double Rate, TimeSpan? TimeLeft, double? Loss = null);
