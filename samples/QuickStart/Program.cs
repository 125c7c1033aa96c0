// Opens a gallery, asks it in words, and prints ten ranks. "./run quickstart" makes one to ask:
//   dotnet run -c Release --project samples/QuickStart -- out/quickstart/gallery "a man in a blue jacket and grey trousers"
using Semblance.Gallery;
using Semblance.Models;
using Semblance.Training;

var folder = args.ElementAtOrDefault(0) ?? Path.Combine("out", "quickstart", "gallery");
var question = args.ElementAtOrDefault(1) ?? "a man in a blue jacket and grey trousers";

using var gallery = GalleryFile.Open(folder);
using var encoder = TrainedModel.Open(Path.Combine(folder, "encoder"));    // a gallery carries the model that filled it
var index = new GalleryIndex(gallery);

// Too long, or words that the vocabulary does not know: the answer is then about less than was asked.
if (encoder.Warning(question) is { } warning)
{
    Console.Error.WriteLine(warning);
}

// Words meet pictures in the joint space. The fingerprint lets the gallery refuse vectors of another model.
var vector = encoder.EncodeTexts([question], EmbeddingSpace.Joint)[0];
var words = new Embedding(GallerySpaces.Joint, vector, encoder.Fingerprint.ToString());
var matches = index.Search(new GalleryQuery { Terms = [new QueryTerm(words, Label: question)], Top = 10 });

Console.WriteLine($"{question}, among {index.Items.Count:N0} sightings:");
foreach (var match in matches)
{
    Console.WriteLine($"{match.Rank,2}  {match.Score:0.000}  camera {match.Item.Camera ?? "unknown"}  {gallery.PicturePath(match.Item) ?? match.Item.Id}");
}
