using Semblance.Core;
using Semblance.Models.Targets;
using Semblance.Models.Weights;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests.Weights;

public sealed class FlavaWeightsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("image_encoder.embeddings.cls_token", "image_encoder.class_token", null)]
    [InlineData("image_encoder.encoder.layer.11.attention.key.bias", "image_encoder.transformer.blocks.11.attention.qkv.bias", 1)]
    [InlineData("text_encoder.encoder.layer.0.feedforward.model.2.weight", "text_encoder.transformer.blocks.0.contract.weight", null)]
    [InlineData("mm_encoder.layernorm.weight", "fusion_encoder.transformer.norm.weight", null)]
    [InlineData("text_encoder.embeddings.layer_norm.bias", "text_encoder.embedding_norm.bias", null)]
    [InlineData("loss.mmm_loss.mlm.cls.layer_norm.weight", "mmm_text.norm.weight", null)]
    [InlineData("loss.itm_loss.cls.seq_relationship.bias", "itm.classifier.bias", null)]
    [InlineData("loss.mim_loss.cls.bias", null, null)]
    [InlineData("mm_encoder.pooler.dense.weight", null, null)]
    public void NamesTranslate(string flava, string? ours, int? third) => Assert.Equal((ours, third), FlavaWeights.Translate(flava));

    [Fact]
    public void AnImportFillsEveryTensorStacksQueriesKeysAndValuesAndReportsTheRest()
    {
        using var scope = new TensorScope();
        using var stage = new MmetPretraining(Model(), new PixelTarget(Options.Grid));
        var file = new Dictionary<string, Tensor> { ["image_codebook.encoder.blocks.input.w"] = Tensor.Zeros([1]), ["model.image_encoder.pooler.dense.bias"] = Tensor.Zeros([4]), ["model.odd"] = Tensor.Zeros([1]) };
        foreach (var (name, tensor) in stage.StateDict())
        {
            foreach (var (flava, values) in Flava(name, tensor))
            {
                file[flava] = values;
            }
        }

        Safetensors.Write(_file, file);
        TorchRandom.Seed(77);
        using var fresh = new MmetPretraining(new Mmet(Options), new PixelTarget(Options.Grid));
        var report = FlavaWeights.Import(fresh, _file);
        Assert.Empty(report.Missing);
        Assert.Equal(["model.odd"], report.Unexpected);
        Assert.Equal(2, report.Ignored.Count);
        foreach (var (name, tensor) in stage.StateDict())
        {
            AssertClose(tensor, fresh.StateDict()[name], 0, name);
        }

        using var encodersAlone = new Mmet(Options);
        Assert.Empty(FlavaWeights.Import(encodersAlone, _file).Missing);
    }

    [Fact]
    public void AForeignFileIsRefused()
    {
        using var scope = new TensorScope();
        Safetensors.Write(_file, new Dictionary<string, Tensor> { ["layer1.conv.weight"] = Tensor.Zeros([1]) });
        using var model = Model();
        Assert.Contains("none of its 1 tensors has a FLAVA name", Assert.Throws<SemblanceFormatException>(() => FlavaWeights.Import(model, _file)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    /// <summary>The reverse of the import's table, written by hand from the names that the released weights have.</summary>
    internal static IEnumerable<(string Name, Tensor Values)> Flava(string name, Tensor tensor)
    {
        name = name.StartsWith("model.", StringComparison.Ordinal) ? name[6..] : name;
        (string Ours, string Flava)[] table =
        [
            ("image_encoder.class_token", "model.image_encoder.embeddings.cls_token"), ("image_encoder.mask_token", "model.image_encoder.embeddings.mask_token"),
            ("image_encoder.positions", "model.image_encoder.embeddings.position_embeddings"), ("image_encoder.patches.", "model.image_encoder.embeddings.patch_embeddings.projection."),
            ("text_encoder.words.", "model.text_encoder.embeddings.word_embeddings."), ("text_encoder.positions.", "model.text_encoder.embeddings.position_embeddings."),
            ("text_encoder.types.", "model.text_encoder.embeddings.token_type_embeddings."), ("text_encoder.embedding_norm.", "model.text_encoder.embeddings.layer_norm."),
            ("fusion_encoder.class_token", "model.mm_encoder.cls_token"), ("image_to_fusion.", "model.image_to_mm_projection."), ("text_to_fusion.", "model.text_to_mm_projection."),
            ("image_projection.", "model.image_projection."), ("text_projection.", "model.text_projection."), ("log_scale", "loss.contrastive_loss.logit_scale"),
            ("mim.", "loss.mim_loss.cls."), ("mlm.", "loss.mlm_loss.cls."), ("mmm_image.", "loss.mmm_loss.mim.cls."), ("mmm_text.", "loss.mmm_loss.mlm.cls."),
            ("itm.pooler.", "loss.itm_loss.pooler.dense."), ("itm.classifier.", "loss.itm_loss.cls.seq_relationship."),
        ];
        foreach (var (ours, flava) in table)
        {
            if (name.StartsWith(ours, StringComparison.Ordinal))
            {
                var own = name[ours.Length..];
                yield return (flava + (own.StartsWith("norm.", StringComparison.Ordinal) ? $"layer_{own}" : own), tensor);
                yield break;
            }
        }

        var encoder = "model." + name.Split('.')[0].Replace("fusion_encoder", "mm_encoder", StringComparison.Ordinal);
        var rest = name[(name.IndexOf(".transformer.", StringComparison.Ordinal) + ".transformer.".Length)..];
        if (rest.StartsWith("norm.", StringComparison.Ordinal))
        {
            yield return ($"{encoder}.layernorm.{rest[5..]}", tensor);
            yield break;
        }

        rest = rest.Replace("blocks.", "encoder.layer.", StringComparison.Ordinal).Replace("norm1", "attention_layernorm", StringComparison.Ordinal)
            .Replace("norm2", "feedforward_layernorm", StringComparison.Ordinal).Replace("expand", "feedforward.model.0", StringComparison.Ordinal)
            .Replace("contract", "feedforward.model.2", StringComparison.Ordinal);
        if (!rest.Contains("qkv", StringComparison.Ordinal))
        {
            yield return ($"{encoder}.{rest}", tensor);
            yield break;
        }

        string[] parts = ["query", "key", "value"];
        var third = tensor.Size(0) / 3;
        for (var i = 0; i < 3; i++)
        {
            yield return ($"{encoder}.{rest.Replace("qkv", parts[i], StringComparison.Ordinal)}", tensor.Narrow(0, i * third, third).Contiguous());
        }
    }
}
