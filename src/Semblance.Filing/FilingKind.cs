namespace Semblance.Filing;

/// <summary>Where people's pictures come from.</summary>
public enum FilingKind
{
    /// <summary>A folder of pictures, one person each, with what is below it.</summary>
    Folder,

    /// <summary>The same in a ZIP or TAR file.</summary>
    Archive,

    /// <summary>The gallery or test split of a data set.</summary>
    Dataset,

    /// <summary>A video of a camera that stands still; people are found and tracked in it.</summary>
    Video,
}
