using System.Text.Json;
using PureHDF;
using PureHDF.VOL.Native;
using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>CUHK03 as it was published, <c>cuhk-03.mat</c> (MATLAB 7.3, which is HDF5): its pictures and test sets are taken out once, into the folders that <see cref="Cuhk03Classic"/> reads.</summary>
/// <remarks>
/// MATLAB's arrays lie with their axes reversed, so a picture of H x W x 3 is stored as 3 x W x H; cells are references; an empty cell is marked by an attribute and not by its size.
/// HDF5 is read by PureHDF (MIT), in managed code.
/// </remarks>
public static class Cuhk03Release
{
    /// <summary>Pictures of both kinds of boxes in the published file.</summary>
    public const int PublishedPictures = 14_097 + 14_096;

    /// <summary>Most pixels of a picture that is believed.</summary>
    private const ulong MostPixels = 1 << 22;

    /// <summary>Most cells of an array that are believed; CUHK03 has 8,430.</summary>
    private const ulong MostCells = 1 << 20;

    private const int Views = 2;
    private const int PicturesOfView = 5;

    /// <summary>Takes the pictures out, as PNG and so without loss, and the test sets as <c>testsets.json</c>.</summary>
    /// <param name="file">Path of <c>cuhk-03.mat</c>.</param>
    /// <param name="directory">Gets <c>images_detected/</c>, <c>images_labeled/</c> and <c>testsets.json</c>.</param>
    /// <param name="progress">Receives the number of pictures written.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>Pictures of each folder.</returns>
    /// <exception cref="SemblanceFormatException">It is no such file; the message says what was found.</exception>
    public static IReadOnlyDictionary<string, int> Extract(string file, string directory, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        using var opened = Open(file);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var written = 0;
        foreach (var boxes in new[] { "detected", "labeled" })
        {
            var folder = $"images_{boxes}";
            Directory.CreateDirectory(Path.Combine(directory, folder));
            counts[folder] = 0;
            var pairs = Cells(file, opened, Dataset(file, opened, boxes));
            for (var pair = 0; pair < pairs.Count; pair++)
            {
                // M x 10 cells, so reversed: the n-th picture of every person one after another.
                var pictures = pairs[pair] is { } one ? Cells(file, opened, one) : [];
                var people = pictures.Count / (Views * PicturesOfView);
                if (pictures.Count != people * Views * PicturesOfView)
                {
                    throw Bad(file, $"pair {pair + 1} of {boxes} has {pictures.Count} cells, expected {Views * PicturesOfView} for each person");
                }

                for (var i = 0; i < pictures.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (pictures[i] is not { } picture)
                    {
                        continue;
                    }

                    var (n, person) = ((i / people) + 1, (i % people) + 1);
                    var name = new Cuhk03ClassicName(pair + 1, person, ((n - 1) / PicturesOfView) + 1, n);
                    AtomicFile.WriteBytes(Path.Combine(directory, folder, $"{name}"), Read(file, picture, $"{boxes} {name}").EncodePng());
                    counts[folder]++;
                    progress?.Report(++written);
                }
            }
        }

        var sets = Cells(file, opened, Dataset(file, opened, "testsets")).Select((set, i) => set is { } numbers ? TestSet(file, numbers, i) : throw Bad(file, $"test set {i + 1} is empty"));
        AtomicFile.WriteText(Path.Combine(directory, Cuhk03Classic.TestSetFile), JsonSerializer.Serialize(sets));
        return counts;
    }

    private static NativeFile Open(string file)
    {
        try
        {
            return H5File.OpenRead(file);
        }
        catch (Exception problem) when (problem is not (IOException or UnauthorizedAccessException))
        {
            throw new SemblanceFormatException(file, $"no HDF5 file, which cuhk-03.mat is: {problem.Message}", null, problem);
        }
    }

    /// <summary>PureHDF has no error of its own for a damaged file: whatever it meets there is one.</summary>
    private static T Reading<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is not (SemblanceFormatException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new SemblanceFormatException(file, $"the file is damaged: {problem.Message}", null, problem);
        }
    }

    private static IH5Dataset Dataset(string file, NativeFile opened, string name) => Reading(file, () => opened.LinkExists(name) ? opened.Dataset(name)
        : throw Bad(file, $"no variable \"{name}\" (found {string.Join(", ", opened.Children().Select(child => child.Name).Take(8))}), expected detected, labeled and testsets"));

    /// <summary>The cells of an array in the order of the file; null for an empty one.</summary>
    private static IReadOnlyList<IH5Dataset?> Cells(string file, NativeFile opened, IH5Dataset array) => Reading(file, IReadOnlyList<IH5Dataset?> () =>
    {
        if (array.Type.Class != H5DataTypeClass.Reference || array.Space.Dimensions.Aggregate(1UL, (all, length) => Math.Min(all, MostCells) * Math.Min(length, MostCells)) > MostCells)
        {
            throw Bad(file, $"\"{array.Name}\" is no cell array, or one of more than {MostCells} cells");
        }

        return [.. array.Read<NativeObjectReference1[]>().Select(reference => opened.Get(reference) is IH5Dataset cell && !cell.AttributeExists("MATLAB_empty") ? cell : null)];
    });

    private static Picture Read(string file, IH5Dataset cell, string what) => Reading(file, () =>
    {
        if (cell.Space.Dimensions is not [3, var width, var height] || width * height is 0 or > MostPixels || cell.Type.Class != H5DataTypeClass.FixedPoint || cell.Type.Size != 1)
        {
            throw Bad(file, $"{what} is {string.Join(" x ", cell.Space.Dimensions)} {cell.Type.Class} of {cell.Type.Size} bytes, expected a picture: 3 x width x height bytes");
        }

        var (w, h) = ((int)width, (int)height);
        var (planes, rgb) = (cell.Read<byte[]>(), new byte[3 * w * h]);
        for (var c = 0; c < 3; c++)
        {
            for (var x = 0; x < w; x++)
            {
                for (var y = 0; y < h; y++)
                {
                    rgb[(3 * ((y * w) + x)) + c] = planes[(((c * w) + x) * h) + y];
                }
            }
        }

        return new Picture(w, h, rgb);
    });

    /// <summary>People of a test set as (pair, person), 100 x 2 in MATLAB and so 2 x 100 here.</summary>
    private static int[][] TestSet(string file, IH5Dataset cell, int i) => Reading(file, int[][] () =>
    {
        if (cell.Space.Dimensions is not [2, var people and <= MostCells])
        {
            throw Bad(file, $"test set {i + 1} is {string.Join(" x ", cell.Space.Dimensions)}, expected 2 x 100");
        }

        var numbers = cell.Read<double[]>();
        return [.. Enumerable.Range(0, (int)people).Select(person => new[] { (int)numbers[person], (int)numbers[(int)people + person] })];
    });

    private static SemblanceFormatException Bad(string file, string problem) => new(file, problem);
}
