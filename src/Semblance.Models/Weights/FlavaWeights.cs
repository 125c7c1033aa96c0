using Semblance.Core;
using Semblance.Tensors;

namespace Semblance.Models.Weights;

/// <summary>
/// Reads FLAVA's public weights (TorchMultimodal layout, as safetensors or as a PyTorch checkpoint) into MMET, whose transformers are built alike. Our names differ in that queries, keys
/// and values are stacked in one matrix and that modules are named for what they do; this file is the table between the two.
/// </summary>
/// <remarks>Singh et al. 2022, arXiv 2112.04482. A pretraining checkpoint prefixes all but <c>loss.*</c> and <c>image_codebook.*</c> with <c>model.</c>; a file that <see cref="WeightImport"/> wrote, with our names, is read too.</remarks>
public static class FlavaWeights
{
    private static readonly (string Flava, string Ours)[] Encoders = [("image_encoder", "image_encoder"), ("text_encoder", "text_encoder"), ("mm_encoder", "fusion_encoder")];

    private static readonly (string Flava, string Ours)[] Fixed =
    [
        ("image_encoder.embeddings.cls_token", "image_encoder.class_token"),
        ("image_encoder.embeddings.mask_token", "image_encoder.mask_token"),
        ("image_encoder.embeddings.position_embeddings", "image_encoder.positions"),
        ("image_encoder.embeddings.patch_embeddings.projection.", "image_encoder.patches."),
        ("text_encoder.embeddings.word_embeddings.", "text_encoder.words."),
        ("text_encoder.embeddings.position_embeddings.", "text_encoder.positions."),
        ("text_encoder.embeddings.token_type_embeddings.", "text_encoder.types."),
        ("text_encoder.embeddings.layer_norm.", "text_encoder.embedding_norm."),
        ("mm_encoder.cls_token", "fusion_encoder.class_token"),
        ("image_to_mm_projection.", "image_to_fusion."),
        ("text_to_mm_projection.", "text_to_fusion."),
        ("image_projection.", "image_projection."),
        ("text_projection.", "text_projection."),
        ("loss.contrastive_loss.logit_scale", "log_scale"),
    ];

    private static readonly (string Flava, string Ours)[] Heads =
    [
        ("loss.mim_loss.cls.", "mim."),
        ("loss.mlm_loss.cls.", "mlm."),
        ("loss.mmm_loss.mim.cls.", "mmm_image."),
        ("loss.mmm_loss.mlm.cls.", "mmm_text."),
        ("loss.itm_loss.pooler.dense.", "itm.pooler."),
        ("loss.itm_loss.cls.seq_relationship.", "itm.classifier."),
    ];

    private static readonly (string Flava, string Ours)[] InBlock =
    [
        ("attention.output.", "attention.output."),
        ("attention_layernorm.", "norm1."),
        ("feedforward_layernorm.", "norm2."),
        ("feedforward.model.0.", "expand."),
        ("feedforward.model.2.", "contract."),
    ];

    /// <summary>Loads encoders, fusion, projections and log-scale.</summary>
    /// <param name="model">Receives the weights; its position table is filled from FLAVA's 14 x 14 by <see cref="PositionTable"/>.</param>
    /// <param name="path">A safetensors file or a PyTorch checkpoint.</param>
    /// <exception cref="SemblanceFormatException">A tensor has another shape than the model's, or the file holds no FLAVA weights.</exception>
    public static ImportReport Import(Mmet model, string path) => Import(model, null, path);

