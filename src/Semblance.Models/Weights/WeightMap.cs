using Semblance.Core;
using Semblance.Models.Backbones;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Weights;

/// <summary>How the names of one kind of public weights become ours: which prefix they stand under, what is left out by design, and which network they must fill.</summary>
public sealed class WeightMap
{
    /// <summary>Of BERT, which reads words for other networks.</summary>
    public const string BertKey = "bert-base";

    /// <summary>Of CLIP with both towers.</summary>
    public const string ClipKey = "clip-vit-b16";

    /// <summary>Of IRRA, which is CLIP trained further.</summary>
    public const string IrraKey = "irra";

    private const string BatchCount = "num_batches_tracked";

    private static readonly string[] Containers = ["state_dict.", "model_state_dict.", "model.", "module."];
    private static readonly string[] TrainingState = ["optimizer", "optim", "scheduler", "lr_scheduler", "scaler"];

    private WeightMap(string key, string source, string licence, string anchor)
    {
        (Key, Source, Licence, Anchor) = (key, source, licence, anchor);
    }

    /// <summary>Every kind that is known; a file is guessed to be of the first that fits.</summary>
    public static IReadOnlyList<WeightMap> All { get; } =
    [
        new(IrraKey, "IRRA (anosorae/IRRA): CLIP ViT-B/16 fine-tuned for text-to-person search", "MIT for the code; trained on data sets for research only", ClipNames.Anchor)
        {
            Wrapper = "base_model.",
            Left = ["cross_attn.", "cross_modal_transformer.", "ln_pre_t.", "ln_pre_i.", "ln_post.", "mlm_head.", "classifier."],
            Patches = ClipNames.Patches,
            DefaultSize = (384, 128),
            Build = ClipNames.Build,
        },
        new(ClipKey, "CLIP ViT-B/16 (openai/CLIP), both towers", "MIT", ClipNames.Anchor)
        {
            Left = ["input_resolution", "context_length", "vocab_size"],
            LeftEndings = [".attn_mask"],
            Patches = ClipNames.Patches,
            Build = ClipNames.Build,
        },
        new("flava", "FLAVA (facebookresearch/multimodal), encoders, fusion and projections", "BSD-3-Clause", "image_encoder.embeddings.patch_embeddings.projection.weight"),
        new(BertKey, "BERT base, uncased (google-research/bert, names of Hugging Face)", "Apache-2.0", "encoder.layer.0.attention.self.query.weight")
        {
            Left = ["pooler.", "cls.", "embeddings.position_ids"],
            Rename = name => name.Replace(".LayerNorm.gamma", ".LayerNorm.weight", StringComparison.Ordinal).Replace(".LayerNorm.beta", ".LayerNorm.bias", StringComparison.Ordinal),
            Build = (sizes, _) => new Bert(BertOf(sizes)),
        },
        new("vit-b16", "ViT-B/16 (huggingface/pytorch-image-models)", "Apache-2.0 for the code; the weights' own licence stands on their page", "patch_embed.proj.weight")
        {
            Left = ["head.", "pre_logits."],
            Patches = new("patch_embed.proj.weight", "pos_embed", PositionsRank: 3),
            Build = (sizes, grid) => new Vit(new VitOptions
            {
                Height = grid.Height,
                Width = grid.Width,
                Patch = grid.Patch,
                Stride = grid.Stride,
                HiddenWidth = sizes.Of("patch_embed.proj.weight", 0),
                Heads = sizes.Heads("patch_embed.proj.weight", 0),
                Layers = sizes.Count("blocks."),
                MlpWidth = sizes.Of("blocks.0.mlp.fc1.weight", 0),
            }),
        },
        new("osnet", "OSNet (KaiyangZhou/deep-person-reid)", "MIT for the code; trained on data sets for research only", "conv2.0.conv2a.conv1.weight")
        {
            Left = ["classifier."],
            Build = (sizes, _) => new OsNet(new OsNetOptions
            {
                Channels = [sizes.Of("conv1.conv.weight", 0), .. Enumerable.Range(2, 3).Select(stage => sizes.Of($"conv{stage}.0.conv3.conv.weight", 0))],
                Blocks = [.. Enumerable.Range(2, 3).Select(stage => sizes.Count($"conv{stage}.", ".conv1.conv.weight"))],
                FeatureWidth = sizes.Has("fc.0.weight") ? sizes.Of("fc.0.weight", 0) : 0,
            }),
        },
        new("resnet50", "ResNet-50 (pytorch/vision)", "BSD-3-Clause for the code; trained on ImageNet, for research only", "layer1.0.conv1.weight")
        {
            Left = ["fc."],
            Build = (sizes, _) => new ResNet(new ResNetOptions
            {
                Width = sizes.Of("conv1.weight", 0),
                Blocks = [.. Enumerable.Range(1, 4).Select(stage => sizes.Count($"layer{stage}."))],
                Classes = 0,
            }),
        },
    ];

    /// <summary>The word for it on the command line and in the file that is written.</summary>
    public string Key { get; }

    /// <summary>Where such weights come from.</summary>
    public string Source { get; }

    /// <summary>The usual licence of such weights; a file does not say its own.</summary>
    public string Licence { get; }

    /// <summary>Where the size of the pictures shows; null for a network without patches, which has none.</summary>
    internal PatchNames? Patches { get; private init; }

    /// <summary>The size in pixels at which the weights were trained when their grid is no square.</summary>
    internal (int Height, int Width)? DefaultSize { get; private init; }

