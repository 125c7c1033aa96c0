using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models.Masking;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>
/// From pictures and captions to batches. <see cref="Prepare"/> runs in loader threads, without tensors; everything random comes from the sample's own stream, so a run repeats
/// exactly whatever thread does the work. <see cref="Collate"/> then makes the tensors. Immutable.
/// </summary>
public sealed class MmetPreparation
{
    private readonly MmetOptions _options;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly IForegroundProvider _foreground;
    private readonly TextMasking _textMasking;
    private readonly Augmentation _pretraining;
    private readonly IdentityPreparation _identification;
    private readonly Preprocessing _preprocessing;

    /// <summary>Prepares for a model.</summary>
    /// <param name="options">Sizes and masking.</param>
    /// <param name="tokenizer">Its vocabulary must have the size that the options say.</param>
    /// <param name="foreground">Where the person is; null means mask, key points, ellipse.</param>
    /// <param name="augmentation">In place of the default: flip 0.5, padding of 10 pixels per 256 rows and crop, bicubic. Random erasing acts in stage B only.</param>
    /// <exception cref="ArgumentException">Vocabulary or augmentation do not fit the options.</exception>
    public MmetPreparation(MmetOptions options, WordPieceTokenizer tokenizer, IForegroundProvider? foreground = null, AugmentationOptions? augmentation = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        _options = options.Validate();
        _tokenizer = tokenizer;
        _foreground = foreground ?? ForegroundChain.Default;
        if (tokenizer.VocabularySize != options.VocabularySize)
        {
            throw new ArgumentException(
                $"the vocabulary has {tokenizer.VocabularySize} word pieces but the options say {options.VocabularySize}: set VocabularySize to {tokenizer.VocabularySize}", nameof(tokenizer));
        }

        augmentation ??= new AugmentationOptions
        {
            Width = options.Width,
            Height = options.Height,
            Padding = (int)Math.Round(10 * options.Height / 256.0),
            ErasingProbability = 0.5,
        };
        _identification = new IdentityPreparation(options, tokenizer, augmentation);
        _pretraining = new Augmentation(augmentation with { ErasingProbability = 0 });
        _preprocessing = Preprocessing.For(options);
        _textMasking = new TextMasking(tokenizer.VocabularySize, tokenizer.MaskId, tokenizer.IsSpecial);
    }

    /// <summary>Varies, tokenizes and masks one sample as a batch kind needs it.</summary>
    /// <param name="kind">What the batch is for; decides what is hidden, and whether pictures are erased.</param>
    /// <param name="picture">Any size; null for captions alone.</param>
    /// <param name="mask">The person's mask, of the picture's size; null where there is none.</param>
    /// <param name="caption">Null for pictures alone. Left and right change places when the picture is mirrored.</param>
    /// <param name="identity">Training label, -1 unknown.</param>
    /// <param name="random">The sample's stream, keyed by (seed, epoch, index).</param>
    /// <exception cref="ArgumentException">The kind needs a picture or caption that is not there.</exception>
    public PreparedSample Prepare(MmetBatchKind kind, Picture? picture, LabelMap? mask, string? caption, long identity, ref Randomness random)
    {
        var wantsPicture = kind is MmetBatchKind.Images or MmetBatchKind.Pairs;
        var wantsCaption = kind is MmetBatchKind.Texts or MmetBatchKind.Pairs;
        if ((wantsPicture && picture is null) || (wantsCaption && caption is null) || (picture is null && caption is null))
        {
            throw new ArgumentException($"a sample for {kind} has {(picture is null ? "no picture" : "a picture")} and {(caption is null ? "no caption" : "a caption")}", nameof(kind));
        }

        if (kind == MmetBatchKind.Identities)
        {
            return _identification.Prepare(picture, caption, identity, ref random);
        }

        var sample = new PreparedSample { Identity = identity };
        var mirrored = false;
        if (picture is not null && kind != MmetBatchKind.Texts)
        {
            var varied = _pretraining.Apply(picture, mask, ref random);
            mirrored = varied.Flipped;
            var pixels = new float[3 * _options.Height * _options.Width];
            _preprocessing.Normalisation.ToChw(varied.Picture, pixels);
            sample = sample with { Pixels = pixels, Masked = HidePatches(varied.Labels, pixels, ref random) };
        }

        if (caption is not null && kind != MmetBatchKind.Images)
        {
            var words = mirrored ? CaptionWords.SwapLeftAndRight(caption) : caption;
            var tokens = _tokenizer.Encode(words, _options.TextLength);
            var ids = tokens.Ids[..tokens.Count];
            var hidden = _textMasking.Mask(ids, tokens.WordIndex.AsSpan(0, tokens.Count), tokens.Words, _options, ref random);
            sample = sample with { Tokens = ids, CaptionKey = Randomness.Key(words), MaskedTokens = hidden.Ids, Labels = hidden.Labels };
        }

        return sample;
    }

