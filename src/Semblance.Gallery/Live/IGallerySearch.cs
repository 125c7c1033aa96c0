using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>What answers questions to a gallery: vectors in this process's memory (<see cref="LiveGallery"/>), or the database that keeps them (<see cref="DatabaseSearch"/>). Thread-safe.</summary>
public interface IGallerySearch : IAsyncDisposable
{
    /// <summary>The model that searches; null while the gallery has none.</summary>
    StoredModel? Model { get; }

    /// <summary>Sightings that can be found, as last seen.</summary>
    int Count { get; }

    /// <summary>Number of the last change that is seen here.</summary>
    long Change { get; }

    /// <summary>The cells that vectors are searched in, where a gallery is large enough for them and they were asked for; none where everything is compared.</summary>
    IReadOnlyList<SpaceCells> Cells => [];

    /// <summary>What keeps this from following the store, now; null when it follows.</summary>
    Exception? Trouble { get; }

    /// <summary>Answers a question; equal scores go by age, the oldest first.</summary>
    /// <exception cref="ArgumentException">There is no term, or one does not fit to the gallery (encoder, space, width, not finite, weight 0).</exception>
    /// <exception cref="InvalidOperationException">The gallery has no model yet.</exception>
    Task<IReadOnlyList<SightingMatch>> SearchAsync(SightingQuery query, CancellationToken cancellation = default);

    /// <summary>Sightings as questions, "more like this one": an embedding for each id, null when it is gone.</summary>
    Task<IReadOnlyList<Embedding?>> EmbeddingsAsync(string space, IReadOnlyList<long> sightings, CancellationToken cancellation = default);

    /// <summary>Sees at once what is in the store by now.</summary>
    Task CatchUpAsync(CancellationToken cancellation = default);
}
