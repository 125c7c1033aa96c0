using Semblance.Imaging;
using Semblance.Models;
using Semblance.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Semblance.Explanation;

/// <summary>Asks a model where in a picture it found what it found: Grad-CAM, guided Grad-CAM and attention rollout (mmet 13 [decision D35]; the paper shows such panels and gives no recipe).</summary>
/// <remarks>
/// A question is a score that the picture's feature gives; each method says where its map is read (<see cref="TorchEncoder.ExplainedLayer"/>). Guided maps clip what flows back
/// through each GELU (<see cref="GuidedBackpropagation"/>). Networks without attention have no rollout.
/// </remarks>
/// <param name="encoder">The model; borrowed. Not to be used by another thread meanwhile.</param>
public sealed class Explainer(TorchEncoder encoder)
{
    private const int EncodedAtOnce = 64;
    private readonly Preprocessing _input = encoder.Preprocessing;

    /// <summary>Average each map with that of the mirrored picture: steadier, twice the time.</summary>
    public bool AveragesFlips { get; init; }

    /// <summary>Where the picture fits the words: the score is the cosine of both in the Joint space.</summary>
    public PictureExplanation ForText(Picture picture, string text)
    {
        var words = encoder.EncodeTexts([text], EmbeddingSpace.Joint)[0];
        return Explain(picture, $"\"{text}\"", EmbeddingSpace.Joint, words, text: null);
    }

    /// <summary>Where the picture looks like another: the score is the cosine of both in the Image space.</summary>
    public PictureExplanation ForPicture(Picture picture, Picture reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ForReference(picture, encoder.EncodePictures([reference], EmbeddingSpace.Image)[0], "the other picture");
    }

    /// <summary>Where the picture looks like a feature, such as the mean of a person's true matches in a gallery.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="reference">Unit vector of the Image space.</param>
    /// <param name="name">Names the reference in the question.</param>
    public PictureExplanation ForReference(Picture picture, IReadOnlyList<float> reference, string name) =>
        Explain(picture, $"like {name}", EmbeddingSpace.Image, [.. reference], text: null);

    /// <summary>Where the picture and its caption together look like a feature of the Pair space.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="text">The picture's caption.</param>
    /// <param name="reference">Unit vector of the Pair space.</param>
    /// <param name="name">Names the reference in the question.</param>
    public PictureExplanation ForPair(Picture picture, string text, IReadOnlyList<float> reference, string name) =>
        Explain(picture, $"with \"{text}\" like {name}", EmbeddingSpace.Pair, [.. reference], text);

    /// <summary>What makes the picture's own identity feature: the score is the feature's length along its own direction, before it is made a unit vector.</summary>
    /// <remarks>A cosine with itself would not do: it is at its largest, where every gradient is 0.</remarks>
    public PictureExplanation ForItself(Picture picture) => Explain(picture, "the person", EmbeddingSpace.Image, reference: null, text: null);

    /// <summary>What each word adds to the cosine of caption and picture: with the word minus without it.</summary>
    public IReadOnlyList<WordShare> Words(Picture picture, string text)
    {
        var image = encoder.EncodePictures([picture], EmbeddingSpace.Joint)[0];
        return [.. Directions(text).Select(word => new WordShare(word.Word, TensorPrimitives.Dot(word.Direction, image)))];
    }

