using System.Diagnostics;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;

[assembly: AssemblyFixture(typeof(Semblance.Filing.Tests.Pictures))]

namespace Semblance.Filing.Tests;

/// <summary>Rendered people in a folder, made once.</summary>
public sealed class Pictures : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Pictures()
    {
        var world = new World(new WorldOptions { Domain = "plaza", Seed = 21, Identities = 30, ImagesPerIdentity = 6, Height = 96, Width = 48 });
        WorldWriter.Write(world, World, WorldLayout.Market1501, WorldSplit.AllTest);
    }

    public string World => Path.Combine(_folder.Root, "world");

    /// <summary>Plain pictures, one person each.</summary>
    public string Folder => Path.Combine(World, "bounding_box_test");

    public int Count => Directory.GetFiles(Folder).Length;

    public void Dispose() => _folder.Dispose();
}

/// <summary>Stores, models and processes for the tests.</summary>
internal static class Galleries
{
    public static string Model => Path.Combine(AppContext.BaseDirectory, "model");

    /// <summary>Another model of the same sizes, with random weights, in a folder.</summary>
    public static string Another(string folder)
    {
        using var first = ModelFile.Open(Model);
        Tensors.TorchRandom.Seed(5);
        using var other = new MmetEncoder(new MmetIdentification(new Mmet((MmetOptions)first.Options), classes: 0), first.Tokenizer);
        other.Export(folder, "test", half: false);
        return folder;
    }

    public static async Task<IGalleryStore> NewAsync(string location)
    {
        var store = await GalleryStores.OpenAsync(location, create: true);
        using var encoder = ModelFile.Open(Model);
        await GalleryModels.AddAsync(store, Model, encoder, "world-start");
        return store;
    }

    /// <summary>The command line in a process of its own, so that it can be killed.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Semblance.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "semblance"));
        Assert.True(File.Exists(program), program);
        return Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    /// <summary>A port of this machine that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<string> FinishedAsync(this Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {await errors}");
        return await output;
    }

    public static async Task<bool> Until(Func<Task<bool>> condition, int seconds = 60)
    {
        for (var i = 0; i < seconds * 20; i++)
        {
            if (await condition())
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    /// <summary>Each sighting has its picture, and one vector in each space of the current model; nothing else is left over.</summary>
    public static async Task AssertWholeAsync(IGalleryStore store, int count)
    {
        var sightings = await store.AllSightingsAsync().ToListAsync();
        Assert.Equal(count, sightings.Count);
        Assert.Equal(count, sightings.Select(sighting => sighting.Key).Distinct().Count());
        var model = (await store.ModelsAsync())[0];
        foreach (var space in model.Spaces)
        {
            var vectors = await store.VectorsAsync(model.Encoder.Fingerprint, space.Name).ToListAsync();
            Assert.Equal(sightings.Select(sighting => sighting.Id), vectors.Select(vector => vector.Sighting));
        }

        foreach (var sighting in sightings)
        {
            PictureReader.Decode((await store.PictureAsync(sighting.Picture))!, sighting.Key);
        }

        await store.CheckAsync(thorough: true);
        Assert.Null((await store.VerifyAuditAsync()).Fault);
    }
}
