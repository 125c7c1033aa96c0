using System.Net;
using System.Text;
using Semblance.Core;
using Semblance.Core.Safetensors;
using Semblance.Imaging;

namespace Semblance.Server.Tests;

/// <summary>Random bytes changed in what comes from outside: every reader says what is wrong or reads it; none crashes, none hangs.</summary>
public sealed class MutationTests(Premises premises)
{
    private const int Pictures = 6000, Tensors = 2500, Questions = 1500;

    [Fact]
    public void PicturesWithChangedBytesAreReadOrRefused()
    {
        var picture = PictureReader.Read(premises.Queries[0]).Resize(32, 64);
        byte[][] originals = [picture.EncodeJpeg(), picture.EncodePng(), picture.EncodeWebp()];
        var read = 0;
        for (var i = 0; i < Pictures; i++)
        {
            var bytes = Mutated(originals[i % originals.Length], i);
            try
            {
                PictureReader.Decode(bytes, "mutant", PictureReaderOptions.Photo with { MaxPixels = 1 << 20 });
                read++;
            }
            catch (SemblanceFormatException problem)
            {
                Assert.StartsWith("mutant", problem.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(read, 1, Pictures - 1);
    }

    [Fact]
    public void TensorFilesWithChangedBytesAreReadOrRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("mutant.safetensors");
        SafetensorsWriter.Write(path, [new SafetensorsItem("a", SafetensorsDtype.F32, [4, 8], stream => stream.Write(new byte[128])), new SafetensorsItem("b", SafetensorsDtype.I64, [2], stream => stream.Write(new byte[16]))]);
        var original = File.ReadAllBytes(path);
        var read = 0;
        for (var i = 0; i < Tensors; i++)
        {
            File.WriteAllBytes(path, Mutated(original, i, first: original.Length - 144));
            try
            {
                using var reader = SafetensorsReader.Open(path);
                foreach (var entry in reader.Entries)
                {
                    reader.Read(entry.Name, 0, new byte[Math.Min(16, entry.ByteLength)]);
                }

                read++;
            }
            catch (SemblanceFormatException problem)
            {
                Assert.Contains("mutant", problem.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(read, 1, Tensors - 1);
    }

    [Fact]
    public async Task QuestionsWithChangedBytesAreAnsweredOrRefused()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        var original = Encoding.UTF8.GetBytes("""{"terms":[{"sighting":3,"weight":0.5},{"sighting":4,"weight":-0.5}],"top":5,"cameras":[],"from":"2026-01-01T00:00:00Z","purpose":"test"}""");
        var statuses = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < Questions; i++)
        {
            using var content = new ByteArrayContent(Mutated(original, i));
            content.Headers.ContentType = new("application/json");
            using var answer = await site.Http.PostAsync("/api/searches", content);
            statuses[answer.StatusCode] = statuses.GetValueOrDefault(answer.StatusCode) + 1;
        }

        Assert.All(statuses.Keys, status => Assert.True((int)status < 500, $"{status}"));
        Assert.True(statuses[HttpStatusCode.OK] > 0);
        Assert.True(statuses[HttpStatusCode.BadRequest] > 0);
    }

    [Fact]
    public async Task WordsInEveryFieldAreWordsAndNothingElse()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        foreach (var words in new[] { "'; DROP TABLE sightings; --", "\" OR \"\"=\"", "<script>alert(1)</script>", "%00", "../../../../etc/passwd", "${jndi:ldap://x}", "\u202Ereversed", new string('a', 1900), "{{7*7}}", "a\nb\rc" })
        {
            await site.Http.SearchAsync(new { terms = new[] { new { text = words } }, label = words, purpose = words, top = 3 }).JsonAsync();
            using var listed = await site.Http.GetAsync($"/api/sightings?label={Uri.EscapeDataString(words)}&track={Uri.EscapeDataString(words)}&camera={Uri.EscapeDataString(words)}");
            Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
            using var browser = new Browser(site.Address);
            var page = await browser.ReadAsync($"/?text={Uri.EscapeDataString(words)}&not={Uri.EscapeDataString(words)}&label=x&purpose={Uri.EscapeDataString(words)}");
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            using var camera = await site.Http.PutAsync($"/api/cameras/{Uri.EscapeDataString(words)}", new StringContent("{}", Encoding.UTF8, "application/json"));
            Assert.True((int)camera.StatusCode is 200 or 400 or 404, $"{camera.StatusCode}");
        }

        Assert.NotEqual(0, await site.Store.CountAsync());
        Assert.Null((await site.Store.VerifyAuditAsync()).Fault);
    }

    /// <summary>A few bytes changed, sometimes some cut off or put in.</summary>
    private static byte[] Mutated(byte[] original, int i, int? first = null)
    {
        var random = Randomness.For(77, i);
        var bytes = (byte[])original.Clone();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            bytes[random.Next(first ?? bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(8) switch { 0 => bytes[..random.Next(bytes.Length)], 1 => [.. bytes, (byte)random.Next(256)], _ => bytes };
    }
}
