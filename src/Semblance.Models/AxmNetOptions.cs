using System.Text.Json.Serialization;
using Semblance.Imaging;
using Semblance.Models.Backbones;

namespace Semblance.Models;

/// <summary>Everything that shapes an AXM-Net. Immutable; a variant is <c>AxmNetOptions.Default with { Height = 384, Width = 128, Strips = 6 }</c>.</summary>
/// <remarks>
/// Sources: [figure] the figure of an early version of Farooq et al., AAAI 2022, arXiv 2101.08238; [OSNet] Zhou et al. 2019, arXiv 1905.00953; [decision] ours, where those are silent.
/// </remarks>
public sealed record AxmNetOptions : MethodOptions
{
    /// <summary>The published sizes as far as they are known.</summary>
    public static AxmNetOptions Default { get; } = new();

    /// <summary>Narrow and for 128x64 pictures: learns from nothing on a processor in minutes.</summary>
    public static AxmNetOptions Small { get; } = new()
    {
        Height = 128,
        Width = 64,
        TextLength = 32,
        StemWidth = 16,
        Stage1Width = 64,
        Stage2Width = 96,
        Stage3Width = 128,
        EmbeddingWidth = 128,
        WordWidth = 64,
        Strips = 4,
        FeatureNorm = true,
        ShiftsText = false,
        HardestTriplets = false,
    };

    /// <summary>Rows of a picture.</summary> <value>224, which alone gives the figure's map of 14 x 14 [decision].</value>
    public override int Height { get; init; } = 224;

    /// <summary>Columns of a picture.</summary> <value>224 [decision].</value>
    public override int Width { get; init; } = 224;

    /// <summary>Longest text in tokens, L.</summary> <value>56, four times the figure's 14 [decision].</value>
    public override int TextLength { get; init; } = 56;

    /// <summary>Entries of the word-piece vocabulary.</summary> <value>30522, BERT's; a vocabulary learnt from captions sets its own.</value>
    public override int VocabularySize { get; init; } = 30522;

    /// <summary>Numbers of a trainable word vector.</summary> <value>300, as word2vec's in the figure.</value>
    public int WordWidth { get; init; } = 300;

    /// <summary>Sizes of a frozen BERT that reads the words; recipes take them from the file that <c>model.words</c> names.</summary> <value>Null: word vectors that are trained.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BertOptions? Bert { get; init; }

    /// <summary>Whether texts begin at a random place in training.</summary> <value>True [decision]; false in <see cref="Small"/>, which has few steps to learn every place in.</value>
    public bool ShiftsText { get; init; } = true;

    /// <summary>Receptive fields side by side, R, 1 to 4.</summary> <value>4 [OSNet].</value>
    public int Scales { get; init; } = 4;

    /// <summary>Who weighs the scales.</summary> <value>One gate per block for both modalities [decision].</value>
    public AxmGates Gates { get; init; } = AxmGates.Shared;

    /// <summary>Channels after the stems.</summary> <value>64 [OSNet].</value>
    public int StemWidth { get; init; } = 64;

    /// <summary>Channels of the first two blocks; a multiple of 4.</summary> <value>256 [OSNet].</value>
    public int Stage1Width { get; init; } = 256;

    /// <summary>Channels of the third and fourth block.</summary> <value>384 [OSNet].</value>
    public int Stage2Width { get; init; } = 384;

    /// <summary>Channels of the last two blocks and of the final maps.</summary> <value>512 [figure].</value>
    public int Stage3Width { get; init; } = 512;

    /// <summary>Numbers of V_G, V_P and T each.</summary> <value>512 [figure].</value>
    public int EmbeddingWidth { get; init; } = 512;

    /// <summary>How the words take note of each other after the last block.</summary> <value>One context for all places [figure].</value>
    public AxmTextAttention TextAttention { get; init; } = AxmTextAttention.Context;

    /// <summary>Whether there is a part-based feature V_P.</summary> <value>True [figure].</value>
    public bool PartHead { get; init; } = true;

    /// <summary>Horizontal strips, P, no more than the map has rows.</summary> <value>5 [figure]; 6 suits a map of 24 rows.</value>
    public int Strips { get; init; } = 5;

    /// <summary>Width of an attention's hidden layer, as a fraction of its channels.</summary> <value>16 [decision].</value>
    public int Reduction { get; init; } = 16;

    /// <summary>
    /// Whether V_G, V_P and T each end in a batch normalisation without a shift (Luo et al. 2019, arXiv 1903.07071). Means of ReLUs share most of their direction: without a
    /// norm all cosines begin near 1, and triplets of the hardest stranger keep a network from random weights there.
    /// </summary>
    /// <value>False, as the figure draws none; true in <see cref="Small"/> [decision].</value>
    public bool FeatureNorm { get; init; }

    /// <summary>Weight of the triplet losses.</summary> <value>1 [decision].</value>
    public double TripletWeight { get; init; } = 1;

    /// <summary>Margin of the triplet losses, in cosine.</summary> <value>0.2 [decision].</value>
    public double TripletMargin { get; init; } = 0.2;

    /// <summary>
    /// Whether a triplet counts the hardest stranger of the batch alone, or each of them. From random weights the hardest one is noise, which drives the modalities apart
    /// before the classifier has learnt anything.
    /// </summary>
    /// <value>True [decision]; false in <see cref="Small"/>.</value>
    public bool HardestTriplets { get; init; } = true;

    /// <summary>Weight of the affinity losses.</summary> <value>1 [decision].</value>
    public double AffinityWeight { get; init; } = 1;

    /// <summary>Rows and columns of the last map.</summary>
    internal (int Rows, int Columns) MapSize => (Halve(Height), Halve(Width));

    /// <inheritdoc/>
    public override string? BackboneKind => "osnet";

    /// <inheritdoc/>
    public override MethodOptions? ReadingWordsBy(BertOptions bert) => this with { Bert = bert };

    /// <inheritdoc/>
    public override Preprocessing Preprocessing() => new(Height, Width, Normalisation.ImageNet);

    /// <summary>Throws unless the options are sound.</summary>
    /// <exception cref="ArgumentException">Something cannot be; the message lists all of it.</exception>
    public void Validate()
    {
        var faults = Faults();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"these AXM-Net options cannot be: {string.Join("; ", faults)}");
        }
    }

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
        Expect(TextLength >= 4, $"a text length of {TextLength} leaves no place after two halvings, expected 4 or more");
        Expect(Scales is >= 1 and <= 4, $"{Scales} scales, expected 1 to 4");
        Expect(StemWidth > 0 && WordWidth > 0 && EmbeddingWidth > 0 && Reduction > 0, "stem, word vector, embedding and reduction must be positive");
        foreach (var width in (int[])[Stage1Width, Stage2Width, Stage3Width])
        {
            Expect(width > 0 && width % 4 == 0, $"a stage of {width} channels, expected a positive multiple of 4");
        }

        Expect(!PartHead || (Strips >= 1 && Strips <= MapSize.Rows), $"{Strips} strips do not fit a map of {MapSize.Rows} rows");
        Expect(TripletWeight >= 0 && AffinityWeight >= 0 && TripletMargin >= 0, "loss weights and margin must not be negative");
        faults.AddRange(WordInput.Faults(Bert, this));
        return faults;
    }

    /// <summary>Two strides of 2 that round up in the stem, then two average pools that round down.</summary>
    private static int Halve(int side) => ((((side - 1) / 2) / 2) + 1) / 4;
}
