using Semblance.Models;
using Semblance.Training.Recipes;

namespace Semblance.Training.Loop;

/// <summary>
/// Which kind of batch comes at which step (decision D22): a fixed round, repeated, in which kinds with a larger share are spread out evenly. A pure function of
/// the step, so that a resumed run needs no memory of what came before.
/// </summary>
internal sealed class RoundRobin
{
    private readonly MmetBatchKind[] _round;

    public RoundRobin(BatchRatio ratio)
    {
        var shares = new[] { (Kind: MmetBatchKind.Images, Share: ratio.Image), (Kind: MmetBatchKind.Texts, Share: ratio.Text), (Kind: MmetBatchKind.Pairs, Share: ratio.Pair) };
        _round = new MmetBatchKind[shares.Sum(share => share.Share)];
        var credit = new int[shares.Length];
        for (var i = 0; i < _round.Length; i++)
        {
            for (var k = 0; k < credit.Length; k++)
            {
                credit[k] += shares[k].Share;
            }

            var next = Array.IndexOf(credit, credit.Max());
            credit[next] -= _round.Length;
            _round[i] = shares[next].Kind;
        }
    }

    /// <summary>The kinds that come at all.</summary>
    public IEnumerable<MmetBatchKind> Kinds => _round.Distinct().Order();

    /// <summary>The kind at a step, counted from 0.</summary>
    public MmetBatchKind At(long step) => _round[step % _round.Length];

    /// <summary>Batches of a kind before a step.</summary>
    public long CountBefore(long step, MmetBatchKind kind) =>
        (step / _round.Length * _round.Count(other => other == kind)) + _round.Take((int)(step % _round.Length)).Count(other => other == kind);
}
