using Semblance.Gallery;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Filing;

/// <summary>Embeds people's pictures with a gallery's model and files them. Pictures are stored as JPEG of the pixels that were embedded: whatever else a file carried stays outside.</summary>
/// <param name="store">The gallery.</param>
/// <param name="encoder">Of its current model.</param>
public sealed class SightingFiler(IGalleryStore store, IPersonEncoder encoder)
{
    private const int JpegQuality = 92;

    /// <summary>Files some people.</summary>
    /// <param name="people">Some tens are embedded together.</param>
    /// <param name="work">The pieces of work that this settles.</param>
    /// <param name="audit">Logged with it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The sighting of each person, in order, also of those that were there already.</returns>
    public async Task<FilingOutcome> FileAsync(IReadOnlyList<FoundPerson> people, WorkDone? work = null, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(people);

        // What is filed already is not embedded again: a job that was killed goes on quickly.
        var filed = people.Count == 0 ? new Dictionary<string, long>() : await store.FiledAsync([.. people.Select(person => person.Sighting.Key)], cancellation);
        var fresh = people.Where(person => !filed.ContainsKey(person.Sighting.Key)).DistinctBy(person => person.Sighting.Key).ToArray();
        var embeddings = Embed([.. fresh.Select(person => person.Picture)]);
        var outcome = await store.FileAsync(
            [.. fresh.Select((person, i) => new NewSighting(person.Sighting, person.Picture.EncodeJpeg(JpegQuality), embeddings[i]))], work, audit, cancellation);
        var ids = new Dictionary<string, long>(filed, StringComparer.Ordinal);
        for (var i = 0; i < fresh.Length; i++)
        {
            ids[fresh[i].Sighting.Key] = outcome.Ids[i];
        }

        return outcome with { Ids = [.. people.Select(person => ids[person.Sighting.Key])] };
    }

    /// <summary>The embeddings of pictures in both spaces of a gallery.</summary>
    public IReadOnlyList<Embedding>[] Embed(IReadOnlyList<Picture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
        {
            return [];
        }

        var embedded = encoder.EncodePictures(pictures, [EmbeddingSpace.Image, EmbeddingSpace.Joint]);
        var fingerprint = encoder.Fingerprint.ToString();
        return [.. Enumerable.Range(0, pictures.Count).Select(i => (IReadOnlyList<Embedding>)[
            new Embedding(GallerySpaces.Image, embedded[0][i], fingerprint), new Embedding(GallerySpaces.Joint, embedded[1][i], fingerprint)])];
    }
}
