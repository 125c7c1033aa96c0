using System.Text.Json;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Cli.Galleries;

/// <summary>A question as a person puts it: words, a picture, or both, and what it should not be.</summary>
internal sealed record Question
{
    public IReadOnlyList<string> Texts { get; init; } = [];

    public IReadOnlyList<string> Images { get; init; } = [];

    public IReadOnlyList<string> NotTexts { get; init; } = [];

    public IReadOnlyList<string> NotImages { get; init; } = [];

    /// <summary>Among which sightings.</summary>
    public SightingFilter Filter { get; init; } = new();

    /// <summary>Share of the pictures in the score when both pictures and words are wanted, in [0, 1]; the words have the rest.</summary>
    public double ImageWeight { get; init; } = 0.5;

    /// <summary>What speaks against a sighting, beside 1 for what speaks for it.</summary>
    public double NegativeWeight { get; init; } = 0.5;

    /// <summary>Compare with every sighting in full precision.</summary>
    public bool Exact { get; init; }

    public int Top { get; init; } = 10;

    /// <summary>The question in one line.</summary>
    public string Title => string.Join(", ",
    [
        .. Texts.Select(text => $"\"{text}\""), .. Images.Select(Path.GetFileName).OfType<string>(),
        .. NotTexts.Select(text => $"not \"{text}\""), .. NotImages.Select(path => $"not {Path.GetFileName(path)}"),
    ]);

    /// <summary>What the audit log keeps: words and numbers, no picture.</summary>
    public string Details() => JsonSerializer.Serialize(
        new { Texts, Images = Images.Count, NotTexts, NotImages = NotImages.Count, ImageWeight, NegativeWeight, Filter.Cameras, Filter.From, Filter.Until, Filter.Person, Filter.Label, Top }, JsonSerializerOptions.Web);

    /// <summary>Encodes the terms with the gallery's own encoder.</summary>
    /// <exception cref="ArgumentException">Nothing is asked for, or the encoder cannot do it; the message says what to give.</exception>
    public SightingQuery Query(IPersonEncoder encoder, Action<string> warn)
    {
        if (Texts.Count + Images.Count + NotTexts.Count + NotImages.Count == 0)
        {
            throw new ArgumentException("the question is empty: give --text \"...\", --image FILE, or both");
        }

        if (ImageWeight is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"--weight is {ImageWeight}, expected a share from 0 (only the words count) to 1 (only the picture)");
        }

        if (NegativeWeight is not (> 0 and <= 10))
        {
            throw new ArgumentException($"--not-weight is {NegativeWeight}, expected above 0, and 10 at most");
        }

        if (Top < 1)
        {
            throw new ArgumentException($"--top is {Top}, expected 1 or more answers");
        }

        var both = Texts.Count > 0 && Images.Count > 0;
        var terms = new List<QueryTerm>();
        void Add(Embedding embedding, double weight, string label)
        {
            if (weight != 0)
            {
                terms.Add(new QueryTerm(embedding, weight, label));
            }
        }

        foreach (var text in Texts)
        {
            Add(EncodeText(encoder, text, warn), (both ? 1 - ImageWeight : 1.0) / Texts.Count, text);
        }

        foreach (var image in Images)
        {
            Add(EncodeImage(encoder, image), (both ? ImageWeight : 1.0) / Images.Count, Path.GetFileName(image));
        }

        foreach (var text in NotTexts)
        {
            Add(EncodeText(encoder, text, warn), -NegativeWeight, $"not {text}");
        }

        foreach (var image in NotImages)
        {
            Add(EncodeImage(encoder, image), -NegativeWeight, $"not {Path.GetFileName(image)}");
        }

        return new SightingQuery { Terms = terms, Top = Top, Filter = Filter, Exact = Exact };
    }

    private static Embedding EncodeText(IPersonEncoder encoder, string text, Action<string> warn)
    {
        if (encoder.Warning(text) is { } warning)
        {
            warn(warning);
        }

        return new Embedding(GallerySpaces.Joint, encoder.EncodeTexts([text], EmbeddingSpace.Joint)[0], encoder.Fingerprint.ToString());
    }

    private static Embedding EncodeImage(IPersonEncoder encoder, string path) =>
        new(GallerySpaces.Image, encoder.EncodePictures([PictureReader.Read(path, PictureReaderOptions.Photo)], EmbeddingSpace.Image)[0], encoder.Fingerprint.ToString());
}
