using Semblance.Core;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Filing;

/// <summary>Brings a gallery over to another model while it is searched and filed into with the old one.</summary>
public static class Reembedding
{
    private const int AtOnce = 64;

    /// <summary>Embeds what the new model has not embedded yet, and then switches to it. Killed and started again, it goes on where it was.</summary>
    /// <param name="store">The gallery.</param>
    /// <param name="encoder">The new model, which the gallery has already (see <see cref="GalleryModels.AddAsync"/>).</param>
    /// <param name="audit">Logged with the switch.</param>
    /// <param name="progress">Sightings embedded by this call, and sightings in all.</param>
    /// <param name="cancellation">Stops after the present batch; nothing is lost.</param>
    /// <exception cref="SemblanceFormatException">A stored picture is gone or damaged; the message names its sighting, which can be erased or filed again.</exception>
    public static async Task RunAsync(IGalleryStore store, IPersonEncoder encoder, AuditDraft? audit = null, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(encoder);
        var fingerprint = encoder.Fingerprint.ToString();
        var filer = new SightingFiler(store, encoder);
        var embedded = 0L;
        while (true)
        {
            while (await store.UnembeddedAsync(fingerprint, 0, AtOnce, cancellation) is { Count: > 0 } sightings)
            {
                cancellation.ThrowIfCancellationRequested();
                var pictures = new Picture[sightings.Count];
                for (var i = 0; i < pictures.Length; i++)
                {
                    var bytes = await store.PictureAsync(sightings[i].Picture, cancellation)
                        ?? throw new SemblanceFormatException($"sighting {sightings[i].Id}", "its picture is gone from the store: erase the sighting, or restore the picture");
                    pictures[i] = PictureReader.Decode(bytes, $"sighting {sightings[i].Id}");
                }

                var vectors = filer.Embed(pictures);
                await store.EmbedAsync([.. sightings.Select((sighting, i) => (sighting.Id, vectors[i]))], cancellation);
                embedded += sightings.Count;
                progress?.Invoke(embedded, await store.CountAsync(cancellation));
            }

            cancellation.ThrowIfCancellationRequested();
            try
            {
                await store.SwitchAsync(fingerprint, audit, cancellation);
                return;
            }
            catch (GalleryStoreException problem) when (problem.Fault == StoreFault.Conflict)
            {
                // Something was filed with the old model since we looked: that too, then.
            }
        }
    }
}
