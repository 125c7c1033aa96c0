namespace Semblance.Evaluation;

/// <summary>What a query counts that has no positive left after the protocol's removals.</summary>
public enum NoMatchRule
{
    /// <summary>Nothing: means run over the other queries, and the skipped ones are counted (torchreid, fast-reid, TransReID).</summary>
    Skip,

    /// <summary>0 in every figure: means run over all queries (Market-1501's MATLAB code).</summary>
    Zero,
}
