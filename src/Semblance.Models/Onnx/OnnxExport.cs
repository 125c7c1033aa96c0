using System.Text.Json;
using Semblance.Core;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Models.Onnx;

/// <summary>
/// A trained encoder as ONNX graphs, for programs without Semblance: a folder with <c>image.onnx</c>, <c>text.onnx</c>, <c>vocabulary.txt</c> and <c>onnx.json</c>, which says
/// how the graphs are fed. Each graph carries the same facts as metadata.
/// </summary>
/// <remarks>
/// <para><c>image.onnx</c> reads <c>pixels [N, 3, H, W]</c>, float32, RGB from 0 to 255; the normalisation is inside the graph. <c>text.onnx</c> reads <c>tokens [N, L]</c>, int64, padded
/// with [PAD], L at most the model's text length. Both give unit rows <c>[N, E]</c>, float32, named by their <see cref="EmbeddingSpace"/>.</para>
/// <para>The graphs are what the network's own code calls, recorded: see <see cref="TracedProgram"/>. The embeddings are the encoder's, and so is the fingerprint.</para>
/// </remarks>
public static class OnnxExport
{
    private const string FactsName = "onnx.json";
    private const string ImageFile = "image.onnx";
    private const string TextFile = "text.onnx";
    private const string Pixels = "pixels";
    private const string Tokens = "tokens";