    /// <summary>Loads encoders and the heads of stage A.</summary>
    /// <inheritdoc cref="Import(Mmet, string)"/>
    public static ImportReport Import(MmetPretraining stage, string path)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return Import(stage.Model, stage, path);
    }

    private static ImportReport Import(Mmet model, MmetPretraining? stage, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = new TensorScope();
        using var nothing = Autograd.NoGrad();
        using var file = WeightsFile.Open(path);
        var ours = stage is null
            ? model.StateDict()
            : stage.StateDict().ToDictionary(pair => pair.Key.StartsWith("model.", StringComparison.Ordinal) ? pair.Key["model.".Length..] : pair.Key, pair => pair.Value);
        var found = new Dictionary<string, Tensor>();
        var thirds = new Dictionary<string, Tensor?[]>();
        var (ignored, unexpected, resized) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var name in file.Names)
        {
            var flava = WeightMap.Unwrapped(name);

            // What an import wrote bears our names already.
            switch (ours.ContainsKey(flava) ? (flava, null) : Translate(flava))
            {
                case (null, _):
                    (IsIgnored(flava, stage is not null) ? ignored : unexpected).Add(name);
                    break;
                case ({ } own, null):
                    if (ours.ContainsKey(own))
                    {
                        found[own] = file.Load(name);
                    }
                    else
                    {
                        (Heads.Any(head => own.StartsWith(head.Ours, StringComparison.Ordinal)) ? ignored : unexpected).Add(name);
                    }

                    break;
                case ({ } own, { } third):
                    if (!thirds.TryGetValue(own, out var parts))
                    {
                        thirds[own] = parts = new Tensor?[3];
                    }

                    parts[third] = file.Load(name);
                    break;
            }
        }

        foreach (var (own, parts) in thirds)
        {
            if (!ours.ContainsKey(own))
            {
                unexpected.Add(own);
            }
            else if (parts is [{ } q, { } k, { } v])
            {
                found[own] = Tensor.Cat([q, k, v], 0);
            }
        }

        if (found.TryGetValue("image_encoder.positions", out var table) && table.Rank == 3 && table.Size(1) != model.ImageEncoder.Positions.Size(1))
        {
            var side = (int)Math.Round(Math.Sqrt(table.Size(1) - 1));
            found["image_encoder.positions"] = PositionTable.Resize(table, (side, side), (model.Options.Grid.Rows, model.Options.Grid.Columns), model.Options.PositionResizing);
            resized.Add("image_encoder.positions");
        }

        if (found.Count == 0)
        {
            throw new SemblanceFormatException(path, $"none of its {file.Names.Count} tensors has a FLAVA name, expected names such as image_encoder.embeddings.cls_token");
        }

        foreach (var (own, tensor) in found)
        {
            // Tables that hold a single number come as [1] in some conversions.
            var fits = tensor.Shape.SequenceEqual(ours[own].Shape) || (tensor.ElementCount == 1 && ours[own].ElementCount == 1);
            if (!fits)
            {
                throw new SemblanceFormatException(path, $"{own} is {Mmet.Shape(tensor)}, expected {Mmet.Shape(ours[own])}: FLAVA's weights need 768 wide encoders (mmet-default, mmet-paper or mmet-code)");
            }
        }

        foreach (var (own, tensor) in found)
        {
            ours[own].CopyFrom(tensor.Reshape(ours[own].Shape));
        }

        return new ImportReport([.. found.Keys], [.. ours.Keys.Where(name => !found.ContainsKey(name))], ignored, unexpected, resized);
    }

    /// <summary>Our name of one of FLAVA's, and for queries, keys and values which third of the stacked matrix it is.</summary>
    internal static (string? Ours, int? Third) Translate(string flava)
    {
        foreach (var (from, to) in Fixed.Concat(Heads))
        {
            if (flava == from || (from.EndsWith('.') && flava.StartsWith(from, StringComparison.Ordinal)))
            {
                var rest = flava[from.Length..];

                // Output biases are listed twice, as cls.bias and cls.decoder.bias: the same tensor; one of them is enough.
                return from.EndsWith(".cls.", StringComparison.Ordinal) && rest == "bias" ? (null, null) : (to + rest.Replace("layer_norm.", "norm.", StringComparison.Ordinal), null);
            }
        }

        foreach (var (from, to) in Encoders)
        {
            if (flava.StartsWith($"{from}.layernorm.", StringComparison.Ordinal))
            {
                return ($"{to}.transformer.norm.{flava[(from.Length + ".layernorm.".Length)..]}", null);
            }

            var layer = $"{from}.encoder.layer.";
            if (!flava.StartsWith(layer, StringComparison.Ordinal))
            {
                continue;
            }

            var (index, rest) = (flava[layer.Length..].Split('.')[0], string.Join('.', flava[layer.Length..].Split('.')[1..]));
            var block = $"{to}.transformer.blocks.{index}.";
            var third = Array.FindIndex(["attention.query.", "attention.key.", "attention.value."], part => rest.StartsWith(part, StringComparison.Ordinal));
            if (third >= 0)
            {
                return ($"{block}attention.qkv.{rest.Split('.')[^1]}", third);
            }

            foreach (var (part, own) in InBlock)
            {
                if (rest.StartsWith(part, StringComparison.Ordinal))
                {
                    return (block + own + rest[part.Length..], null);
                }
            }
        }

        return (null, null);
    }

    private static bool IsIgnored(string flava, bool withHeads) =>
        flava.Contains(".pooler.", StringComparison.Ordinal) || flava.StartsWith("image_codebook.", StringComparison.Ordinal) || flava.EndsWith(".cls.bias", StringComparison.Ordinal)
        || (!withHeads && flava.StartsWith("loss.", StringComparison.Ordinal));
}
