using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>A trained MMET with all it needs to be used: preprocessing, vocabulary, fingerprint.</summary>
public sealed class MmetEncoder : IPersonEncoder
{
    private readonly Lock _gate = new();
    private readonly bool _owns;
    private readonly MmetEncoderOptions _options;
    private readonly Lazy<Fingerprint> _fingerprint;

    /// <summary>Wraps a model and moves it to the options' device.</summary>
    /// <param name="model">Evaluated, never trained; its mode is put back after each call.</param>
    /// <param name="tokenizer">The vocabulary that the model was trained with.</param>
    /// <param name="options">Batch size, precision, device.</param>
    /// <param name="ownsModel">Whether disposing the encoder disposes the model; false borrows a model that goes on training.</param>
    /// <exception cref="ArgumentException">The vocabulary's size does not fit the model.</exception>
    public MmetEncoder(MmetIdentification model, WordPieceTokenizer tokenizer, MmetEncoderOptions? options = null, bool ownsModel = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize != model.Model.Options.VocabularySize)
        {
            throw new ArgumentException($"the vocabulary has {tokenizer.VocabularySize} word pieces, the model {model.Model.Options.VocabularySize}: give it the vocabulary it was trained with", nameof(tokenizer));
        }

        Model = model;
        Tokenizer = tokenizer;
        Preprocessing = Preprocessing.For(model.Model.Options);
        _options = options ?? new MmetEncoderOptions();
        _owns = ownsModel;
        _fingerprint = new Lazy<Fingerprint>(() => MmetModelFile.FingerprintOf(model, Preprocessing, tokenizer));
        if (ownsModel && _options.Device != Device.Cpu)
        {
            model.To(_options.Device);
        }
    }

    /// <summary>The network; for explanations.</summary>
    public MmetIdentification Model { get; }

    /// <summary>The vocabulary.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <summary>Of the weights as they were when this was first asked.</summary>
    public Fingerprint Fingerprint => _fingerprint.Value;

    /// <inheritdoc/>
    public int Width(EmbeddingSpace space) => Model.Model.Options.HiddenWidth;

    /// <inheritdoc/>
    public float[][] EncodePictures(IReadOnlyList<Picture> pictures, EmbeddingSpace space) => EncodePictures(pictures, [space])[0];

    /// <inheritdoc/>
    public float[][][] EncodePictures(IReadOnlyList<Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(spaces);
        return InBatches(pictures.Count, spaces.Count, (start, count) => Model.PictureFeatures(spaces, Pixels(pictures, start, count)));
    }

    /// <inheritdoc/>
    public float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return InBatches(texts.Count, 1, (start, count) =>
        {
            var (tokens, attention) = Tokens(texts, start, count);
            return [Model.Features(space, tokens: tokens, attention: attention)];
        })[0];
    }

    /// <inheritdoc/>
    public float[][] EncodePairs(IReadOnlyList<Picture> pictures, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(texts);
        if (pictures.Count != texts.Count)
        {
            throw new ArgumentException($"{pictures.Count} pictures but {texts.Count} texts: expected one text for each picture", nameof(texts));
        }

        return InBatches(texts.Count, 1, (start, count) =>
        {
            var (tokens, attention) = Tokens(texts, start, count);
            return [Model.Features(EmbeddingSpace.Pair, Pixels(pictures, start, count), tokens, attention)];
        })[0];
    }

    /// <inheritdoc/>
    public string? Warning(string text) => Tokenizer.Encode(text, Model.Model.Options.TextLength).Warning;

    /// <summary>Normalised pictures <c>[count, 3, H, W]</c>; owned by the caller or the open scope.</summary>
    /// <param name="pictures">Any size.</param>
    /// <param name="start">First of the batch.</param>
    /// <param name="count">How many.</param>
    public Tensor Pixels(IReadOnlyList<Picture> pictures, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var each = 3 * Preprocessing.Height * Preprocessing.Width;
        var pixels = new float[count * each];
        Parallel.For(0, count, i => Preprocessing.Apply(pictures[start + i], pixels.AsSpan(i * each, each)));
        return Tensor.From(pixels, count, 3, Preprocessing.Height, Preprocessing.Width).To(_options.Device);
    }

    /// <summary>Token ids and attention mask <c>[count, L]</c>, L being the longest of them; owned by the caller or the open scope.</summary>
    /// <param name="texts">Any length.</param>
    /// <param name="start">First of the batch.</param>
    /// <param name="count">How many.</param>
    public (Tensor Tokens, Tensor Attention) Tokens(IReadOnlyList<string> texts, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var sequences = Enumerable.Range(start, count).Select(i => Tokenizer.Encode(texts[i], Model.Model.Options.TextLength)).ToList();
        var length = sequences.Max(sequence => sequence.Count);
        long[] ids = [.. sequences.SelectMany(sequence => sequence.Ids.Take(length)).Select(id => (long)id)];
        bool[] real = [.. sequences.SelectMany(sequence => Enumerable.Range(0, length).Select(t => t < sequence.Count))];
        return (Tensor.From(ids, count, length).To(_options.Device), Tensor.From(real, count, length).To(_options.Device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns)
        {
            Model.Dispose();
        }
    }

    private float[][][] InBatches(int count, int spaces, Func<int, int, IReadOnlyList<Tensor>> encode)
    {
        var rows = new float[spaces][][];
        for (var s = 0; s < spaces; s++)
        {
            rows[s] = new float[count][];
        }

        lock (_gate)
        {
            var wasTraining = Model.IsTraining;
            Model.Eval();
            try
            {
                using var nothing = Autograd.NoGrad();
                using var cast = _options.Precision == ScalarType.Float32 ? null : Autocast.To(_options.Precision, _options.Device);
                for (var start = 0; start < count; start += _options.BatchSize)
                {
                    using var scope = new TensorScope();
                    var features = encode(start, Math.Min(_options.BatchSize, count - start));
                    for (var s = 0; s < spaces; s++)
                    {
                        var (values, width) = (features[s].ToArray<float>(), (int)features[s].Size(1));
                        for (var i = 0; i < values.Length / width; i++)
                        {
                            rows[s][start + i] = values[(i * width)..((i + 1) * width)];
                        }
                    }
                }
            }
            finally
            {
                Model.Train(wasTraining);
            }
        }

        return rows;
    }
}
