using Semblance.Models;
using Semblance.Text;

namespace Semblance.Training.Methods;

/// <summary>What both stages of MMET share.</summary>
/// <param name="Shared">The samples, their pixels and their words.</param>
/// <param name="Options">The recipe's model options, with the vocabulary's size.</param>
internal sealed record MmetWork(MethodWork Shared, MmetOptions Options) : MethodWork(Shared)
{
    /// <summary>From picture and caption to numbers.</summary>
    public MmetPreparation Preparation { get; } = new(
        Options,
        (WordPieceTokenizer)Shared.Tokenizer,
        Foregrounds.Make(Shared, Options),
        Shared.Augmentation(Options));

    /// <summary>One sample as a kind of batch needs it: augmented, tokenised, masked. Any thread; the same for the same keys.</summary>
    public PreparedSample Prepare(string stage, MmetBatchKind kind, long epoch, int index, bool withPicture, bool withCaption)
    {
        var (sample, caption, random) = Draw(stage, kind, epoch, index, withCaption);
        var (picture, mask) = withPicture ? Pictures.Load(sample) : (null, null);
        return Preparation.Prepare(kind, picture, mask, caption < 0 ? null : sample.Record.Captions[caption], sample.Identity, ref random);
    }
}
