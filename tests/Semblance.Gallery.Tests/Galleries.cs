using Semblance.Core;

namespace Semblance.Gallery.Tests;

/// <summary>Shorthand for small galleries.</summary>
internal static class Galleries
{
    public const string Fingerprint = "1111";

    public static readonly GalleryEncoder Encoder = new(Fingerprint, "test encoder");

    public static Embedding In(string space, params float[] vector) => new(space, vector, Fingerprint);

    /// <summary>A gallery in one two-dimensional space, an item for each angle in degrees.</summary>
    public static GalleryIndex OfAngles(string folder, params double[] degrees)
    {
        var builder = new GalleryBuilder(folder, Encoder, new GallerySpace("image", 2));
        for (var i = 0; i < degrees.Length; i++)
        {
            builder.Add(new GalleryItem { Id = $"{i}" }, In("image", At(degrees[i])));
        }

        builder.Save();
        return GalleryIndex.Open(folder);
    }

    public static float[] At(double degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

    public static float[] Random(int width, ulong seed, long index)
    {
        var random = Randomness.For(seed, index);
        var vector = new float[width];
        for (var d = 0; d < width; d++)
        {
            vector[d] = (float)random.NextGaussian();
        }

        return vector;
    }

    /// <summary>Items in two spaces, with three cameras and five identities by turns; every seventh item twice, so that there are ties.</summary>
    public static GalleryIndex OfRandom(string folder, int count, int width, int? threads = null)
    {
        var builder = new GalleryBuilder(folder, Encoder, new GallerySpace("image", width), new GallerySpace("joint", width + 3));
        for (var i = 0; i < count; i++)
        {
            var source = i % 7 == 6 ? i - 1 : i;
            builder.Add(
                new GalleryItem { Id = $"item{i}", Camera = $"cam{i % 3}", Identity = $"{i % 5}" },
                In("joint", Random(width + 3, 2, source)),
                In("image", Random(width, 1, source)));
        }

        builder.Save();
        using var file = GalleryFile.Open(folder);
        return new GalleryIndex(file, threads);
    }
}
