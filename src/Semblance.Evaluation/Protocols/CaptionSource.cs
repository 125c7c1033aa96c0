namespace Semblance.Evaluation.Protocols;

/// <summary>Whose caption goes with a reference picture.</summary>
public enum CaptionSource
{
    /// <summary>A caption of the reference picture itself.</summary>
    Own,

    /// <summary>A caption of another picture of the same person.</summary>
    Other,
}
