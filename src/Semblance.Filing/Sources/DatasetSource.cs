using System.Globalization;
using Semblance.Core;
using Semblance.Data;
using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Filing.Sources;

/// <summary>A folder of pictures, or a data set: its gallery or test split without junk, all of it when it has neither.</summary>
internal sealed class DatasetSource : IFilingSource
{
    private readonly FilingSettings _settings;
    private readonly PersonDataset _dataset;
    private readonly PersonRecord[] _records;

    public DatasetSource(FilingSettings settings)
    {
        _settings = settings;
        var options = new DatasetOptions { AllowIncomplete = true, MaxMissing = int.MaxValue, AcceptWithdrawn = settings.AcceptWithdrawn };
        _dataset = settings.Kind == FilingKind.Folder ? ImageFolder.Open(settings.Path, options) : DataLayout.Open(settings.Layout ?? "market1501", settings.Path, options);
        var records = _dataset.Records.Where(record => record.Split is Split.Gallery or Split.Test && record.Role != Role.Junk).ToArray();
        _records = records.Length > 0 ? records : [.. _dataset.Records];
        Problems = [.. _dataset.Report.Problems.Select(problem => (problem.Path, $"{problem.Path}: {problem.Reason}"))];
    }

    public IReadOnlyList<(string Path, string Reason)> Problems { get; }

    public IEnumerable<string> Items() => _records.Select((record, i) => $"{i} {record.ImagePath}");

    public IEnumerable<FoundPerson> Open(string item, CancellationToken cancellation)
    {
        var parts = item.Split(' ', 2);
        var index = int.Parse(parts[0], CultureInfo.InvariantCulture);

        // By its place, since some sets name a picture twice; by its path where files came or went in between.
        var record = (index < _records.Length && _records[index].ImagePath == parts[1] ? _records[index] : _records.FirstOrDefault(record => record.ImagePath == parts[1]))
            ?? throw new SemblanceFormatException(parts[1], "is not there any more: the folder has changed since this job was made");

        // The picture first: it refuses what is too large to be read.
        var picture = _dataset.Pictures.LoadPicture(record);
        var bytes = File.ReadAllBytes(Path.Combine(_dataset.Root, record.ImagePath));
        yield return new FoundPerson(
            new StoredSighting
            {
                Key = $"{(_settings.Kind == FilingKind.Folder ? Path.GetFileName(_settings.Path.TrimEnd('/')) : _dataset.Key)}/{record.ImagePath}~{ContentMark.Of(bytes)}",
                Picture = "",
                Source = record.ImagePath,
                Camera = record.Camera?.ToString() ?? _settings.Camera,
                // A photo of one's own may say when it was taken; a data set's pictures are cut and written anew.
                Taken = _settings.Taken ?? (_settings.Kind == FilingKind.Folder ? PictureHeader.Read(bytes, record.ImagePath).Taken : null),
                Label = record.Role == Role.Person && _dataset.Key != ImageFolder.Key ? record.RawId : null,
            },
            picture);
    }

    public void Dispose()
    {
    }
}