    /// <summary>Puts samples into one batch. Captions are padded to the longest of the batch: padding changes nothing but time.</summary>
    /// <param name="kind">As they were prepared for.</param>
    /// <param name="samples">At least one; all with the same modalities.</param>
    /// <param name="random">The batch's stream, which draws mismatched pairs.</param>
    /// <param name="device">Where the tensors go.</param>
    public MmetBatch Collate(MmetBatchKind kind, IReadOnlyList<PreparedSample> samples, ref Randomness random, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        if (kind == MmetBatchKind.Identities)
        {
            return _identification.Collate(samples, device);
        }

        using var scope = new TensorScope();
        var columns = new BatchColumns(samples, _options.Height, _options.Width, _options.Grid.Count, _tokenizer.PaddingId, device, scope);
        return kind switch
        {
            MmetBatchKind.Images => new ImageBatch { Images = columns.Images(), Masked = columns.Masked() },
            MmetBatchKind.Texts => new TextBatch { MaskedTokens = columns.MaskedTokens(), Labels = columns.Labels(), Attention = columns.Attention() },
            _ => Pairs(samples, columns, ref random),
        };
    }

    private PairBatch Pairs(IReadOnlyList<PreparedSample> samples, BatchColumns columns, ref Randomness random)
    {
        var repairing = _options.Negatives == MatchingNegatives.Repairing;
        var texts = repairing ? samples : Swap(samples, ref random);
        var words = repairing ? columns : columns.Of(texts);
        var strangers = repairing
            ? PairRepairing.Draw([.. samples.Select(s => s.Identity)], [.. samples.Select(s => s.CaptionKey)], samples.Count / 2, ref random)
            : [];
        return new PairBatch
        {
            Images = columns.Images(),
            Masked = columns.Masked(),
            Tokens = words.Tokens(),
            MaskedTokens = words.MaskedTokens(),
            Labels = words.Labels(),
            Attention = words.Attention(),
            Identities = columns.Identities(),
            CaptionKeys = words.CaptionKeys(),
            StrangerImages = strangers.Length == 0 ? null : columns.Put(Tensor.From([.. strangers.Select(pair => (long)pair.Image)])),
            StrangerTexts = strangers.Length == 0 ? null : columns.Put(Tensor.From([.. strangers.Select(pair => (long)pair.Text)])),
            Matched = repairing ? null : columns.Put(Tensor.From([.. samples.Zip(texts, ReferenceEquals)])),
        };
    }

    private bool[] HidePatches(LabelMap? mask, float[] pixels, ref Randomness random)
    {
        float[] person = [];
        if (_options.ImageMasking == ImageMaskMode.Pedestrian)
        {
            var evidence = new ForegroundEvidence { Mask = mask, Pixels = pixels };
            person = _foreground.Locate(evidence, _options.Grid)
                ?? throw new InvalidOperationException("no foreground provider knew where the person is: end the chain with the ellipse, which always answers");
        }

        return ImageMasking.Draw(_options, person, ref random);
    }

    /// <summary>The released code's negatives: with probability 0.1 a sample gets the caption of another one, with other words.</summary>
    private PreparedSample[] Swap(IReadOnlyList<PreparedSample> samples, ref Randomness random)
    {
        var texts = samples.ToArray();
        for (var b = 0; b < texts.Length; b++)
        {
            if (random.Chance(_options.CaptionSwapRate) && samples.Count > 1)
            {
                var other = samples[(b + 1 + random.Next(samples.Count - 1)) % samples.Count];
                texts[b] = other.CaptionKey == samples[b].CaptionKey ? texts[b] : other;
            }
        }

        return texts;
    }
}
