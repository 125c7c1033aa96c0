using Semblance.Core;
using Semblance.Imaging;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>
/// What the encoders of all methods share: batches, the network's mode, tokens and pixels; and what an explanation asks of a method. Models may be shared with a training
/// run: their mode is put back after each call.
/// </summary>
public abstract class TorchEncoder : IPersonEncoder
{
    private readonly Lock _gate = new();
    private readonly Module _network;
    private readonly bool _owns;
    private readonly EncoderOptions _run;
    private readonly Lazy<Fingerprint> _fingerprint;

    /// <param name="network">Evaluated, never trained.</param>
    /// <param name="options">Of the method.</param>
    /// <param name="tokenizer">The vocabulary that the network was trained with.</param>
    /// <param name="run">Batch size, precision, device; null for <see cref="EncoderOptions.FromEnvironment"/>.</param>
    /// <param name="owns">Whether disposing the encoder disposes the network; false borrows one that goes on training, and leaves it on its device.</param>
    /// <exception cref="ArgumentException">The vocabulary's size does not fit.</exception>
    private protected TorchEncoder(Module network, MethodOptions options, ITokenizer tokenizer, EncoderOptions? run, bool owns)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize != options.VocabularySize)
        {
            throw new ArgumentException($"the vocabulary has {tokenizer.VocabularySize} word pieces, the model {options.VocabularySize}: give it the vocabulary it was trained with", nameof(tokenizer));
        }

        _network = network;
        _owns = owns;
        _run = run ?? EncoderOptions.FromEnvironment();
        _fingerprint = new Lazy<Fingerprint>(ComputeFingerprint);
        Options = options;
        Tokenizer = tokenizer;
        Preprocessing = options.Preprocessing();
        if (owns && _run.Device != Device.Cpu)
        {
            network.To(_run.Device);
        }
    }

    /// <summary>Name of the method, as recipes know it.</summary>
    public abstract string Method { get; }

    /// <summary>Sizes of the method.</summary>
    public MethodOptions Options { get; }

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <summary>Of the weights as they were when this was first asked.</summary>
    public Fingerprint Fingerprint => _fingerprint.Value;

    /// <inheritdoc/>
    public abstract int Width(EmbeddingSpace space);

    /// <inheritdoc/>
    public float[][] EncodePictures(IReadOnlyList<Picture> pictures, EmbeddingSpace space) => EncodePictures(pictures, [space])[0];

    /// <inheritdoc/>
    public float[][][] EncodePictures(IReadOnlyList<Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(spaces);
        return InBatches(pictures.Count, spaces.Count, (start, count) => PictureFeatures(spaces, Pixels(pictures, start, count)));
    }

    /// <inheritdoc/>
    public float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return InBatches(texts.Count, 1, (start, count) =>
        {
            var (tokens, attention) = Tokens(texts, start, count);
            return [TextFeatures(space, tokens, attention)];
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
            return [PairFeatures(Pixels(pictures, start, count), tokens, attention)];
        })[0];
    }

    /// <inheritdoc/>
    public string? Warning(string text) => Tokenizer.Encode(text, Options.TextLength).Warning;

    /// <summary>The words of a text as the network reads them.</summary>
    public IReadOnlyList<string> Words(string text) => Tokenizer.Encode(text, Options.TextLength).Words;

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
        return Tensor.From(pixels, count, 3, Preprocessing.Height, Preprocessing.Width).To(_run.Device);
    }

    /// <summary>Token ids and attention mask <c>[count, L]</c>, L being the longest of them; owned by the caller or the open scope.</summary>
    /// <param name="texts">Any length.</param>
    /// <param name="start">First of the batch.</param>
    /// <param name="count">How many.</param>
    public (Tensor Tokens, Tensor Attention) Tokens(IReadOnlyList<string> texts, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var sequences = Enumerable.Range(start, count).Select(i => Tokenizer.Encode(texts[i], Options.TextLength)).ToList();
        var length = sequences.Max(sequence => sequence.Count);
        long[] ids = [.. sequences.SelectMany(sequence => sequence.Ids.Take(length)).Select(id => (long)id)];
        bool[] real = [.. sequences.SelectMany(sequence => Enumerable.Range(0, length).Select(t => t < sequence.Count))];
        return (Tensor.From(ids, count, length).To(_run.Device), Tensor.From(real, count, length).To(_run.Device));
    }

    /// <summary>The feature that an explanation asks about, with its graph: <c>[1, E]</c>.</summary>
    /// <param name="images">One normalised picture, <c>[1, 3, H, W]</c>.</param>
    /// <param name="space">Where the reference lives.</param>
    /// <param name="text">The picture's caption in the Pair space, else null.</param>
    /// <param name="trace">Keeps what <see cref="ExplainedLayer"/> names.</param>
    /// <param name="unit">A unit vector, or as long as the network makes it.</param>
    public abstract Tensor ExplainedFeature(Tensor images, EmbeddingSpace space, string? text, Trace? trace, bool unit);

    /// <summary>Where an explanation of a feature reads the picture's map: the name of an intermediate, and its rows and columns.</summary>
    public abstract (string Name, PatchGrid Grid) ExplainedLayer(EmbeddingSpace space);

    /// <summary>Attention probabilities of the picture's blocks, first to last, for rollout; none in a network that has no attention.</summary>
    public abstract IReadOnlyList<string> AttentionLayers { get; }

    /// <summary>Runs what is done with the network in evaluation mode, and puts its mode back.</summary>
    public T Evaluating<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            var wasTraining = _network.IsTraining;
            _network.Eval();
            try
            {
                return work();
            }
            finally
            {
                _network.Train(wasTraining);
            }
        }
    }

    /// <summary>The network itself in a folder, to be opened again without training.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <param name="half">Round the weights to float16, here too, and store them so: half the size.</param>
    /// <returns>The fingerprint of what was written.</returns>
    public abstract Fingerprint Export(string directory, string licence, bool half);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns)
        {
            _network.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The network itself; borrowed.</summary>
    internal Module Network => _network;

    /// <summary>The spaces of pictures alone that differ from each other.</summary>
    internal abstract IReadOnlyList<EmbeddingSpace> PictureSpaces { get; }

    /// <summary>The spaces of words alone that differ from each other.</summary>
    internal abstract IReadOnlyList<EmbeddingSpace> TextSpaces { get; }

    /// <summary>Unit rows of each space; tensors of the open scope.</summary>
    internal abstract IReadOnlyList<Tensor> PictureFeatures(IReadOnlyList<EmbeddingSpace> spaces, Tensor images);

    /// <summary>Unit rows; a tensor of the open scope.</summary>
    internal abstract Tensor TextFeatures(EmbeddingSpace space, Tensor tokens, Tensor attention);

    private protected abstract Tensor PairFeatures(Tensor images, Tensor tokens, Tensor attention);

    private protected abstract Fingerprint ComputeFingerprint();

    private float[][][] InBatches(int count, int spaces, Func<int, int, IReadOnlyList<Tensor>> encode) => Evaluating(() =>
    {
        var rows = new float[spaces][][];
        for (var s = 0; s < spaces; s++)
        {
            rows[s] = new float[count][];
        }

        using var nothing = Autograd.NoGrad();
        using var cast = _run.Precision == ScalarType.Float32 ? null : Autocast.To(_run.Precision, _run.Device);
        for (var start = 0; start < count; start += _run.BatchSize)
        {
            using var scope = new TensorScope();
            var features = encode(start, Math.Min(_run.BatchSize, count - start));
            for (var s = 0; s < spaces; s++)
            {
                var (values, width) = (features[s].ToArray<float>(), (int)features[s].Size(1));
                for (var i = 0; i < values.Length / width; i++)
                {
                    rows[s][start + i] = values[(i * width)..((i + 1) * width)];
                }
            }
        }

        return rows;
    });
}
