using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Semblance.Core;
using Semblance.Core.Vectors;
using Semblance.Filing;
using Semblance.Gallery;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Server;

namespace Semblance.Bench;

/// <summary>A served gallery of 100,000 sightings over HTTP on loopback: the time of one question, and 32 clients who ask for a minute while 4 file pictures. There is no peer.</summary>
internal static class ServiceBenchmark
{
    private const int Sightings = 100_000, AtOnce = 2000, Cameras = 10;
    private const int Questions = 300, Searchers = 32, Filers = 4;
    private const double AskedMilliseconds = 20;
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Comparison> Run()
    {
        using var scratch = new Scratch();
        var gallery = scratch.At("gallery");
        var filling = Stopwatch.GetTimestamp();
        FillAsync(gallery).GetAwaiter().GetResult();
        var seconds = Stopwatch.GetElapsedTime(filling).TotalSeconds;
        yield return new Comparison($"filing {Sightings} sightings, made-up vectors", "SQLite", null, seconds, null, null, Limit: $"{Sightings / seconds:0} a second");

        var opening = Stopwatch.GetTimestamp();
        var app = GalleryServer.CreateAsync(new ServerOptions { Gallery = gallery, Url = "http://127.0.0.1:0", Burst = 1_000_000, PerSecond = 1_000_000, Works = false }).GetAwaiter().GetResult();
        app.StartAsync().GetAwaiter().GetResult();
        yield return new Comparison($"opening a server on {Sightings} sightings", "SQLite", null, Stopwatch.GetElapsedTime(opening).TotalSeconds, null, null);
        try
        {
            var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
            object Filtered(int i) => new { terms = new[] { new { sighting = 1 + (i % 1000) } }, cameras = new[] { $"camera-{i % Cameras}" }, from = Start.AddHours(i % 100), until = Start.AddHours(500 + (i % 100)), top = 20, purpose = "benchmark" };
            yield return One(http, "a filtered search by a sighting, logged", Filtered);
            yield return One(http, "a filtered search in words, logged", i => new { terms = new[] { new { text = "a woman in a red coat" } }, cameras = new[] { $"camera-{i % Cameras}" }, top = 20, purpose = "benchmark" });
            yield return Load(http, Filtered);
        }
        finally
        {
            app.StopAsync().GetAwaiter().GetResult();
        }
    }

    private static Comparison One(HttpClient http, string work, Func<int, object> question)
    {
        var times = new List<double>();
        for (var i = -20; i < Questions; i++)
        {
            var time = Comparison.Time(() => AskAsync(http, question(i + 20)).GetAwaiter().GetResult());
            if (i >= 0)
            {
                times.Add(1000 * time);
            }
        }

        return Row($"{work}, {Sightings} sightings", "one client over HTTP", times, $"{AskedMilliseconds} ms asked: {(Percentile(times, 0.5) <= AskedMilliseconds ? "met" : "not met")}");
    }

