using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>Gives the pixels of a record: from a folder, or rendered on demand by the synthetic world. Safe to call from several threads.</summary>
public interface IPictureSource
{
    /// <summary>The picture of a record.</summary>
    /// <exception cref="Core.SemblanceFormatException">The file is missing, damaged or refused; the message names it and says why.</exception>
    Picture LoadPicture(PersonRecord record);

    /// <summary>The person's mask, of the picture's size, where the data set has one; null where it has none.</summary>
    LabelMap? LoadMask(PersonRecord record);

    /// <summary>Both at once, for whoever needs both: a world renders them together.</summary>
    (Picture Picture, LabelMap? Mask) LoadBoth(PersonRecord record) => (LoadPicture(record), LoadMask(record));
}
