namespace Semblance.Evaluation.Protocols;

/// <summary>What is compared with what.</summary>
public enum WithinModality
{
    /// <summary>Every picture against all others.</summary>
    Image,

    /// <summary>Every caption against the captions of all other pictures.</summary>
    Text,

    /// <summary>Every picture with its first caption against all others with theirs.</summary>
    Pair,
}
