using System.Runtime.InteropServices;
using Semblance.Models;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Synthesis.Scenes;

namespace Semblance.Bench;

/// <summary>Rendered people as the start weights of the quickstart see them, and captions as they read them, in the space where both meet.</summary>
internal sealed class WorldVectors : IDisposable
{
    private const int PicturesOfAPerson = 4;
    private const ulong Seed = 77;

    private readonly TorchEncoder _encoder = ModelFile.Open(Path.Combine(AppContext.BaseDirectory, "world-model"));

    /// <summary>Numbers of a vector.</summary>
    public int Width => _encoder.Width(EmbeddingSpace.Joint);

    /// <summary>Renders and embeds people of every domain in turn as the gallery, and captions of some of them as queries.</summary>
    public void WriteFiles(string gallery, int count, string queries, int queryCount)
    {
        var domains = Domain.All.Select(domain => domain.Name).ToList();
        var people = (int)Math.Ceiling((double)count / PicturesOfAPerson / domains.Count);
        var (left, captions) = (count, new List<string>());
        using var stream = File.Create(gallery);
        foreach (var domain in domains)
        {
            var world = new World(new WorldOptions
            {
                Domain = domain,
                Seed = Seed,
                Identities = people,
                ImagesPerIdentity = PicturesOfAPerson,
                Height = _encoder.Options.Height,
                Width = _encoder.Options.Width,
            }).AsDataset(WorldSplit.AllTest);
            foreach (var records in world.Records.Take(left).Chunk(512))
            {
                var pictures = records.AsParallel().AsOrdered().Select(record => world.Pictures.LoadPicture(record)).ToList();
                Write(stream, _encoder.EncodePictures(pictures, EmbeddingSpace.Joint));
                captions.AddRange(records.Where(record => record.Captions.Count > 0).Select(record => record.Captions[0]));
                left -= records.Length;
            }
        }

        // Spread over all domains.
        using var asked = File.Create(queries);
        Write(asked, _encoder.EncodeTexts([.. Enumerable.Range(0, queryCount).Select(i => captions[(int)((long)i * captions.Count / queryCount)])], EmbeddingSpace.Joint));
    }

    public void Dispose() => _encoder.Dispose();

    private static void Write(FileStream stream, float[][] vectors)
    {
        foreach (var vector in vectors)
        {
            stream.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
        }
    }
}