    /// <summary>The network with the sizes that the file shows, which says what must be there. Null for FLAVA, which has an importer of its own.</summary>
    internal Func<WeightSizes, PatchGrid, Module>? Build { get; private init; }

    /// <summary>A name that every such file has, after its prefix.</summary>
    private string Anchor { get; }

    /// <summary>What the prefix must end in, for weights that wrap others.</summary>
    private string Wrapper { get; init; } = "";

    private string[] Left { get; init; } = [];

    private string[] LeftEndings { get; init; } = [];

    private Func<string, string> Rename { get; init; } = name => name;

    /// <summary>The map of that key.</summary>
    /// <exception cref="ArgumentException">There is none; the message offers the nearest and lists all.</exception>
    public static WeightMap Parse(string key) => All.FirstOrDefault(map => map.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"no weights are called \"{key}\"{Suggestion.DidYouMean(key, All.Select(map => map.Key))}: expected one of {string.Join(", ", All.Select(map => map.Key))}");

    /// <summary>The map whose names a file has, or null when none fits.</summary>
    /// <param name="names">Of the file's tensors.</param>
    public static WeightMap? Guess(IReadOnlyList<string> names) => All.FirstOrDefault(map => map.Prefix(names) is not null);

    /// <summary>What stands before the names in this file, as <c>state_dict.module.</c>; null when the file is of another kind. Of several, the shortest.</summary>
    internal string? Prefix(IReadOnlyList<string> names) => names
        .Where(name => name == Anchor || name.EndsWith($".{Anchor}", StringComparison.Ordinal))
        .Select(name => name[..^Anchor.Length])
        .Where(prefix => prefix.EndsWith(Wrapper, StringComparison.Ordinal))
        .OrderBy(prefix => prefix.Length)
        .FirstOrDefault();

    /// <summary>Our name of a tensor, or whether it is left out by design; neither when nobody knows it.</summary>
    /// <param name="name">In the file.</param>
    /// <param name="prefix">As <see cref="Prefix"/> found it.</param>
    internal (string? Ours, bool IsLeft) Translate(string name, string prefix)
    {
        var inside = name.StartsWith(prefix, StringComparison.Ordinal);
        var rest = inside ? name[prefix.Length..] : Unwrapped(name);
        var isLeft = Left.Any(start => rest.StartsWith(start, StringComparison.Ordinal)) || LeftEndings.Any(end => rest.EndsWith(end, StringComparison.Ordinal))
            || (!inside && TrainingState.Any(word => name.StartsWith($"{word}.", StringComparison.Ordinal)));

        // IRRA's heads have names that CLIP's towers have too, so what lies inside the wrapper is never one of them.
        return isLeft && !(inside && Wrapper.Length > 0) ? (null, true) : (inside ? Rename(rest) : null, false);
    }

    internal static BertOptions BertOf(WeightSizes sizes) => new()
    {
        VocabularySize = sizes.Of("embeddings.word_embeddings.weight", 0),
        Positions = sizes.Of("embeddings.position_embeddings.weight", 0),
        TokenTypes = sizes.Of("embeddings.token_type_embeddings.weight", 0),
        HiddenWidth = sizes.Of("embeddings.word_embeddings.weight", 1),
        Heads = sizes.Heads("embeddings.word_embeddings.weight", 1),
        Layers = sizes.Count("encoder.layer."),
        MlpWidth = sizes.Of("encoder.layer.0.intermediate.dense.weight", 0),
    };

    /// <summary>True for counters that old checkpoints lack and that only training reads.</summary>
    internal static bool MayBeMissing(string ours) => ours.EndsWith(BatchCount, StringComparison.Ordinal);

    /// <summary>A name without the dictionaries and wrappers that training scripts put around a state dict.</summary>
    internal static string Unwrapped(string name)
    {
        while (Containers.FirstOrDefault(container => name.StartsWith(container, StringComparison.Ordinal)) is { } container)
        {
            name = name[container.Length..];
        }

        return name;
    }

    /// <summary>What CLIP and IRRA share.</summary>
    private static class ClipNames
    {
        public const string Anchor = "visual.transformer.resblocks.0.attn.in_proj_weight";

        public static readonly PatchNames Patches = new("visual.conv1.weight", "visual.positional_embedding", PositionsRank: 2);

        public static Clip Build(WeightSizes sizes, PatchGrid grid) => new Clip(new ClipOptions
        {
            Height = grid.Height,
            Width = grid.Width,
            Patch = grid.Patch,
            Stride = grid.Stride,
            ImageWidth = sizes.Of("visual.conv1.weight", 0),
            ImageHeads = sizes.Heads("visual.conv1.weight", 0),
            ImageLayers = sizes.Count("visual.transformer.resblocks."),
            VocabularySize = sizes.Of("token_embedding.weight", 0),
            TextLength = sizes.Of("positional_embedding", 0),
            TextWidth = sizes.Of("token_embedding.weight", 1),
            TextHeads = sizes.Heads("token_embedding.weight", 1),
            TextLayers = sizes.Count("transformer.resblocks."),
            EmbeddingWidth = sizes.Of("text_projection", 1),
        });
    }
}

/// <summary>Our names of what cuts a picture into patches.</summary>
/// <param name="Convolution"><c>[D, 3, patch, patch]</c>.</param>
/// <param name="Positions">Class token first, then the patches row by row: <c>[1 + N, D]</c> or <c>[1, 1 + N, D]</c>.</param>
/// <param name="PositionsRank">2 or 3, accordingly.</param>
internal sealed record PatchNames(string Convolution, string Positions, int PositionsRank);
