using Semblance.Imaging;
using Semblance.Models;
using Semblance.Tensors;

namespace Semblance.Explanation;

/// <summary>Asks a model where in a picture it found what it found: Grad-CAM, guided Grad-CAM and attention rollout (mmet 13 [decision D35]; the paper shows such panels and gives no recipe).</summary>
/// <remarks>
/// A question is a score that the picture's feature gives; each method says where its map is read (<see cref="TorchEncoder.ExplainedLayer"/>). Guided maps clip what flows back
/// through each GELU (<see cref="GuidedBackpropagation"/>). Networks without attention have no rollout.
/// </remarks>
/// <param name="encoder">The model; borrowed. Not to be used by another thread meanwhile.</param>
public sealed class Explainer(TorchEncoder encoder)
{
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
        var words = encoder.Words(text);
        var image = encoder.EncodePictures([picture], EmbeddingSpace.Joint)[0];
        string[] variants = [string.Join(' ', words), .. words.Select((_, skipped) => string.Join(' ', words.Where((_, i) => i != skipped)))];
        var cosines = encoder.EncodeTexts(variants, EmbeddingSpace.Joint).Select(vector => vector.Zip(image).Sum(pair => (double)pair.First * pair.Second)).ToArray();
        return [.. words.Select((word, i) => new WordShare(word, cosines[0] - cosines[i + 1]))];
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