    /// <summary>Writes the graphs; each file is replaced atomically, <c>onnx.json</c> last.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="encoder">On the processor; borrowed.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <returns>The encoder's fingerprint, which the files state: what the graphs embed may be compared with what the encoder embeds.</returns>
    /// <exception cref="ArgumentException">The network is on another device.</exception>
    /// <exception cref="NotSupportedException">The network calls an operator that has no translation, or a file would exceed 2 GB; the message names it.</exception>
    public static Fingerprint Save(string directory, TorchEncoder encoder, string licence = "as of the training data")
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Network.Parameters().FirstOrDefault(weight => weight.Device != Device.Cpu) is { } elsewhere)
        {
            throw new ArgumentException($"the network is on {elsewhere.Device}: open it on the processor to export it", nameof(encoder));
        }

        var preprocessing = ModelFolder.PreprocessingFacts.Of(encoder.Preprocessing);
        var facts = new OnnxFacts
        {
            Format = "semblance onnx 1",
            Fingerprint = encoder.Fingerprint.Hex,
            Licence = licence,
            Method = encoder.Method,
            Image = Describe(ImageFile, $"{Pixels} [N, 3, {preprocessing.Height}, {preprocessing.Width}] float32", encoder, encoder.PictureSpaces),
            Text = Describe(TextFile, $"{Tokens} [N, L] int64", encoder, encoder.TextSpaces),
            Preprocessing = preprocessing,
            Tokenizer = encoder.Tokenizer is BytePairTokenizer
                ? "CLIP's byte pairs by the merges in the vocabulary file: lower case, start, pieces, end, then zeros behind the shorter texts"
                : "WordPiece of BERT uncased: lower case without accents, [CLS] pieces [SEP], [PAD] behind the shorter texts",
            TextLength = encoder.Options.TextLength,
            PaddingId = encoder.Tokenizer.PaddingId,
        };
        var metadata = ModelFolder.ToJson(facts).EnumerateObject().ToDictionary(
            fact => fact.Name, fact => fact.Value.ValueKind == JsonValueKind.String ? fact.Value.GetString()! : fact.Value.GetRawText());
        var (image, text) = encoder.Evaluating(() => (Picture(encoder), Text(encoder)));
        image.Save(Path.Combine(directory, ImageFile), metadata);
        text.Save(Path.Combine(directory, TextFile), metadata);
        encoder.Tokenizer.Save(Path.Combine(directory, ModelFolder.Vocabulary));
        ModelFolder.WriteFacts(directory, facts, FactsName);
        return encoder.Fingerprint;
    }

    private static OnnxGraph Picture(TorchEncoder encoder)
    {
        var (height, width) = (encoder.Preprocessing.Height, encoder.Preprocessing.Width);
        var (mean, deviation) = (encoder.Preprocessing.Normalisation.Mean.ToArray(), encoder.Preprocessing.Normalisation.Deviation.ToArray());
        float[] scale = [.. deviation.Select(d => 1 / (255 * d))];
        float[] offset = [.. mean.Zip(deviation, (m, d) => -m / d)];
        return Graph(
            encoder, "image", Pixels, $"RGB pictures of {height} rows and {width} columns, values from 0 to 255, not normalised", encoder.PictureSpaces,
            size => Tensor.From(Ramp(size, 3L * height * width, 256), size.Items, 3, height, width).To(ScalarType.Float32),
            pixels => encoder.PictureFeatures(encoder.PictureSpaces, (pixels * Tensor.From(scale, 1, 3, 1, 1)) + Tensor.From(offset, 1, 3, 1, 1)));
    }

    private static OnnxGraph Text(TorchEncoder encoder) => Graph(
        encoder, "text", Tokens, $"ids of pieces of words, at most {encoder.Options.TextLength} a text, {encoder.Tokenizer.PaddingId} behind the shorter ones", encoder.TextSpaces,
        size => Tensor.From(Ramp(size, size.Tokens, encoder.Tokenizer.VocabularySize), size.Items, size.Tokens),
        tokens =>
        {
            var attention = tokens.Ne(encoder.Tokenizer.PaddingId);
            return [.. encoder.TextSpaces.Select(space => encoder.TextFeatures(space, tokens, attention))];
        });

    /// <summary>Traces one side of an encoder and translates what it calls.</summary>
    private static OnnxGraph Graph(
        TorchEncoder encoder, string name, string input, string meaning,
        IReadOnlyList<EmbeddingSpace> spaces, Func<TraceSize, Tensor> example, Func<Tensor, IReadOnlyList<Tensor>> encode)
    {
        using var program = TracedProgram.Of(example, encode);
        var graph = new OnnxGraph(name);
        graph.Input(input, program.Input.Dtype, program.Input.Shape, meaning);
        var weights = encoder.Network.StateDict().DistinctBy(pair => pair.Value).ToDictionary(pair => pair.Value, pair => pair.Key);
        var outputs = OnnxTranslator.Translate(program, graph, input, weights);
        for (var i = 0; i < spaces.Count; i++)
        {
            graph.Output(Key(spaces[i]), outputs[i], program.Outputs[i].Dtype, program.Outputs[i].Shape, $"unit rows in the {spaces[i]} space");
        }

        return graph;
    }

    /// <summary>Whole numbers that differ from row to row and from size to size: a trace reads them, no more.</summary>
    private static long[] Ramp(TraceSize size, long each, long below) => [.. Enumerable.Range(0, checked((int)(size.Items * each))).Select(i => ((i * 7L) + size.Items + size.Tokens) % below)];

    private static GraphFacts Describe(string file, string input, TorchEncoder encoder, IReadOnlyList<EmbeddingSpace> spaces) => new()
    {
        File = file,
        Input = input,
        Embeddings = spaces.ToDictionary(Key, encoder.Width),
    };

    private static string Key(EmbeddingSpace space) => space.ToString().ToLowerInvariant();

    private sealed record OnnxFacts : ModelFolder.Facts
    {
        public required string Method { get; init; }

        public int OperatorSet { get; init; } = OnnxGraph.OperatorSet;

        public required GraphFacts Image { get; init; }

        public required GraphFacts Text { get; init; }

        public string Channels { get; init; } = "RGB";

        public string Range { get; init; } = "0 to 255";

        public string Resizing { get; init; } = "to height x width whatever the shape of the picture, by the kernels of Pillow";

        public string Normalisation { get; init; } = "inside the graph: do not subtract the mean nor divide by the deviation";

        public required string Tokenizer { get; init; }

        public string Vocabulary { get; init; } = ModelFolder.Vocabulary;

        public required int TextLength { get; init; }

        public required int PaddingId { get; init; }
    }

    private sealed record GraphFacts
    {
        public required string File { get; init; }

        public required string Input { get; init; }

        /// <summary>Outputs, and how many numbers their rows have.</summary>
        public required Dictionary<string, int> Embeddings { get; init; }
    }
}
