using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Server.Access;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;

namespace Semblance.Server.Tests;

/// <summary>A served gallery on loopback, asked over real HTTP.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Site(WebApplication app, Uri address) => (_app, Address, Http) = (app, address, Client(address, null));

    public Uri Address { get; }

    /// <summary>Without a key.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public IGalleryStore Store => Services.GetRequiredService<IGalleryStore>();

    public static async Task<Site> OpenAsync(string gallery, Func<ServerOptions, ServerOptions>? change = null)
    {
        var options = new ServerOptions { Gallery = gallery, Url = "http://127.0.0.1:0", Burst = 100_000, PerSecond = 100_000 };
        var app = await GalleryServer.CreateAsync(change?.Invoke(options) ?? options);
        await app.StartAsync();
        return new Site(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    /// <summary>Makes a key and asks with it from here on.</summary>
    public async Task<HttpClient> AsAsync(string role) => Client(Address, await KeyAsync(role));

    public async Task<string> KeyAsync(string role)
    {
        var secret = Secrets.NewKey();
        await Store.AddKeyAsync($"{role} of the tests", role, Secrets.Hash(secret), null);
        return secret;
    }

    public static HttpClient Client(Uri address, string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        client.DefaultRequestHeaders.Add(Asking.PurposeHeader, "tests");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A rendered world, and a gallery of it filled with the weights that come with Semblance: made once, copied for each test.</summary>
public sealed class Premises : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private int _copies;

    /// <summary>Root of the world, in Market-1501's layout.</summary>
    public string World => Path.Combine(_folder.Root, "world");

    /// <summary>The model's folder.</summary>
    public static string Model => Path.Combine(AppContext.BaseDirectory, "model");

    /// <summary>Pictures of people who are in the gallery.</summary>
    public string[] Queries => [.. Directory.GetFiles(Path.Combine(World, "query")).Order(StringComparer.Ordinal)];

    /// <summary>Another model of the same sizes, with random weights, as it is sent.</summary>
    /// <param name="folder">Where in the ZIP file it lies.</param>
    public byte[] AnotherModel(string folder = "")
    {
        var unpacked = Path.Combine(_folder.Root, $"another{Interlocked.Increment(ref _copies)}");
        using (var first = ModelFile.Open(Model))
        {
            Tensors.TorchRandom.Seed(5);
            using var other = new MmetEncoder(new MmetIdentification(new Mmet((MmetOptions)first.Options), classes: 0), first.Tokenizer);
            other.Export(unpacked, "test", half: false);
        }

        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var file in Directory.GetFiles(unpacked))
            {
                zip.CreateEntryFromFile(file, folder + Path.GetFileName(file));
            }
        }

        return packed.ToArray();
    }

    /// <summary>A photo of a scene: people of the gallery side by side before a plain wall.</summary>
    public Picture Scene(params int[] queries)
    {
        var scene = new Picture(160 * queries.Length, 240, Enumerable.Repeat((byte)150, 3 * 160 * queries.Length * 240).ToArray());
        for (var i = 0; i < queries.Length; i++)
        {
            var person = PictureReader.Read(Queries[queries[i]]).Resize(width: 96, height: 192, Resampling.Bicubic);
            for (var y = 0; y < person.Height; y++)
            {
                person.Rgb.AsSpan(3 * y * person.Width, 3 * person.Width).CopyTo(scene.Rgb.AsSpan(3 * (((y + 30) * scene.Width) + (160 * i) + 32)));
            }
        }

        return scene;
    }

    /// <summary>A folder of its own.</summary>
    public string Fresh() => Path.Combine(_folder.Root, $"gallery{Interlocked.Increment(ref _copies)}");

    /// <summary>A copy of the filled gallery.</summary>
    public string Copy()
    {
        var copy = Fresh();
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.Root, "filled"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Path.Combine(_folder.Root, "filled"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    /// <summary>Puts the model and the world's gallery split into a gallery.</summary>
    public async Task FillAsync(string location)
    {
        await using var store = await GalleryStores.OpenAsync(location, create: true);
        using var encoder = ModelFile.Open(Model);
        await GalleryModels.AddAsync(store, Model, encoder, "world-start");
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = World, Taken = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero) }, "tests", Roles.Admin);
        using var worker = new FilingWorker(store);
        await worker.RunAsync(job.Id);
    }

    public async ValueTask InitializeAsync()
    {
        var world = new World(new WorldOptions { Domain = "plaza", Seed = 11, Identities = 16, ImagesPerIdentity = 4, Height = 128, Width = 64 });
        WorldWriter.Write(world, World, WorldLayout.Market1501, WorldSplit.AllTest);
        await FillAsync(Path.Combine(_folder.Root, "filled"));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> request, int status = 200)
    {
        using var answer = await request;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}, expected {status}: {body}");
        return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement.Clone();
    }

    public static Task<HttpResponseMessage> SearchAsync(this HttpClient http, object question) => http.PostAsJsonAsync("/api/searches", question);

    public static MultipartFormDataContent Form(params (string Name, byte[] Bytes)[] pictures)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in pictures)
        {
            form.Add(new ByteArrayContent(bytes), "pictures", name);
        }

        return form;
    }
}
