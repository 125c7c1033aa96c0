using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>DukeMTMC-reID (Zheng et al., ICCV 2017), withdrawn in 2019: eight cameras; opened only with consent. And any world written in its layout.</summary>
/// <remarks>
/// <code>
/// DukeMTMC-reID/              this folder, or the one that holds it
///   bounding_box_train/       16,522 pictures of 702 people
///   bounding_box_test/        17,661 of 1,110 people, of whom 408 were seen by one camera only
///   query/                     2,228 of 702 people
///   captions.json, masks/     optional, as for Market-1501
/// </code>
/// </remarks>
public static class DukeMtmc
{
    public const string Key = "dukemtmc-reid";

    private const string Layout = "bounding_box_train/, bounding_box_test/ and query/ with pictures named like 0001_c2_f0046182.jpg";

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 16_522,
        ["train identities"] = 702,
        ["query images"] = 2_228,
        ["query identities"] = 702,
        ["gallery images"] = 17_661,
        ["gallery identities"] = 1_110,
    };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept; real pictures need this set's key in <see cref="DatasetOptions.AcceptWithdrawn"/>.</param>
    /// <exception cref="SemblanceFormatException">A folder is missing, or pictures are.</exception>
    /// <exception cref="ArgumentException">The pictures are real and consent was not given.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "DukeMTMC-reID", Layout, ThreeFolders.Lacks);
        if (!options.AcceptWithdrawn.Contains(Key, StringComparer.OrdinalIgnoreCase) && !DatasetAssembly.IsWorld(root))
        {
            throw new ArgumentException($"{DataNotice.DukeMtmc} To open it all the same, accept the withdrawn set \"{Key}\" by name ({nameof(DatasetOptions)}.{nameof(DatasetOptions.AcceptWithdrawn)}, --accept-withdrawn {Key} on the command line, accept_withdrawn: true beside a recipe's source)");
        }

        var set = new DatasetAssembly(Key, root, options, DataNotice.DukeMtmc);
        ThreeFolders.Read(
            set, Key, root, options, name => DukeName.Parse(name) is { } duke ? (duke.Person, duke.Camera, duke.Frame) : null, "ID_cC_fFRAME.jpg (ID four digits, camera 1 to 8, frame seven digits, such as 0001_c2_f0046182.jpg)", PersonAttributes.In(root, "duke_attribute.mat", options));
        return set.Finish(Published);
    }
}
