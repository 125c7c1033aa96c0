// Opens a gallery, asks it in words, and prints ten ranks. "./run quickstart" makes one to ask:
//   dotnet run -c Release --project samples/QuickStart -- out/quickstart/gallery "a man in a blue jacket and grey trousers"
using Semblance.Filing;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Models;

var location = args.ElementAtOrDefault(0) ?? Path.Combine("out", "quickstart", "gallery");
var question = args.ElementAtOrDefault(1) ?? "a man in a blue jacket and grey trousers";

await using var store = await GalleryStores.OpenAsync(location);
using var encoder = await GalleryModels.OpenAsync(store);                  // a gallery carries the model that filled it
await using var gallery = await LiveGallery.OpenAsync(store, follow: false);

// Too long, or words that the vocabulary does not know: the answer is then about less than was asked.
if (encoder.Warning(question) is { } warning)
{
    Console.Error.WriteLine(warning);
}

// Words meet pictures in the joint space. The fingerprint lets the gallery refuse vectors of another model.
var vector = encoder.EncodeTexts([question], EmbeddingSpace.Joint)[0];
var words = new Embedding(GallerySpaces.Joint, vector, encoder.Fingerprint.ToString());
var matches = gallery.Search(new SightingQuery { Terms = [new QueryTerm(words, Label: question)], Top = 10 });
var sightings = await store.SightingsAsync([.. matches.Select(match => match.Sighting)]);

Console.WriteLine($"{question}, among {gallery.Count:N0} sightings:");
foreach (var (match, sighting) in matches.Zip(sightings))
{
    Console.WriteLine($"{match.Rank,2}  {match.Score:0.000}  camera {sighting.Camera ?? "unknown"}  {sighting.Source ?? sighting.Key}");
}
