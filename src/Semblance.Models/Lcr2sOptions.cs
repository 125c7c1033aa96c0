using System.Text.Json.Serialization;
using Semblance.Imaging;
using Semblance.Models.Backbones;

namespace Semblance.Models;

/// <summary>Everything that shapes LCR²S. Immutable; a variant is <c>Lcr2sOptions.Default with { SupportSize = 3 }</c>.</summary>
/// <remarks>Sources: [paper] Yan et al., ACM MM 2023, arXiv 2310.11210; [decision] ours, mostly after MANet (arXiv 2208.14365) and TIPCB (arXiv 2105.11628).</remarks>
public sealed record Lcr2sOptions : MethodOptions
{
    /// <summary>ResNet-50 and TIPCB's text CNN.</summary>
    public static Lcr2sOptions Default { get; } = new();

    /// <summary>Narrow, shallow and for 128x64 pictures: learns from nothing on a processor in minutes.</summary>
    public static Lcr2sOptions Small { get; } = new()
    {
        Height = 128,
        Width = 64,
        TextLength = 32,
        WordWidth = 64,
        Depths = [1, 1, 1, 1],
        ResNetWidth = 16,
        TextWidth = 128,
        TextBottleneck = 64,
        EmbeddingWidth = 128,
        Heads = 4,
        HeadGain = 0.05,
        Support = SupportSource.Batch,
    };

    /// <summary>Rows of a picture.</summary> <value>384 [decision].</value>
    public override int Height { get; init; } = 384;

    /// <summary>Columns of a picture.</summary> <value>128 [decision].</value>
    public override int Width { get; init; } = 128;

    /// <summary>Longest text in tokens, L.</summary> <value>64 [decision].</value>
    public override int TextLength { get; init; } = 64;

    /// <summary>Entries of the word-piece vocabulary.</summary> <value>30522, BERT's; a vocabulary learnt from captions sets its own.</value>
    public override int VocabularySize { get; init; } = 30522;

    /// <summary>Numbers of a trainable word vector.</summary> <value>768, BERT's.</value>
    public int WordWidth { get; init; } = 768;

    /// <summary>Sizes of a frozen BERT that reads the words; recipes take them from the file that <c>model.words</c> names.</summary> <value>Null: word vectors that are trained.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BertOptions? Bert { get; init; }

