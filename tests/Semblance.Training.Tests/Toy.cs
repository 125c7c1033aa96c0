using Semblance.Core;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>A handful of people in plain clothes, drawn in microseconds: enough for every part of training to have something to do.</summary>
internal static class Toy
{
    private static readonly (string Name, byte R, byte G, byte B)[] Colours =
        [("red", 200, 30, 30), ("green", 30, 160, 40), ("blue", 40, 60, 200), ("yellow", 220, 210, 40), ("white", 235, 235, 235), ("black", 20, 20, 20)];

    public static PersonDataset People(int identities = 10, int images = 4, Split split = Split.Train, string key = "toy", bool captions = true)
    {
        var records = Enumerable.Range(0, identities * images).Select(i =>
        {
            var (person, image) = (i / images, i % images);
            var (top, bottom) = Clothes(person);
            return new PersonRecord
            {
                Dataset = key,
                Split = split,
                ImagePath = $"{person:D3}_{image}.png",
                RawId = $"{person:D3}",
                Camera = 1 + (image % 3),
                Captions = captions ? [$"A person in a {top.Name} coat and {bottom.Name} trousers.", $"Somebody wears {bottom.Name} trousers under a {top.Name} coat."] : [],
                Order = i,
            };
        }).ToList();
        return new PersonDataset(key, "memory", records, new Painter(), new DatasetReport(new Dictionary<string, int> { ["pictures"] = records.Count }, []));
    }

    /// <summary>Both stages, every kind of batch, a few steps.</summary>
    public static Recipe Recipe(params string[] settings) => RecipeFile.Parse("""
        name: toy
        seed: 5
        model: { preset: tiny, options: { stochastic_depth: 0.2 } }
        data: { sources: [ { layout: images, path: memory } ] }
        vocabulary: { size: 300 }
        stage_a: { steps: 8, batch_size: 4, optimiser: { learning_rate: 1e-3 } }
        stage_b: { steps: 6, identities: 4, images_per_identity: 2, optimiser: { learning_rate: 1e-3 } }
        precision: float32
        threads: 2
        log_every: 2
        checkpoints: { every: 3 }
        """, "toy.yaml", settings).Recipe;

    public static Trainer Trainer(PersonDataset? people = null, IProgress<TrainingProgress>? progress = null, TimeProvider? time = null) =>
        new(progress, time, _ => [people ?? People()]);

    /// <summary>What a finished run has learnt, to the last bit.</summary>
    public static byte[] Weights(Run run) => File.ReadAllBytes(Path.Combine(run.ModelPath, "model.safetensors"));

    private static ((string Name, byte R, byte G, byte B) Top, (string Name, byte R, byte G, byte B) Bottom) Clothes(int person) =>
        (Colours[person % Colours.Length], Colours[(person / Colours.Length * 2 + person + 1) % Colours.Length]);

    private sealed class Painter : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record)
        {
            var (top, bottom) = Clothes(record.RawId.Length == 0 ? 0 : int.Parse(record.RawId));
            var random = Randomness.For(9, record.Order);
            var picture = new Picture(24, 48);
            for (var y = 0; y < 48; y++)
            {
                for (var x = 0; x < 24; x++)
                {
                    var (_, r, g, b) = y < 26 ? top : bottom;
                    var body = x is > 5 and < 18;
                    var noise = random.Next(40);
                    var at = 3 * ((y * 24) + x);
                    (picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2]) = body
                        ? ((byte)Math.Min(255, r + noise), (byte)Math.Min(255, g + noise), (byte)Math.Min(255, b + noise)) : ((byte)(90 + noise), (byte)(90 + noise), (byte)(90 + noise));
                }
            }

            return picture;
        }

        public LabelMap? LoadMask(PersonRecord record)
        {
            var labels = new byte[24 * 48];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = (byte)((i % 24) is > 5 and < 18 ? 1 : 0);
            }

            return new LabelMap(24, 48, labels);
        }
    }
}