    /// <summary>Bounded: each client has one request under way.</summary>
    private static Comparison Load(HttpClient http, Func<int, object> question)
    {
        using var stop = new CancellationTokenSource(LoadTime);
        ConcurrentBag<double> searched = [], filing = [];
        ConcurrentBag<(long Id, byte[] Jpeg)> filed = [];
        var errors = new ConcurrentBag<string>();
        async Task RepeatAsync(int client, Func<int, Task> work, ConcurrentBag<double> times)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    await work((client * 100_000) + i);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                catch (Exception problem)
                {
                    errors.Add(problem.Message);
                }
            }
        }

        var clients = Enumerable.Range(0, Searchers).Select(client => Task.Run(() => RepeatAsync(client, i => AskAsync(http, question(i)), searched)))
            .Concat(Enumerable.Range(0, Filers).Select(client => Task.Run(() => RepeatAsync(client, async i =>
            {
                var jpeg = MadeUpPicture(i).EncodeJpeg();
                using var content = new ByteArrayContent(jpeg);
                using var answer = await http.PostAsync($"/api/sightings?camera=load&taken={Uri.EscapeDataString(Start.AddSeconds(i).ToString("O"))}", content);
                answer.EnsureSuccessStatusCode();
                filed.Add(((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sightings")[0].GetInt64(), jpeg));
            }, filing))));
        Task.WhenAll(clients).GetAwaiter().GetResult();

        var missing = 0;
        foreach (var (id, jpeg) in filed)
        {
            var found = AskAsync(http, new { terms = new[] { new { picture = Convert.ToBase64String(jpeg) } }, cameras = new[] { "load" }, top = 5, purpose = "benchmark" }).GetAwaiter().GetResult();
            missing += found.GetProperty("matches").EnumerateArray().Any(match =>
                match.GetProperty("sighting").GetProperty("id").GetInt64() == id || match.GetProperty("duplicates").EnumerateArray().Any(duplicate => duplicate.GetInt64() == id)) ? 0 : 1;
        }

        var (reads, writes) = (searched.ToList(), filing.ToList());
        return Row(
            $"{Searchers} clients search for {LoadTime.TotalSeconds:0} s while {Filers} file pictures", "over HTTP", reads,
            $"{reads.Count / LoadTime.TotalSeconds:0} searches a second; filing {writes.Count / LoadTime.TotalSeconds:0.0} a second, median {Percentile(writes, 0.5):0} ms, 99 % {Percentile(writes, 0.99):0} ms; "
            + $"{errors.Count} errors{(errors.TryPeek(out var first) ? $" ({first})" : "")}; of {filed.Count} filed, {missing} not found afterwards");
    }

    private static Comparison Row(string work, string how, List<double> milliseconds, string limit) => new(
        work, how, null, Percentile(milliseconds, 0.5) / 1000, null, null,
        Limit: $"median {Percentile(milliseconds, 0.5):0.0} ms, 95 % {Percentile(milliseconds, 0.95):0.0} ms, 99 % {Percentile(milliseconds, 0.99):0.0} ms; {limit}");

    private static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, object question)
    {
        using var answer = await http.PostAsJsonAsync("/api/searches", question);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task FillAsync(string location)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "model");
        await using var store = await GalleryStores.OpenAsync(location, create: true);
        using var encoder = ModelFile.Open(folder);
        var model = await GalleryModels.AddAsync(store, folder, encoder, "world-start");
        var jpeg = MadeUpPicture(0).EncodeJpeg();
        for (var start = 0; start < Sightings; start += AtOnce)
        {
            await store.FileAsync([.. Enumerable.Range(start, AtOnce).AsParallel().AsOrdered().Select(i => new NewSighting(
                new StoredSighting { Key = $"made-up/{i}", Picture = "", Camera = $"camera-{i % Cameras}", Taken = Start.AddMinutes(i), Label = $"{i / 20}" },
                jpeg,
                [.. model.Spaces.Select(space => new Embedding(space.Name, Unit(space.Width, i), model.Encoder.Fingerprint))]))]);
        }
    }

    private static Picture MadeUpPicture(int i)
    {
        var random = Randomness.For(5, i);
        var picture = new Picture(64, 128);
        for (var y = 0; y < 8; y++)
        {
            var (red, green, blue) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            for (var p = y * 16 * 64; p < (y + 1) * 16 * 64; p++)
            {
                (picture.Rgb[3 * p], picture.Rgb[(3 * p) + 1], picture.Rgb[(3 * p) + 2]) = (red, green, blue);
            }
        }

        return picture;
    }

    private static float[] Unit(int width, int i)
    {
        var (look, own) = (Randomness.For(6, width, i / 20), Randomness.For(7, width, i));
        var vector = new float[width];
        for (var d = 0; d < width; d++)
        {
            vector[d] = (float)(look.NextGaussian() + (0.5 * own.NextGaussian()));
        }

        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }
}
