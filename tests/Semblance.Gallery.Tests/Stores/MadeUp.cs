using Semblance.Core;
using Semblance.Core.Vectors;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Tests.Stores;

/// <summary>Made-up models, pictures and sightings.</summary>
internal static class MadeUp
{
    public const int ImageWidth = 24, JointWidth = 16;

    public static GalleryEncoder Encoder(string name = "first") => new($"fingerprint-{name}", $"model {name}");

    public static GallerySpace[] Spaces { get; } = [new(GallerySpaces.Image, ImageWidth), new(GallerySpaces.Joint, JointWidth)];

    public static StoredModelFile[] Files { get; } = [new("model.json", "{}"u8.ToArray()), new("model.safetensors", new byte[1000]), new("empty", ReadOnlyMemory<byte>.Empty)];

    public static byte[] Picture(int i) => [.. BitConverter.GetBytes(i), 1, 2, 3];

    public static float[] Vector(string fingerprint, string space, int i)
    {
        var random = Randomness.For((ulong)fingerprint.Length, space.Length, i);
        var vector = new float[space == GallerySpaces.Image ? ImageWidth : JointWidth];
        for (var d = 0; d < vector.Length; d++)
        {
            vector[d] = (float)random.NextGaussian();
        }

        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }

    public static Embedding[] Embeddings(int i, string model = "first") =>
        [.. Spaces.Select(space => new Embedding(space.Name, Vector(Encoder(model).Fingerprint, space.Name, i), Encoder(model).Fingerprint))];

    public static NewSighting Sighting(int i, string? camera = null, string model = "first", DateTimeOffset? taken = null, int? picture = null, string? label = null) => new(
        new StoredSighting
        {
            Key = $"file-{i}",
            Picture = "",
            Camera = camera,
            Taken = taken,
            Source = $"file-{i}.jpg",
            Box = new GalleryBox(1, 2, 3, i),
            Frame = i,
            Time = TimeSpan.FromSeconds(i),
            Track = $"track-{i / 2}",
            Label = label,
            Notes = i == 1 ? "carries <b>flowers</b>'; DROP TABLE sightings; --" : null,
        },
        Picture(picture ?? i),
        Embeddings(i, model));
}
