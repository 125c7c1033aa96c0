using Semblance.Core;
using Semblance.Tensors;

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
    private const string Format = "semblance onnx 1";
    private const string FactsName = "onnx.json";
    private const string Pixels = "pixels";
    private const string Tokens = "tokens";
    private const string TokenizerName = "WordPiece as BERT's uncased: lower case, without accents, [CLS] pieces [SEP] [PAD]...";
    private const string NormalisationPlace = "inside the graph: give RGB values from 0 to 255, resized but not normalised";

    /// <summary>Writes the graphs; each file is replaced atomically, <c>onnx.json</c> last.</summary>
    /// <param name="directory">Made when missing.</param>
    /// <param name="encoder">On the processor; borrowed.</param>
    /// <param name="licence">Under which the weights may be used, and what they were trained on.</param>
    /// <returns>The encoder's fingerprint, which the files state: what the graphs embed may be compared with what the encoder embeds.</returns>
    /// <exception cref="NotSupportedException">The network calls an operator that has no translation, or a file would exceed 2 GB; the message names it.</exception>
    public static Fingerprint Save(string directory, TorchEncoder encoder, string licence = "as of the training data")
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var preprocessing = ModelFolder.PreprocessingFacts.Of(encoder.Preprocessing);
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["fingerprint"] = encoder.Fingerprint.Hex,
            ["method"] = encoder.Method,
            ["licence"] = licence,
            ["height"] = $"{preprocessing.Height}",
            ["width"] = $"{preprocessing.Width}",
            ["resampling"] = Resampling(preprocessing),
            ["channels"] = "RGB",
            ["range"] = "0 to 255",
            ["normalisation"] = NormalisationPlace,
            ["tokenizer"] = TokenizerName,
            ["vocabulary"] = ModelFolder.Vocabulary,
            ["text_length"] = $"{encoder.Options.TextLength}",
            ["padding_id"] = $"{encoder.Tokenizer.PaddingId}",
        };
        Directory.CreateDirectory(directory);
        var (image, text) = encoder.Evaluating(() => (Picture(encoder), Text(encoder)));
        image.Save(Path.Combine(directory, "image.onnx"), With(metadata, encoder, encoder.PictureSpaces));
        text.Save(Path.Combine(directory, "text.onnx"), With(metadata, encoder, encoder.TextSpaces));
        encoder.Tokenizer.Save(Path.Combine(directory, ModelFolder.Vocabulary));
        ModelFolder.WriteFacts(directory, new OnnxFacts
        {
            Format = Format,
            Fingerprint = encoder.Fingerprint.Hex,
            Licence = licence,
            Preprocessing = preprocessing,
            Method = encoder.Method,
            OperatorSet = OnnxGraph.OperatorSet,
            Normalisation = NormalisationPlace,
            Channels = "RGB",
            Range = "0 to 255",
            Tokenizer = TokenizerName,
            TextLength = encoder.Options.TextLength,
            PaddingId = encoder.Tokenizer.PaddingId,
            Image = Describe("image.onnx", $"{Pixels} [N, 3, {preprocessing.Height}, {preprocessing.Width}] float32", encoder, encoder.PictureSpaces),
            Text = Describe("text.onnx", $"{Tokens} [N, L] int64", encoder, encoder.TextSpaces),
        }, FactsName);
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
            (pixels, spaces) =>
            {
                var images = (pixels * Tensor.From(scale, 1, 3, 1, 1)) + Tensor.From(offset, 1, 3, 1, 1);
                return encoder.PictureFeatures(spaces, images);
            });
    }

    private static OnnxGraph Text(TorchEncoder encoder) => Graph(
        encoder, "text", Tokens, $"ids of word pieces, at most {encoder.Options.TextLength} a text, [PAD] behind the shorter ones", encoder.TextSpaces,
        size => Tensor.From(Ramp(size, size.Tokens, encoder.Tokenizer.VocabularySize), size.Items, size.Tokens),
        (tokens, spaces) =>
        {
            var attention = tokens.Ne(encoder.Tokenizer.PaddingId);
            return [.. spaces.Select(space => encoder.TextFeatures(space, tokens, attention))];
        });

    /// <summary>Traces one side of an encoder and translates what it calls.</summary>
    private static OnnxGraph Graph(
        TorchEncoder encoder, string name, string input, string meaning, IReadOnlyList<EmbeddingSpace> spaces, Func<TraceSize, Tensor> example, Func<Tensor, IReadOnlyList<EmbeddingSpace>, IReadOnlyList<Tensor>> encode)
    {
        using var program = TracedProgram.Of(example, given => encode(given, spaces));
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

    private static Dictionary<string, string> With(Dictionary<string, string> metadata, TorchEncoder encoder, IReadOnlyList<EmbeddingSpace> spaces) => new(metadata)
    {
        ["embeddings"] = string.Join(", ", spaces.Select(space => $"{Key(space)} [{encoder.Width(space)}]")),
    };

    private static GraphFacts Describe(string file, string input, TorchEncoder encoder, IReadOnlyList<EmbeddingSpace> spaces) => new()
    {
        File = file,
        Input = input,
        Embeddings = spaces.ToDictionary(Key, encoder.Width),
    };

    private static string Key(EmbeddingSpace space) => space.ToString().ToLowerInvariant();

    private static string Resampling(ModelFolder.PreprocessingFacts preprocessing) => $"{preprocessing.Resampling.ToString().ToLowerInvariant()}, with Pillow's kernel that widens as a picture shrinks";

    private sealed record OnnxFacts : ModelFolder.Facts
    {
        public required string Method { get; init; }

        public required int OperatorSet { get; init; }

        public required string Normalisation { get; init; }

        public required string Channels { get; init; }

        public required string Range { get; init; }

        public required string Tokenizer { get; init; }

        public required int TextLength { get; init; }

        public required int PaddingId { get; init; }

        public required GraphFacts Image { get; init; }

        public required GraphFacts Text { get; init; }
    }

    private sealed record GraphFacts
    {
        public required string File { get; init; }

        public required string Input { get; init; }

        /// <summary>Outputs and how many numbers their rows have.</summary>
        public required Dictionary<string, int> Embeddings { get; init; }
    }
}
