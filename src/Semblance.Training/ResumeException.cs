namespace Semblance.Training;

/// <summary>A run cannot go on as asked: another recipe, other data. The message says what differs and what to do.</summary>
public sealed class ResumeException(string message) : InvalidOperationException(message);
