using Semblance.Filing;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Cli.Galleries;

/// <summary>A gallery ready to be asked: its store, its vectors in memory, its model.</summary>
internal sealed class OpenedGallery : IAsyncDisposable
{
    private readonly IPersonEncoder _encoder;
    private readonly bool _owns;

    private OpenedGallery(IGalleryStore store, IGallerySearch live, IPersonEncoder encoder, bool owns) => (Store, Live, _encoder, _owns) = (store, live, encoder, owns);

    public IGalleryStore Store { get; }

    public IGallerySearch Live { get; }

    /// <param name="location">A folder or a PostgreSQL location.</param>
    /// <param name="encoder">The model that filled it, where it is open already; the gallery's own otherwise.</param>
    /// <param name="inDatabase">Let PostgreSQL search, and load no vectors.</param>
    /// <param name="cancellation">Stops opening.</param>
    public static async Task<OpenedGallery> OpenAsync(string location, IPersonEncoder? encoder = null, bool inDatabase = false, CancellationToken cancellation = default)
    {
        var store = await GalleryStores.OpenAsync(location, cancellation: cancellation);
        try
        {
            var model = encoder ?? await GalleryModels.OpenAsync(store, cancellation);
            IGallerySearch search = inDatabase ? await DatabaseSearch.OpenAsync(store, cancellation: cancellation) : await LiveGallery.OpenAsync(store, follow: false, cancellation: cancellation);
            return new OpenedGallery(store, search, model, owns: encoder is null);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The sightings that answer a question, best first.</summary>
    public async Task<RankedAnswer> AskAsync(Question question, Action<string> warn, CancellationToken cancellation = default)
    {
        await CheckCamerasAsync(question.Filter.Cameras ?? [], cancellation);
        return await AskAsync(question.Query(_encoder, warn), cancellation);
    }

    /// <inheritdoc cref="AskAsync(Question, Action{string}, CancellationToken)"/>
    public async Task<RankedAnswer> AskAsync(SightingQuery query, CancellationToken cancellation = default) =>
        await RankedAnswer.OfAsync(Store, Live, query, await Live.SearchAsync(query, cancellation), cancellation);

    /// <summary>A sighting's picture; a grey one when it has gone.</summary>
    public async Task<Picture> PictureAsync(StoredSighting sighting, CancellationToken cancellation = default)
    {
        if (await Store.PictureAsync(sighting.Picture, cancellation) is { } bytes)
        {
            return PictureReader.Decode(bytes, $"sighting {sighting.Id}");
        }

        var grey = new byte[3 * 64 * 128];
        Array.Fill(grey, (byte)128);
        return new Picture(64, 128, grey);
    }

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        await Store.DisposeAsync();
        if (_owns)
        {
            _encoder.Dispose();
        }
    }

    private async Task CheckCamerasAsync(IReadOnlyCollection<string> cameras, CancellationToken cancellation)
    {
        const int listed = 30;
        string[] known = cameras.Count == 0 ? [] : [.. (await Store.CamerasAsync(cancellation)).Select(camera => camera.Id)];
        foreach (var camera in cameras.Where(camera => !known.Contains(camera, StringComparer.Ordinal)))
        {
            var has = known.Length == 0 ? "its sightings name no camera" : $"it has: {string.Join(", ", known.Take(listed))}{(known.Length > listed ? $" and {known.Length - listed} more" : "")}";
            throw new ArgumentException($"the gallery has no camera \"{camera}\"{Core.Suggestion.DidYouMean(camera, known)}; {has}");
        }
    }
}
