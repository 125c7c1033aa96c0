using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>
/// From pictures and captions of known people to batches, for every method. <see cref="Prepare"/> runs in loader threads, without tensors; everything random comes from the
/// sample's own stream. <see cref="Collate"/> then makes the tensors. Immutable.
/// </summary>
public sealed class IdentityPreparation
{
    private readonly Preprocessing _preprocessing;
    private readonly int _textLength;
    private readonly ITokenizer _tokenizer;
    private readonly Augmentation _augmentation;

    /// <param name="options">Sizes of the method's input.</param>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="augmentation">How training pictures are varied, to the method's size.</param>
    /// <exception cref="ArgumentException">The augmentation gives another size.</exception>
    public IdentityPreparation(MethodOptions options, ITokenizer tokenizer, AugmentationOptions augmentation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(augmentation);
        if (augmentation.Width != options.Width || augmentation.Height != options.Height)
        {
            throw new ArgumentException($"augmentation to {augmentation.Height}x{augmentation.Width} for a model of {options.Height}x{options.Width}", nameof(augmentation));
        }

        (_preprocessing, _textLength, _tokenizer, _augmentation) = (options.Preprocessing(), options.TextLength, tokenizer, new Augmentation(augmentation));
    }

    /// <summary>Varies and tokenizes one sample.</summary>
    /// <param name="picture">Any size; null for a caption alone.</param>
    /// <param name="caption">Null for a picture alone. Left and right change places when the picture is mirrored.</param>
    /// <param name="identity">Training label.</param>
    /// <param name="random">The sample's stream, keyed by (seed, epoch, index).</param>
    public PreparedSample Prepare(Picture? picture, string? caption, long identity, ref Randomness random)
    {
        var sample = new PreparedSample { Identity = identity };
        var mirrored = false;
        if (picture is not null)
        {
            var varied = _augmentation.Apply(picture, labels: null, ref random);
            mirrored = varied.Flipped;
            var pixels = new float[3 * _preprocessing.Height * _preprocessing.Width];
            _preprocessing.Normalisation.ToChw(varied.Picture, pixels);
            sample = sample with { Pixels = pixels };
        }

        if (caption is null)
        {
            return sample;
        }

        var words = mirrored ? CaptionWords.SwapLeftAndRight(caption) : caption;
        var tokens = _tokenizer.Encode(words, _textLength);
        return sample with { Tokens = tokens.Ids[..tokens.Count], CaptionKey = Randomness.Key(words) };
    }

    /// <summary>Puts samples into one batch. Captions are padded to the longest of the batch: padding changes nothing but time.</summary>
    /// <param name="samples">At least one; all with the same modalities.</param>
    /// <param name="device">Where the tensors go.</param>
    public IdentityBatch Collate(IReadOnlyList<PreparedSample> samples, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        using var scope = new TensorScope();
        var columns = new BatchColumns(samples, _preprocessing.Height, _preprocessing.Width, cells: 0, _tokenizer.PaddingId, device, scope);
        return new IdentityBatch
        {
            Images = samples[0].Pixels is null ? null : columns.Images(),
            Tokens = samples[0].Tokens is null ? null : columns.Tokens(),
            Attention = samples[0].Tokens is null ? null : columns.Attention(),
            Identities = columns.Identities(),
        };
    }
}
