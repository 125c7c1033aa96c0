using Semblance.Core;
using Semblance.Data.Baselines;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Cli.Quickstart;

/// <summary>What colours alone give, behind the face of an encoder, so that the same protocols measure it.</summary>
internal sealed class ColourBaseline : IPersonEncoder
{
    public Fingerprint Fingerprint { get; } = new FingerprintBuilder()
        .Add("image", System.Text.Encoding.UTF8.GetBytes(ColourHistogram.Fingerprint))
        .Add("joint", System.Text.Encoding.UTF8.GetBytes(ColourWords.Fingerprint)).Build();

    /// <summary>Pictures are taken as they are.</summary>
    public Preprocessing Preprocessing { get; } = new(Height: 128, Width: 64, Normalisation.Half);

    public int Width(EmbeddingSpace space) => space == EmbeddingSpace.Image ? ColourHistogram.Width : ColourWords.Width;

    public float[][] EncodePictures(IReadOnlyList<Picture> pictures, EmbeddingSpace space) =>
        [.. pictures.AsParallel().AsOrdered().Select(picture => space == EmbeddingSpace.Image ? ColourHistogram.Encode(picture) : ColourWords.EncodePicture(picture))];

    public float[][][] EncodePictures(IReadOnlyList<Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces) => [.. spaces.Select(space => EncodePictures(pictures, space))];

    public float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space) => [.. texts.Select(ColourWords.EncodeText)];

    public float[][] EncodePairs(IReadOnlyList<Picture> pictures, IReadOnlyList<string> texts) =>
        throw new NotSupportedException("colours have no embedding of a picture together with words: measure them by text-to-image and image");

    public string? Warning(string text) => null;

    public void Dispose()
    {
    }
}
