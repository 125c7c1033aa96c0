using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>How a data set is opened and checked. The defaults refuse whatever would change a published figure.</summary>
public sealed record DatasetOptions
{
    /// <summary>Training pictures that may be missing or damaged; they are reported and skipped.</summary> <value>0.</value>
    public int MaxMissing { get; init; }

    /// <summary>Open although pictures of a validation, query, gallery or test split are missing or damaged; the report then says that it is not the standard set.</summary>
    /// <value>false: fewer queries change every metric.</value>
    public bool AllowIncomplete { get; init; }

    /// <summary>Decode every picture, in parallel, instead of looking only at names and sizes of files.</summary> <value>false.</value>
    public bool Deep { get; init; }

    /// <summary>Threads of the deep check; 0 for one per processor.</summary> <value>0.</value>
    public int Threads { get; init; }

    /// <summary>Memory for decoded pictures, which are then read from the disk once; 0 for none.</summary> <value>0 bytes.</value>
    public long CacheBytes { get; init; }

    /// <summary>Limits and tolerance of the decoder.</summary> <value><see cref="PictureReaderOptions.Dataset"/>.</value>
    public PictureReaderOptions Pictures { get; init; } = PictureReaderOptions.Dataset;

    /// <summary>A picture named twice by an annotation file joins its captions when both entries name the same person; else it is an error.</summary> <value>false: an error.</value>
    public bool MergeDuplicates { get; init; }

    /// <summary>Most captions of one picture, the first ones; null for all.</summary>
    /// <value>null, as current practice has it; CUHK-PEDES's oldest evaluation used 2 (nine of its pictures have more).</value>
    public int? CaptionsPerPicture { get; init; }

    /// <summary>Which of CUHK03's 20 test sets is for testing, from 1; the other people are for training.</summary> <value>1.</value>
    public int TestSet { get; init; } = 1;

    /// <summary>The attribute table of FineGPR, Market-1501 or DukeMTMC-reID; null for <c>attributes.csv</c>, <c>market_attribute.mat</c> or <c>duke_attribute.mat</c> in the root, where there is one.</summary> <value>null.</value>
    public string? AttributeFile { get; init; }

    /// <summary>Which column of the attribute table holds which attribute, by name; null when the columns are named as the attributes are.</summary>
    /// <value>null. The publisher's own file is not documented, so its column names have to be given.</value>
    public IReadOnlyDictionary<string, string>? AttributeColumns { get; init; }

    /// <summary>Keys of withdrawn data sets that are opened all the same, such as <c>dukemtmc-reid</c>.</summary> <value>None: a withdrawn set is refused with its notice.</value>
    public IReadOnlyCollection<string> AcceptWithdrawn { get; init; } = [];
}
