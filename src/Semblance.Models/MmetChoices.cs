namespace Semblance.Models;

/// <summary>Where image masks fall.</summary>
public enum ImageMaskMode
{
    /// <summary>Mainly on the person: the paper's idea.</summary>
    Pedestrian,

    /// <summary>Anywhere, cell by cell: the ablation's "random masking".</summary>
    Random,

    /// <summary>Anywhere, in rectangles: the released code.</summary>
    Block,
}

/// <summary>How pedestrian masking draws its cells.</summary>
public enum MaskDrawing
{
    /// <summary>Single cells.</summary>
    Patch,

    /// <summary>Rectangles clipped to the body.</summary>
    Block,
}

/// <summary>What a masked patch must be told from (mmet 5.8).</summary>
public enum VisualTargetKind
{
    /// <summary>The DALL-E tokenizer's ids; needs its weights.</summary>
    DvaeTokens,

    /// <summary>The cell's own normalised pixels.</summary>
    Pixels,

    /// <summary>Ids of a k-means quantizer fitted on the training data.</summary>
    Quantizer,
}

/// <summary>Where mismatched pairs for image-text matching come from.</summary>
public enum MatchingNegatives
{
    /// <summary>B/2 extra pairs, re-paired within the batch from another identity with another caption [decision D23].</summary>
    Repairing,

    /// <summary>The released code: some captions of the batch are swapped for others.</summary>
    CaptionSwap,
}

/// <summary>Which texts count as right for an image in the contrastive loss.</summary>
public enum ContrastiveForm
{
    /// <summary>Every text of the same identity or with the same words [decision D18].</summary>
    ManyToMany,

    /// <summary>Only its own text: the released code.</summary>
    OneToOne,
}

/// <summary>How far a negative must stay behind a positive.</summary>
public enum TripletForm
{
    /// <summary><c>max(0, d_ap - d_an + m)</c>: the paper's formula.</summary>
    Hinge,

    /// <summary><c>log(1 + exp(d_ap - d_an))</c>: the released code.</summary>
    SoftMargin,
}

/// <summary>Which side of the BNNeck the triplet loss sees.</summary>
public enum TripletPlace
{
    /// <summary>The feature before the batch normalisation, as the BNNeck's design wants it.</summary>
    BeforeNeck,

    /// <summary>After it: the released code.</summary>
    AfterNeck,
}

/// <summary>How a position table of another grid is resized.</summary>
public enum PositionResizing { Bicubic, Bilinear }

/// <summary>What an embedding describes, and so what it may be compared with.</summary>
public enum EmbeddingSpace
{
    /// <summary>The identity feature of a picture: the image head's BNNeck output.</summary>
    Image,

    /// <summary>The identity feature of a caption: the text head's BNNeck output.</summary>
    Text,

    /// <summary>The identity feature of a picture with its caption: the fusion head's BNNeck output.</summary>
    Pair,

    /// <summary>The contrastive projections, where pictures and captions meet.</summary>
    Joint,
}