    /// <summary>
    /// Where each word is found: what its share loses while a part of the picture is hidden, on the mean of all parts that hide a pixel (occlusion: Zeiler and Fergus 2014,
    /// arXiv 1311.2901). The hidden pictures are encoded once for all words: as many as fit in steps of an eighth of the shorter side, 128 where the picture is twice as high as wide.
    /// </summary>
    public WordRegions Regions(Picture picture, string text)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var plain = picture.Resize(_input.Width, _input.Height);
        var windows = Windows().ToArray();
        var whole = encoder.EncodePictures([plain], EmbeddingSpace.Joint)[0];
        var hidden = windows.Chunk(EncodedAtOnce).SelectMany(some => encoder.EncodePictures([.. some.Select(window => Without(plain, window))], EmbeddingSpace.Joint)).ToArray();
        return new WordRegions
        {
            Picture = picture,
            Height = _input.Height,
            Width = _input.Width,
            Words =
            [
                .. Directions(text).Select(word =>
                {
                    var share = TensorPrimitives.Dot(word.Direction, whole);
                    return new WordRegion(word.Word, share, Heat(windows, [.. hidden.Select(image => share - TensorPrimitives.Dot(word.Direction, image))]));
                }),
            ],
        };
    }

    /// <summary>The caption's vector minus that of the caption without a word, for each word.</summary>
    private IEnumerable<(string Word, float[] Direction)> Directions(string text)
    {
        var words = encoder.Words(text);
        string[] variants = [string.Join(' ', words), .. words.Select((_, skipped) => string.Join(' ', words.Where((_, i) => i != skipped)))];
        var vectors = encoder.EncodeTexts(variants, EmbeddingSpace.Joint);
        return words.Select((word, i) => (word, (float[])[.. vectors[0].Zip(vectors[i + 1], (with, without) => with - without)]));
    }

    /// <summary>Squares of half the shorter side that hide every pixel equally often, but for the rim.</summary>
    private IEnumerable<Box> Windows()
    {
        var side = Math.Max(4, Math.Min(_input.Height, _input.Width) / 2);
        var step = side / 4;
        for (var y = -side / 2; y < _input.Height - (side / 2); y += step)
        {
            for (var x = -side / 2; x < _input.Width - (side / 2); x += step)
            {
                var (left, top) = (Math.Max(0, x), Math.Max(0, y));
                yield return new Box(left, top, Math.Min(_input.Width, x + side) - left, Math.Min(_input.Height, y + side) - top);
            }
        }
    }

    /// <summary>A picture with a box in its mean colour.</summary>
    private static Picture Without(Picture picture, Box box)
    {
        var (red, green, blue) = (0L, 0L, 0L);
        for (var i = 0; i < picture.Rgb.Length; i += 3)
        {
            (red, green, blue) = (red + picture.Rgb[i], green + picture.Rgb[i + 1], blue + picture.Rgb[i + 2]);
        }

        var pixels = picture.Rgb.Length / 3;
        var copy = new Picture(picture.Width, picture.Height, [.. picture.Rgb]);
        copy.FillInPlace(box, new Colour((byte)(red / pixels), (byte)(green / pixels), (byte)(blue / pixels)));
        return copy;
    }

    /// <summary>The mean loss over the windows that hide a pixel, not below 0.</summary>
    private float[] Heat(Box[] windows, float[] losses)
    {
        var (heat, times) = (new float[_input.Height * _input.Width], new int[_input.Height * _input.Width]);
        foreach (var (window, loss) in windows.Zip(losses))
        {
            for (var y = window.Y; y < window.Y + window.Height; y++)
            {
                for (var x = window.X; x < window.X + window.Width; x++)
                {
                    heat[(y * _input.Width) + x] += loss;
                    times[(y * _input.Width) + x]++;
                }
            }
        }

        for (var i = 0; i < heat.Length; i++)
        {
            heat[i] = Math.Max(0, heat[i] / Math.Max(1, times[i]));
        }

        return heat;
    }

    private PictureExplanation Explain(Picture picture, string question, EmbeddingSpace space, float[]? reference, string? text)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var maps = encoder.Evaluating(() =>
        {
            var own = Maps(picture, space, reference, text);
            if (!AveragesFlips)
            {
                return own;
            }

            var mirrored = Maps(picture.FlipHorizontally(), space, reference, text);
            return own with
            {
                Heat = Mean(own.Heat, Mirror(mirrored.Heat)),
                Guided = Mean(own.Guided, Mirror(mirrored.Guided)),
                Rollout = own.Rollout is null ? null : Mean(own.Rollout, Mirror(mirrored.Rollout!)),
            };
        });
        return new PictureExplanation
        {
            Picture = picture,
            Question = question,
            Score = maps.Score,
            Height = _input.Height,
            Width = _input.Width,
            Heat = maps.Heat,
            Guided = maps.Guided,
            Rollout = maps.Rollout,
        };
    }

    private MapSet Maps(Picture picture, EmbeddingSpace space, float[]? reference, string? text)
    {
        using var scope = new TensorScope();
        using var recorded = Autograd.EnableGrad();
        var images = encoder.Pixels([picture], 0, 1);
        images.RequiresGrad = true;
        var trace = new Trace();
        var score = Score(images, space, reference, text, trace);
        var (name, grid) = encoder.ExplainedLayer(space);
        var layer = trace[name];
        var gradient = Autograd.Grad(score, [layer])[0];
        var heat = PatchMap.ToPixels(GradCam.Map(Cells(layer, grid), Cells(gradient, grid)), grid);
        float[]? rollout = encoder.AttentionLayers is { Count: > 0 } attention ? PatchMap.ToPixels(AttentionRollout.Map([.. attention.Select(block => trace[block][0])]), grid) : null;
        var guided = GuidedGradient(picture, space, reference, text);
        for (var i = 0; i < guided.Length; i++)
        {
            guided[i] *= heat[i % heat.Length];
        }

        return new MapSet(score.Item<double>(), heat, guided, rollout);
    }

    /// <summary>Cells by channels <c>[N, C]</c>, of a map <c>[1, C, h, w]</c> or of tokens <c>[1, 1 + N, C]</c>, whose first is the class token.</summary>
    private static Tensor Cells(Tensor layer, PatchGrid grid) =>
        layer.Rank == 4 ? layer[0].Flatten(1, 2).Transpose(0, 1) : layer[0].Narrow(0, 1, grid.Count);

    private float[] GuidedGradient(Picture picture, EmbeddingSpace space, float[]? reference, string? text)
    {
        using var scope = new TensorScope();
        using var guided = GuidedBackpropagation.On();
        var images = encoder.Pixels([picture], 0, 1);
        images.RequiresGrad = true;
        return Autograd.Grad(Score(images, space, reference, text, trace: null), [images])[0].ToArray<float>();
    }

    private Tensor Score(Tensor images, EmbeddingSpace space, float[]? reference, string? text, Trace? trace)
    {
        var feature = encoder.ExplainedFeature(images, space, text, trace, unit: reference is not null);    // [1, E]
        if (reference is null)
        {
            return (feature * feature.Detach().Normalize(dim: -1)).Sum();
        }

        return reference.Length == feature.Size(1)
            ? (feature * Tensor.From(reference, 1, reference.Length).To(images.Device)).Sum()
            : throw new ArgumentException($"the reference has {reference.Length} numbers, a {space} feature of this model {feature.Size(1)}: encode it with this model", nameof(reference));
    }

    private float[] Mirror(float[] map) => [.. map.Chunk(_input.Width).SelectMany(row => row.Reverse())];

    private static float[] Mean(float[] a, float[] b) => [.. a.Zip(b, (x, y) => (x + y) / 2)];

    private sealed record MapSet(double Score, float[] Heat, float[] Guided, float[]? Rollout);
}
