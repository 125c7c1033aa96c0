using Semblance.Core;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Training.Samples;

/// <summary>The people who are left out of training, as a data set with queries and a gallery.</summary>
internal static class HeldOutPeople
{
    public static PersonDataset AsDataset(SampleSet samples, PictureStore pictures, int queries, long seed)
    {
        var records = new List<PersonRecord>();
        var byPath = new Dictionary<string, Sample>(StringComparer.Ordinal);
        foreach (var person in samples.HeldOut.GroupBy(sample => sample.Identity))
        {
            Sample[] own = [.. person];
            var random = Randomness.For((ulong)seed, Randomness.Key("validation queries"), person.Key);
            random.Shuffle<Sample>(own);
            for (var i = 0; i < own.Length; i++)
            {
                var record = own[i].Record with
                {
                    Split = i < queries ? Split.Query : Split.Gallery,
                    RawId = $"{person.Key}",
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

    private sealed class Stored(Dictionary<string, Sample> samples, PictureStore pictures) : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => pictures.Load(samples[record.ImagePath]).Picture;

        public LabelMap? LoadMask(PersonRecord record) => pictures.Load(samples[record.ImagePath]).Mask;
    }
}
