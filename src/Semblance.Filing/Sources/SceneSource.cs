using Semblance.Core;
using Semblance.Gallery;
using Semblance.Imaging;

namespace Semblance.Filing.Sources;

/// <summary>Photos of whole scenes: whoever is found in one is filed, with the place in the photo.</summary>
/// <param name="photos">Gives the photos as if each were one person; disposed with this.</param>
internal sealed class SceneSource(IFilingSource photos) : IFilingSource
{
    public IReadOnlyList<(string Path, string Reason)> Problems => photos.Problems;

    public IEnumerable<string> Items() => photos.Items();

    public IEnumerable<FoundPerson> Open(string item, CancellationToken cancellation)
    {
        foreach (var photo in photos.Open(item, cancellation))
        {
            var people = Scenes.People(photo.Picture);
            if (people.Count == 0)
            {
                throw new SemblanceFormatException(photo.Sighting.Source ?? item, "nobody was found in it: people are found standing or walking, from some 50 pixels of height on");
            }

            // From left to right, so that a photo filed again gives the same keys.
            foreach (var (person, i) in people.OrderBy(person => person.Box.X).ThenBy(person => person.Box.Y).Select((person, i) => (person, i)))
            {
                var box = person.Box;
                yield return new FoundPerson(
                    photo.Sighting with { Key = $"{photo.Sighting.Key}#{i}", Box = new GalleryBox(box.X, box.Y, box.Width, box.Height) }, photo.Picture.Crop(box));
            }
        }
    }

    public void Dispose() => photos.Dispose();
}
