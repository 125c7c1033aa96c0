using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Semblance.Explanation;
using Semblance.Filing;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Server.Access;
using Semblance.Server.Api;

namespace Semblance.Server;

/// <summary>One gallery being served: its store, its vectors in memory, its model. The model is used by one request at a time; searching and looking are not.</summary>
public sealed class GalleryService : IAsyncDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private const int MostPeople = 12;
    private const int MostPages = 100;
    private const int DecodeAtOnce = 4;
    private readonly SemaphoreSlim _model = new(1, 1);
    private readonly SemaphoreSlim _decoding = new(DecodeAtOnce, DecodeAtOnce);
    private readonly Func<string, CancellationToken, Task<TorchEncoder>> _open;
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = 256L << 20 });
    private readonly Histogram<double> _searchSeconds;
    private readonly Meter _meter = new("Semblance");
    private TorchEncoder? _encoder;

    /// <param name="store">Borrowed.</param>
    /// <param name="live">Borrowed.</param>
    /// <param name="open">Opens a model by its fingerprint.</param>
    public GalleryService(IGalleryStore store, IGallerySearch live, Func<string, CancellationToken, Task<TorchEncoder>>? open = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(live);
        (Store, Live) = (store, live);
        _open = open ?? ((fingerprint, cancellation) => GalleryModels.OpenAsync(store, fingerprint, cancellation));
        _searchSeconds = _meter.CreateHistogram<double>("semblance.search.duration", "s", "Time of a search without encoding.");
        _meter.CreateObservableGauge("semblance.sightings", () => Live.Count, "{sighting}", "Sightings that can be found.");
    }

    /// <summary>What is kept.</summary>
    public IGalleryStore Store { get; }

    /// <summary>What is searched.</summary>
    public IGallerySearch Live { get; }

    /// <summary>Uses the current model alone.</summary>
    /// <exception cref="InvalidOperationException">The gallery has none yet.</exception>
    public async Task<T> WithModelAsync<T>(Func<TorchEncoder, Task<T>> work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        await _model.WaitAsync(cancellation);
        try
        {
            var current = Live.Model?.Encoder.Fingerprint ?? throw new InvalidOperationException("the gallery is empty and has no model yet: file pictures first (semblance gallery build)");
            if (_encoder?.Fingerprint.ToString() != current)
            {
                _encoder?.Dispose();
                _encoder = null;
                _encoder = await _open(current, cancellation);
            }

            return await work(_encoder);
        }
        finally
        {
            _model.Release();
        }
    }

    /// <summary>Words as a term of a question, with what the asker should be told about them.</summary>
    public Task<(Embedding Embedding, string? Warning)> EmbedAsync(string text, CancellationToken cancellation) => WithModelAsync(encoder => Task.FromResult(
        (new Embedding(GallerySpaces.Joint, encoder.EncodeTexts([text], EmbeddingSpace.Joint)[0], encoder.Fingerprint.ToString()), encoder.Warning(text))), cancellation);

    /// <summary>A picture as a term of a question.</summary>
    public Task<Embedding> EmbedAsync(Picture picture, CancellationToken cancellation) => WithModelAsync(encoder => Task.FromResult(
        new Embedding(GallerySpaces.Image, encoder.EncodePictures([picture], EmbeddingSpace.Image)[0], encoder.Fingerprint.ToString())), cancellation);

    /// <summary>Searches the vectors.</summary>
    public async Task<IReadOnlyList<SightingMatch>> SearchAsync(SightingQuery query, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var matches = await Live.SearchAsync(query, cancellation);
        _searchSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        return matches;
    }

    /// <summary>Files people and sees them at once.</summary>
    public async Task<FilingOutcome> FileAsync(IReadOnlyList<FoundPerson> people, AuditDraft audit, CancellationToken cancellation)
    {
        Task<FilingOutcome> File() => WithModelAsync(encoder => new SightingFiler(Store, encoder).FileAsync(people, audit: audit, cancellation: cancellation), cancellation);
        FilingOutcome outcome;
        var fingerprint = Live.Model?.Encoder.Fingerprint;
        try
        {
            outcome = await File();
        }
        catch (ArgumentException)
        {
            await Live.CatchUpAsync(cancellation);
            if (Live.Model?.Encoder.Fingerprint == fingerprint)
            {
                throw;
            }

            // The gallery was switched to another model meanwhile: once more, with that one.
            outcome = await File();
        }

        await Live.CatchUpAsync(cancellation);
        return outcome;
    }

    /// <summary>Files what is sent, as it comes.</summary>
    internal async Task<Filed> FileAsync(IAsyncEnumerable<IReadOnlyList<Uploads.Sent>> sent, ServerOptions options, HttpContext context, CancellationToken cancellation)
    {
        List<long> ids = [];
        List<UploadProblem> problems = [];
        var added = 0;
        await foreach (var pictures in sent)
        {
            // Not while pictures are received: whoever sends slowly keeps nobody waiting.
            using var room = await RoomAsync(cancellation);
            foreach (var batch in Uploads.Decoded(pictures, options))
            {
                problems.AddRange(batch.Problems);
                if (batch.People.Count > 0)
                {
                    var outcome = await FileAsync(batch.People, context.Draft("sighting.file", details: $"{{\"pictures\":{batch.People.Count},\"problems\":{batch.Problems.Count}}}"), cancellation);
                    ids.AddRange(outcome.Ids);
                    added += outcome.New;
                }
            }
        }

        return new Filed(ids, added, problems);
    }

    /// <summary>Waits until few enough requests hold decoded pictures; over when disposed.</summary>
    internal async Task<IDisposable> RoomAsync(CancellationToken cancellation)
    {
        await _decoding.WaitAsync(cancellation);
        return new Room(_decoding);
    }

    private sealed class Room(SemaphoreSlim decoding) : IDisposable
    {
        public void Dispose() => decoding.Release();
    }

    /// <summary>Erases and stops finding at once.</summary>
    public async Task<Erasure> EraseAsync(IReadOnlyList<long> sightings, IReadOnlyList<long> people, AuditDraft audit, CancellationToken cancellation)
    {
        var erasure = await Store.EraseAsync(sightings, people, audit, cancellation);
        await Live.CatchUpAsync(cancellation);
        return erasure;
    }

    /// <summary>Groups of the latest sightings of nobody yet that look like one person each; the largest first.</summary>
    /// <param name="filter">Among which.</param>
    /// <param name="sample">How many of the latest are looked at.</param>
    /// <param name="threshold">Least mean cosine of two groups that are joined.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<(IReadOnlyList<long> Sightings, double Similarity)>> SuggestPeopleAsync(SightingFilter filter, int sample, double threshold, CancellationToken cancellation)
    {
        List<long> latest = [];
        for (var (before, page) = (long.MaxValue, 0); latest.Count < sample && page < MostPages; page++)
        {
            var sightings = await Store.SightingsAsync(filter, before, sample, cancellation);
            latest.AddRange(sightings.Where(sighting => sighting.Person is null).Select(sighting => sighting.Id).Take(sample - latest.Count));
            if (sightings.Count < sample)
            {
                break;
            }

            before = sightings[^1].Id;
        }

        var open = latest.Zip(await Live.EmbeddingsAsync(GallerySpaces.Image, latest, cancellation), (id, embedding) => (Id: id, embedding?.Vector)).Where(entry => entry.Vector is not null).ToArray();
        return [.. AgglomerativeGroups.Of([.. open.Select(entry => entry.Vector!.Value)], threshold).Where(group => group.Members.Count > 1)
            .Select(group => ((IReadOnlyList<long>)[.. group.Members.Select(member => open[member].Id)], group.Similarity))];
    }

    /// <summary>A sighting's picture, decoded; null when it has gone.</summary>
    public async Task<Picture?> PictureAsync(StoredSighting sighting, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        return await Store.PictureAsync(sighting.Picture, cancellation) is { } bytes ? PictureReader.Decode(bytes, $"sighting {sighting.Id}") : null;
    }

    /// <summary>Where a sighting fits the words, or looks like another sighting.</summary>
    public Task<PictureExplanation> ExplainAsync(Picture picture, string? text, Picture? other, CancellationToken cancellation) => WithModelAsync(encoder =>
    {
        var explainer = new Explainer(encoder);
        return Task.FromResult(text is not null ? explainer.ForText(picture, text) : other is not null ? explainer.ForPicture(picture, other) : explainer.ForItself(picture));
    }, cancellation);

    /// <summary>Where in a sighting each word is found.</summary>
    public Task<WordRegions> RegionsAsync(Picture picture, string text, CancellationToken cancellation) =>
        WithModelAsync(encoder => Task.FromResult(new Explainer(encoder).Regions(picture, text)), cancellation);

    /// <summary>Of a photo of a whole scene, keeps a picture of each person in it to ask with, the surest first; none where it is one person's picture, or where nobody is found.</summary>
    public IReadOnlyList<string> KeepPeople(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Scenes.IsScene(picture) ? [.. Scenes.People(picture, MostPeople).Select(person => KeepQueryPicture(picture.Crop(person.Box)))] : [];
    }

    /// <summary>Keeps a picture that somebody asks with for an hour, in memory only.</summary>
    /// <returns>What the question's address names it by.</returns>
    public string KeepQueryPicture(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var name = Access.Secrets.Token();
        var bytes = picture.EncodeJpeg();
        _kept.Set(name, bytes, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = bytes.Length });
        return name;
    }

    /// <summary>The JPEG of such a picture; null once it is forgotten.</summary>
    public byte[]? QueryPicture(string name) => _kept.TryGetValue<byte[]>(name, out var bytes) ? bytes : null;

    /// <summary>Keeps why pictures of a form could not be read, for the page that follows it, as long as a picture.</summary>
    internal string KeepProblems(IReadOnlyList<UploadProblem> problems)
    {
        var name = Access.Secrets.Token();
        _kept.Set(name, problems, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 + problems.Sum(problem => 2L * (problem.Name.Length + problem.Reason.Length)) });
        return name;
    }

    /// <summary>These problems; none once they are forgotten.</summary>
    internal IReadOnlyList<UploadProblem> Problems(string name) => _kept.TryGetValue<IReadOnlyList<UploadProblem>>(name, out var problems) ? problems! : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Who is using the model finishes first.
        await _model.WaitAsync();
        _encoder?.Dispose();
        _model.Dispose();
        _kept.Dispose();
        _meter.Dispose();
    }
}
