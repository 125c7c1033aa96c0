using Semblance.Gallery;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Training;

namespace Semblance.Cli.Galleries;

/// <summary>A gallery that carries its encoder, so that it can be asked in words and pictures wherever it is copied to.</summary>
internal sealed class EncodedGallery
{
    private const string EncoderFolder = "encoder";
    private const int Chunk = 128;
    private readonly GalleryBuilder _builder;
    private readonly IPersonEncoder _encoder;
    private readonly string _run;
    private readonly List<(GalleryItem Item, Picture Picture)> _waiting = [];

    /// <summary>Starts a gallery filled by the model of a finished run.</summary>
    public EncodedGallery(string folder, string run, IPersonEncoder encoder)
    {
        (_encoder, _run) = (encoder, run);
        _builder = new GalleryBuilder(
            folder,
            new GalleryEncoder(encoder.Fingerprint.ToString(), Path.GetFileName(Path.GetFullPath(run))),
            new GallerySpace(GallerySpaces.Image, encoder.Width(EmbeddingSpace.Image)),
            new GallerySpace(GallerySpaces.Joint, encoder.Width(EmbeddingSpace.Joint)));
    }

    /// <summary>Sightings filed so far.</summary>
    public int Count => _builder.Count + _waiting.Count;

    /// <summary>Files a picture; it is encoded together with others.</summary>
    public void Add(GalleryItem item, Picture picture)
    {
        _waiting.Add((item with { Picture = _builder.StorePicture(picture.EncodeJpeg(quality: 92)) }, picture));
        if (_waiting.Count >= Chunk)
        {
            Encode();
        }
    }

    /// <summary>Encodes what waits and makes the gallery visible.</summary>
    public void Save()
    {
        Encode();
        CopyModel(TrainedModel.ModelFolder(_run), Path.Combine(_builder.Folder, EncoderFolder));
        _builder.Save();
    }

    /// <summary>The encoder that a gallery carries.</summary>
    public static IPersonEncoder OpenEncoder(GalleryFile gallery) => TrainedModel.Open(Path.Combine(gallery.Folder, EncoderFolder));

    private void Encode()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var pictures = _waiting.ConvertAll(entry => entry.Picture);
        var embedded = _encoder.EncodePictures(pictures, [EmbeddingSpace.Image, EmbeddingSpace.Joint]);
        for (var i = 0; i < pictures.Count; i++)
        {
            _builder.Add(
                _waiting[i].Item,
                new Embedding(GallerySpaces.Image, embedded[0][i], _builder.Encoder.Fingerprint),
                new Embedding(GallerySpaces.Joint, embedded[1][i], _builder.Encoder.Fingerprint));
        }

        _waiting.Clear();
    }

    private static void CopyModel(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
