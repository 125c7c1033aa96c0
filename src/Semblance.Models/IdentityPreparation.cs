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

    /// <summary>The pixels of one picture as it is, and the tokens of a text as it is: what stored support is computed from.</summary>
    /// <param name="picture">Null for a text alone.</param>
    /// <param name="caption">Null for a picture alone.</param>
    public PreparedSample PrepareUnvaried(Picture? picture, string? caption)
    {
        float[]? pixels = null;
        if (picture is not null)
        {
            _preprocessing.Apply(picture, pixels = new float[3 * _preprocessing.Height * _preprocessing.Width]);
        }

        if (caption is null)
        {
            return new PreparedSample { Pixels = pixels };
        }

        var tokens = _tokenizer.Encode(caption, _textLength);
        return new PreparedSample { Pixels = pixels, Tokens = tokens.Ids[..tokens.Count] };
    }

    /// <summary>Puts samples into one batch. Captions are padded to the longest of the batch: padding changes nothing but time.</summary>
    /// <param name="samples">At least one; all with the same modalities.</param>
    /// <param name="device">Where the tensors go.</param>
    public IdentityBatch Collate(IReadOnlyList<PreparedSample> samples, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        using var scope = new TensorScope();
        var longest = samples.SelectMany(sample => sample.Support?.Tokens ?? []).Select(tokens => tokens.Length).DefaultIfEmpty().Max();
        var columns = Columns(samples, longest);
        return new IdentityBatch
        {
            Images = samples[0].Pixels is null ? null : columns.Images(),
            Tokens = samples[0].Tokens is null ? null : columns.Tokens(),
            Attention = samples[0].Tokens is null ? null : columns.Attention(),
            Identities = columns.Identities(),
            CaptionKeys = samples[0].Tokens is null ? null : columns.CaptionKeys(),
            Support = samples[0].Support is null ? null : Support([.. samples.Select(sample => sample.Support!)]),
        };

        BatchColumns Columns(IReadOnlyList<PreparedSample> of, int atLeast) =>
            new(of, _preprocessing.Height, _preprocessing.Width, cells: 0, _tokenizer.PaddingId, device, scope, atLeast);

        SupportBatch Support(IReadOnlyList<PreparedSupport> sets)
        {
            List<PreparedSample> pictures = [.. sets.SelectMany(set => set.Pixels).Select(pixels => new PreparedSample { Pixels = pixels })];
            List<PreparedSample> texts = [.. sets.SelectMany(set => set.Tokens).Select(tokens => new PreparedSample { Tokens = tokens })];
            var words = texts.Count == 0 ? null : Columns(texts, Math.Max(longest, samples.Max(sample => sample.Tokens?.Length ?? 0)));
            var (imageSlots, noImage) = Slots(columns, sets, set => set.PicturePlaces, set => set.Pixels.Count);
            var (textSlots, noText) = Slots(columns, sets, set => set.TextPlaces, set => set.Tokens.Count);
            return new SupportBatch
            {
                Images = pictures.Count == 0 ? null : Columns(pictures, 0).Images(),
                Tokens = words?.Tokens(),
                Attention = words?.Attention(),
                ImageSlots = imageSlots,
                NoImage = noImage,
                TextSlots = textSlots,
                NoText = noText,
            };
        }
    }

    /// <summary>Support sets side by side, <c>[B, K]</c> with K the largest: stored places as they are, drawn values by their row among all of the batch.</summary>
    private static (Tensor Slots, Tensor Empty) Slots(
        BatchColumns columns, IReadOnlyList<PreparedSupport> sets, Func<PreparedSupport, IReadOnlyList<int>> places, Func<PreparedSupport, int> drawn)
    {
        var size = Math.Max(1, sets.Max(set => Math.Max(places(set).Count, drawn(set))));
        var slots = new long[sets.Count * size];
        var empty = new bool[slots.Length];
        Array.Fill(empty, true);
        for (var (b, row) = (0, 0); b < sets.Count; b++)
        {
            var stored = places(sets[b]);
            for (var k = 0; k < Math.Max(stored.Count, drawn(sets[b])); k++)
            {
                slots[(b * size) + k] = stored.Count > 0 ? stored[k] : row++;
                empty[(b * size) + k] = false;
            }
        }

        return (columns.Put(Tensor.From(slots, sets.Count, size)), columns.Put(Tensor.From(empty, sets.Count, size)));
    }
}
