using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Protocols;

/// <summary>
/// A query is a reference picture with a caption. The reference picture is out of the gallery, and so are pictures of the same person in the same camera where cameras
/// are known. A model with one embedding for the pair is evaluated by <see cref="RetrievalProtocol.Evaluate(LabelledEmbeddings, LabelledEmbeddings, EvaluationOptions?)"/>;
/// one without, by late fusion.
/// </summary>
public sealed class ImageAndTextProtocol : RetrievalProtocol
{
    /// <summary>The weight of the picture that is used when nobody chose one on validation data.</summary>
    public const double DefaultAlpha = 0.5;

    /// <inheritdoc/>
    public override string Key => "image+text";

    /// <inheritdoc/>
    public override bool SameCameraRule => true;

    /// <inheritdoc/>
    public override bool OwnPictureExcluded => true;

    /// <summary>Late fusion, <c>score = α · cos(images) + (1 - α) · cos(text, image)</c>, with both halves alone beside it.</summary>
    /// <param name="queryImages">The reference picture of each query; its items are the queries' identity, camera and reference picture.</param>
    /// <param name="queryTexts">The caption of each query, in the same order; who wrote it for which picture does not matter here.</param>
    /// <param name="galleryImages">The gallery in the space of <paramref name="queryImages"/>.</param>
    /// <param name="galleryJoint">The same gallery, in the same order, in the space of <paramref name="queryTexts"/>.</param>
    /// <param name="alpha">Weight of the picture in [0, 1], fixed beforehand or chosen on validation data, never on the test split.</param>
    /// <param name="options">Options; <see cref="EvaluationOptions.Exact"/> is not offered for fusion.</param>
    /// <exception cref="ArgumentException">The lists disagree, or one of the reasons of the other overloads.</exception>
    public ImageAndTextResult Evaluate(
        LabelledEmbeddings queryImages,
        LabelledEmbeddings queryTexts,
        LabelledEmbeddings galleryImages,
        LabelledEmbeddings galleryJoint,
        double alpha = DefaultAlpha,
        EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(queryImages);
        ArgumentNullException.ThrowIfNull(queryTexts);
        ArgumentNullException.ThrowIfNull(galleryImages);
        ArgumentNullException.ThrowIfNull(galleryJoint);
        if (options is { Exact: true })
        {
            throw new ArgumentException($"{Key}: Exact is not offered for late fusion; leave it out", nameof(options));
        }

        CheckSameRows(queryImages, queryTexts, "query", pictures: false);
        CheckSameRows(galleryImages, galleryJoint, "gallery item", pictures: true);
        var images = new CosineDistances(queryImages, galleryImages);
        var texts = new CosineDistances(queryTexts, galleryJoint);
        RetrievalResult Run(IDistanceSource<float> distances, int width, int zeroQueries, int zeroGalleryItems) =>
            Evaluate(queryImages.Items, galleryImages.Items, distances, options) with
            {
                EmbeddingWidth = width,
                Fingerprint = galleryImages.Fingerprint ?? queryImages.Fingerprint,
                ZeroQueries = zeroQueries,
                ZeroGalleryItems = zeroGalleryItems,
            };

        return new ImageAndTextResult(
            alpha,
            Run(
                new FusedDistances(images, texts, alpha),
                galleryImages.Width + galleryJoint.Width,
                queryImages.ZeroVectors + queryTexts.ZeroVectors,
                galleryImages.ZeroVectors + galleryJoint.ZeroVectors),
            Run(images, galleryImages.Width, queryImages.ZeroVectors, galleryImages.ZeroVectors),
            Run(texts, galleryJoint.Width, queryTexts.ZeroVectors, galleryJoint.ZeroVectors));
    }

    /// <summary>
    /// The queries of a test split, one per caption in caption order: <see cref="CaptionSource.Own"/> pairs it with its picture, <see cref="CaptionSource.Other"/> with the
    /// next picture of the same person in picture order, round to the first after the last. A caption that finds no such picture makes no query.
    /// </summary>
    /// <param name="images">The pictures of the split, each with its key.</param>
    /// <param name="captions">The captions of the split, each with the key of the picture that it was written for.</param>
    /// <param name="source">Whose caption.</param>
    /// <returns>Indices into the two lists.</returns>
    public IReadOnlyList<(int Image, int Caption)> Pairs(IReadOnlyList<Sighting> images, IReadOnlyList<Sighting> captions, CaptionSource source)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(captions);
        CheckPicturesKnown(images, "picture");
        CheckPicturesKnown(captions, "caption");
        CheckEachPictureOnce(images, "pictures");
        var byKey = new Dictionary<string, int>(StringComparer.Ordinal);
        var byIdentity = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < images.Count; i++)
        {
            byKey.Add(images[i].Picture!, i);
            if (!byIdentity.TryGetValue(images[i].Identity, out var list))
            {
                byIdentity.Add(images[i].Identity, list = []);
            }

            list.Add(i);
        }

        var pairs = new List<(int Image, int Caption)>();
        for (var c = 0; c < captions.Count; c++)
        {
            if (!byKey.TryGetValue(captions[c].Picture!, out var own))
            {
                continue;
            }

            if (source == CaptionSource.Own)
            {
                pairs.Add((own, c));
            }
            else if (byIdentity[images[own].Identity] is { Count: > 1 } pictures)
            {
                pairs.Add((pictures[(pictures.IndexOf(own) + 1) % pictures.Count], c));
            }
        }

        return pairs;
    }

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery) => CheckEachPictureOnce(gallery, "gallery");

    private void CheckSameRows(LabelledEmbeddings one, LabelledEmbeddings other, string what, bool pictures)
    {
        if (one.Count != other.Count)
        {
            throw new ArgumentException($"{Key}: {one.Count} rows for the pictures but {other.Count} for the words; {what} i must be row i in both");
        }

        for (var i = 0; i < one.Count; i++)
        {
            if (one.Items[i].Identity != other.Items[i].Identity || (pictures && one.Items[i].Picture != other.Items[i].Picture))
            {
                throw new ArgumentException($"{Key}: {what} {i} is {one.Items[i].Describe()} for the pictures but {other.Items[i].Describe()} for the words");
            }
        }
    }
}