    /// <summary>Blocks in each stage of the picture's residual network.</summary> <value>3, 4, 6, 3: ResNet-50.</value>
    public IReadOnlyList<int> Depths { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of its stem.</summary> <value>64: ResNet-50.</value>
    public int ResNetWidth { get; init; } = 64;

    /// <summary>Stride of its last stage.</summary> <value>1 [decision].</value>
    public int LastStride { get; init; } = 1;

    /// <summary>Channels with which words enter the residual units; these give twice as many.</summary> <value>1024 [decision].</value>
    public int TextWidth { get; init; } = 1024;

    /// <summary>Channels within the residual units.</summary> <value>512 [decision].</value>
    public int TextBottleneck { get; init; } = 512;

    /// <summary>Numbers of an embedding, D.</summary> <value>2048 [decision].</value>
    public int EmbeddingWidth { get; init; } = 2048;

    /// <summary>
    /// Factor on the first weights of the two last linear layers. Projection matching sharpens with the features' length: of maxima from random weights it is near 100, so
    /// that every row of the batch is sure of a wrong answer and hardly learns.
    /// </summary>
    /// <value>1 [decision]; 0.05 in <see cref="Small"/>, which makes the length about 4.</value>
    public double HeadGain { get; init; } = 1;

    /// <summary>Most samples in a support set, K.</summary> <value>2 [decision].</value>
    public int SupportSize { get; init; } = 2;

    /// <summary>Where the teacher's support sets come from while it learns.</summary> <value>Drawn among all samples of the person [paper]; the batch's own [decision 4.4] in <see cref="Small"/>.</value>
    public SupportSource Support { get; init; } = SupportSource.Drawn;

    /// <summary>Whether drawn support carries gradients; without, the teacher needs a third of the memory.</summary> <value>True [decision].</value>
    public bool SupportGradient { get; init; } = true;

    /// <summary>Whether the student's teacher takes support from features that it computed once (<see cref="SupportSource.Stored"/>), in place of encoding it anew.</summary> <value>True [decision 5.4].</value>
    public bool StoresSupport { get; init; } = true;

    /// <summary>Heads of the fusion, a divisor of the embedding's width.</summary> <value>8 [decision].</value>
    public int Heads { get; init; } = 8;

    /// <summary>How the teacher joins a sample with its support set.</summary> <value>Attention in several heads [paper].</value>
    public SupportFusion Fusion { get; init; } = SupportFusion.Attention;

    /// <summary>Whether pictures and texts share one fusion.</summary> <value>False [decision].</value>
    public bool SharesFusion { get; init; }

    /// <summary>What brings pictures and texts of one person together, in teacher and student.</summary> <value>Projection matching [decision].</value>
    public MatchingLoss Matching { get; init; } = MatchingLoss.Projection;

    /// <summary>Margin of the ranking loss, in cosine.</summary> <value>0.2 [decision].</value>
    public double RankingMargin { get; init; } = 0.2;

    /// <summary>Weight of the ranking with another sentence of the person, beside that with the sample's own; ranking only.</summary> <value>0.1 [decision: SSAN, MANet].</value>
    public double OtherSentenceWeight { get; init; } = 0.1;

    /// <summary>Form of feature distillation.</summary> <value>Between directions [decision].</value>
    public FeatureLoss FeatureForm { get; init; } = FeatureLoss.Direction;

    /// <summary>Form of relation distillation.</summary> <value>Squared Frobenius distance [decision].</value>
    public RelationLoss RelationForm { get; init; } = RelationLoss.Squared;

    /// <summary>Weight of feature distillation, λ_f.</summary> <value>1 [decision].</value>
    public double FeatureWeight { get; init; } = 1;

    /// <summary>Weight of relation distillation, λ_r.</summary> <value>1 [decision].</value>
    public double RelationWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override string? BackboneKind => "resnet50";

    /// <inheritdoc/>
    public override MethodOptions? ReadingWordsBy(BertOptions bert) => this with { Bert = bert };

    /// <inheritdoc/>
    public override Preprocessing Preprocessing() => new(Height, Width, Normalisation.ImageNet);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Expect(bool holds, string otherwise)
        {
            if (!holds)
            {
                faults.Add(otherwise);
            }
        }

        Expect(Height >= 32 && Width >= 32, $"pictures of {Height}x{Width} are too small, expected 32x32 or more");
        Expect(TextLength >= 3, $"a text length of {TextLength}, expected 3 or more: [CLS], a word, [SEP]");
        Expect(Depths.Count == 4 && Depths.All(depth => depth > 0), $"depths {string.Join(", ", Depths)}, expected four positive numbers");
        Expect(LastStride is 1 or 2, $"a last stride of {LastStride}, expected 1 or 2");
        Expect(ResNetWidth > 0 && WordWidth > 0 && TextWidth > 0 && TextBottleneck > 0 && EmbeddingWidth > 0, "every width must be positive");
        Expect(Heads > 0 && EmbeddingWidth % Math.Max(1, Heads) == 0, $"{Heads} heads do not divide an embedding of {EmbeddingWidth}");
        Expect(HeadGain > 0, $"a head gain of {HeadGain}, expected more than 0");
        Expect(SupportSize >= 0, $"a support set of {SupportSize}, expected 0 or more");
        Expect(Support != SupportSource.Stored, "a teacher's support cannot be stored while it learns: expected drawn or batch");
        Expect(OtherSentenceWeight >= 0, $"an other sentence's weight of {OtherSentenceWeight}, expected 0 or more");
        Expect(RankingMargin >= 0, $"a ranking margin of {RankingMargin}, expected 0 or more");
        Expect(FeatureWeight >= 0 && RelationWeight >= 0, "the weights of distillation must not be negative");
        faults.AddRange(WordInput.Faults(Bert, this));
        return faults;
    }
}
