using Semblance.Core;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Training.Recipes;

namespace Semblance.Training.Samples;

/// <summary>The people who are left out of training, as a data set with queries and a gallery.</summary>
internal static class HeldOutPeople
{
    public static PersonDataset AsDataset(SampleSet samples, PictureStore pictures, ValidationRecipe recipe, long seed)
    {
        var records = new List<PersonRecord>();
        var byPath = new Dictionary<string, Sample>(StringComparer.Ordinal);
        foreach (var person in samples.HeldOut.GroupBy(sample => sample.Identity))
        {
            Sample[] own = [.. person];
            var random = Randomness.For((ulong)seed, Randomness.Key("validation queries"), person.Key);
            random.Shuffle<Sample>(own);
            own = recipe.ImagesPerIdentity is { } most ? FromAllCameras(own, most) : own;
            for (var i = 0; i < own.Length; i++)
            {
                var record = own[i].Record with
                {
                    Split = i < recipe.Queries ? Split.Query : Split.Gallery,
                    RawId = $"{person.Key}",
                    Captions = own[i].Record.Captions is WrittenCaptions written ? [written[0]] : own[i].Record.Captions,
                    ImagePath = $"{own[i].Source}/{own[i].Record.ImagePath}",

                    // Camera 3 of one source is not camera 3 of another.
                    Camera = own[i].Record.Camera is { } camera ? (own[i].Source * 100000) + camera : null,
                };
                records.Add(record);
                byPath.Add(record.ImagePath, own[i]);
            }
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["pictures"] = records.Count };
        return new PersonDataset("validation", "people held out of the sources", records, new Stored(byPath, pictures), new DatasetReport(counts, []));
    }

    /// <summary>One of each camera, then a second one of each, until there are enough; in the order given.</summary>
    private static Sample[] FromAllCameras(Sample[] own, int most)
    {
        var seen = new Dictionary<int, int>();
        var rounds = Array.ConvertAll(own, sample => seen[sample.Record.Camera ?? -1] = seen.GetValueOrDefault(sample.Record.Camera ?? -1) + 1);
        return [.. own.Zip(rounds).OrderBy(pair => pair.Second).Take(most).Select(pair => pair.First)];
    }

    private sealed class Stored(Dictionary<string, Sample> samples, PictureStore pictures) : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => pictures.Load(samples[record.ImagePath]).Picture;

        public LabelMap? LoadMask(PersonRecord record) => pictures.Load(samples[record.ImagePath]).Mask;
    }
}
