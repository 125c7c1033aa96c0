using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Semblance.Gallery.Stores;

namespace Semblance.Server.Tests;

public sealed class ApiTests(Premises premises)
{
    [Fact]
    public async Task QuestionsInWordsPicturesAndBothAreAnsweredAndLogged()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        var own = Directory.GetFiles(Path.Combine(premises.World, "bounding_box_test")).Order(StringComparer.Ordinal).Last();
        var picture = await File.ReadAllBytesAsync(own);
        var byPicture = await site.Http.SearchAsync(new { terms = new[] { new { picture = Convert.ToBase64String(picture) } }, top = 5, purpose = "finding somebody" }).JsonAsync();
        Assert.Equal(5, byPicture.GetProperty("matches").GetArrayLength());
        Assert.Equal(Path.GetFileName(own), Path.GetFileName(byPicture.GetProperty("matches")[0].GetProperty("sighting").GetProperty("source").GetString()));
        Assert.Equal(1, byPicture.GetProperty("matches")[0].GetProperty("score").GetDouble(), 2);
        var composed = await site.Http.SearchAsync(new
        {
            terms = new object[] { new { picture = Convert.ToBase64String(picture), weight = 0.5 }, new { text = "a person with a backpack", weight = 0.5 }, new { text = "a person in shorts", weight = -0.5 } },
            top = 3,
        }).JsonAsync();
        Assert.Equal(3, composed.GetProperty("matches").GetArrayLength());
        var first = byPicture.GetProperty("matches")[0].GetProperty("sighting").GetProperty("id").GetInt64();
        var more = await site.Http.SearchAsync(new { terms = new[] { new { sighting = first } }, top = 5 }).JsonAsync();
        Assert.DoesNotContain(more.GetProperty("matches").EnumerateArray(), match => match.GetProperty("sighting").GetProperty("id").GetInt64() == first);
        var camera = byPicture.GetProperty("matches")[0].GetProperty("sighting").GetProperty("camera").GetString();
        var filtered = await site.Http.SearchAsync(new { terms = new[] { new { text = "a man" } }, cameras = new[] { camera }, top = 50 }).JsonAsync();
        Assert.All(filtered.GetProperty("matches").EnumerateArray(), match => Assert.Equal(camera, match.GetProperty("sighting").GetProperty("camera").GetString()));
        var unknown = await site.Http.SearchAsync(new { terms = new[] { new { text = "мужчина" } } }).JsonAsync();
        Assert.NotEqual(0, unknown.GetProperty("warnings").GetArrayLength());

        var log = await site.Store.AuditAsync(long.MaxValue, 10);
        Assert.Equal(5, log.Count(entry => entry.Draft.Action == "search"));
        Assert.Contains(log, entry => entry.Draft.Purpose == "finding somebody");
        Assert.DoesNotContain(log, entry => entry.Draft.Details?.Contains(Convert.ToBase64String(picture)[..40], StringComparison.Ordinal) == true);
        Assert.Null((await site.Store.VerifyAuditAsync()).Fault);
    }

    [Theory]
    [InlineData("{}", "0 terms")]
    [InlineData("""{"terms":[{"text":"a man","sighting":1}]}""", "expected one")]
    [InlineData("""{"terms":[{"text":""}]}""", "characters")]
    [InlineData("""{"terms":[{"picture":"###"}]}""", "Base64")]
    [InlineData("""{"terms":[{"sighting":12345}]}""", "no sighting 12345")]
    [InlineData("""{"terms":[{"queryPicture":"../../etc/passwd"}]}""", "forgotten")]
    [InlineData("""{"terms":[{"text":"a man"}],"top":100000}""", "top is 100000")]
    [InlineData("""{"terms":[{"text":"a man"}],"cameras":["nowhere"]}""", "no camera")]
    [InlineData("""{"terms":[{"text":"a man","weight":1e300}]}""", "weight")]
    [InlineData("""{"terms":[{"txt":"a man"}]}""", null)]
    [InlineData("""{"terms":null}""", "0 terms")]
    [InlineData("""{"terms":[null]}""", "0 terms")]
    [InlineData("""{"terms":[{"text":"a man"}],"cameras":[null]}""", "a camera is null")]
    [InlineData("""{"terms":[{"text":"a man"}],"purpose":"a\u0000b"}""", null)]
    [InlineData("""{"terms":""", null)]
    public async Task AQuestionThatCannotBeAnsweredSaysWhy(string question, string? reason)
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        var problem = await site.Http.PostAsync("/api/searches", new StringContent(question, Encoding.UTF8, "application/json")).JsonAsync(400);
        if (reason is not null)
        {
            Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NobodyLooksWithoutAPurpose()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var http = new HttpClient { BaseAddress = site.Address };
        var problem = await http.SearchAsync(new { terms = new[] { new { text = "a man" } } }).JsonAsync(400);
        Assert.Contains("state what this is for", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await http.GetAsync("/api/sightings/1").JsonAsync(400);
        await http.GetAsync("/api/sightings/1/regions?text=coat").JsonAsync(400);
        foreach (var address in new[] { "/api/sightings/1", "/api/sightings", "/api/sightings/1/picture", "/api/people" })
        {
            await http.GetAsync(address).JsonAsync(400);
            using var shown = await http.GetAsync($"{address}?purpose=because");
            Assert.True(shown.IsSuccessStatusCode, address);
        }

        Assert.Equal(
            ["person.list", "sighting.picture", "sighting.list", "sighting.view"], (await site.Store.AuditAsync(long.MaxValue, 4)).Where(entry => entry.Draft.Purpose == "because").Select(entry => entry.Draft.Action));
    }

    [Fact]
    public async Task AnotherModelIsSentEmbeddedWithAndSwitchedTo()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        var old = (await site.Store.ModelsAsync())[0].Encoder.Fingerprint;
        using var zip = new ByteArrayContent(premises.AnotherModel(folder: "run/model/"));
        var added = await site.Http.PostAsync("/api/models?description=better", zip).JsonAsync(201);
        var fingerprint = added.GetProperty("fingerprint").GetString()!;
        Assert.Equal(("better", "preparing"), (added.GetProperty("description").GetString(), added.GetProperty("state").GetString()));
        var first = (await site.Http.GetAsync("/api/sightings?limit=1").JsonAsync()).GetProperty("items")[0].GetProperty("id").GetInt64();
        await site.Http.SearchAsync(new { terms = new[] { new { sighting = first } }, top = 3 }).JsonAsync();

        var job = await site.Http.PostAsync($"/api/models/{fingerprint}/switch", null).JsonAsync(202);
        var id = job.GetProperty("id").GetInt64();
        await Until(async () => (await site.Http.GetAsync($"/api/jobs/{id}").JsonAsync()).GetProperty("state").GetString() == "finished");
        Assert.Equal(0, (await site.Http.GetAsync($"/api/jobs/{id}").JsonAsync()).GetProperty("failed").GetInt64());
        await Until(async () => (await site.Http.GetAsync("/api/galleries").JsonAsync())[0].GetProperty("model").GetString() == fingerprint);
        await site.Http.SearchAsync(new { terms = new[] { new { text = "a man in a coat" } }, top = 3 }).JsonAsync();
        await site.Http.PostAsync($"/api/models/{fingerprint}/switch", null).JsonAsync(409);
        await site.Http.PostAsync("/api/models/unknown/switch", null).JsonAsync(404);
        await site.Http.DeleteAsync($"/api/models/{fingerprint}").JsonAsync(409);
        await site.Http.DeleteAsync($"/api/models/{old}").JsonAsync(204);
        var log = await site.Store.AuditAsync(long.MaxValue, 100);
        Assert.All(["model.add", "job.make", "model.switch", "model.drop"], action => Assert.Contains(log, entry => entry.Draft.Action == action));
    }

    [Fact]
    public async Task WhatIsNoModelIsRefusedAndLeavesNothingBehind()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { MaxModelBytes = 12 << 20, Works = false });
        var model = premises.AnotherModel();
        async Task Refused(byte[] sent, int status, string reason)
        {
            using var content = new ByteArrayContent(sent);
            var problem = await site.Http.PostAsync("/api/models", content).JsonAsync(status);
            Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await Refused([], 422, "no whole ZIP file");
        await Refused("no ZIP file"u8.ToArray(), 422, "no whole ZIP file");
        await Refused(model[..^30], 422, "no whole ZIP file");
        await Refused(Zip(("notes.txt", "hello"u8.ToArray())), 422, "holds no model.json");
        await Refused(Zip(("model/model.json", "{}"u8.ToArray())), 422, "no model.safetensors beside it");
        await Refused(Zip(("model.json", "{}"u8.ToArray()), ("model.safetensors", []), ("vocabulary.txt", [])), 422, "model.json");
        await Refused(Zip(("model.json", "{}"u8.ToArray()), ("../../model.safetensors", new byte[10]), ("vocabulary.txt", [])), 422, "no model.safetensors beside it");

        // Little when packed, more than may be when unpacked.
        await Refused(Zip(("model.json", new byte[13 << 20]), ("model.safetensors", []), ("vocabulary.txt", [])), 413, "larger than a model may be");
        Assert.Single(await site.Store.ModelsAsync());
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "semblance-model-*"));

        static byte[] Zip(params (string Name, byte[] Content)[] files)
        {
            using var packed = new MemoryStream();
            using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
            {
                foreach (var (name, content) in files)
                {
                    using var entry = zip.CreateEntry(name).Open();
                    entry.Write(content);
                }
            }

            return packed.ToArray();
        }
    }

    /// <summary>A list is logged with its purpose; its pictures must not be had without it.</summary>
    [Fact]
    public async Task SmallPicturesAreShownToWhomAPageListedThem()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var browser = new Browser(site.Address);
        var page = await browser.ReadAsync("/sightings?purpose=tests");
        Assert.Contains("<title>Sightings · Semblance</title>", page, StringComparison.Ordinal);
        var shown = System.Text.RegularExpressions.Regex.Match(page, "/thumbnails/([0-9]+)\\?shown=([^\"]+)");
        var (id, proof) = (long.Parse(shown.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), shown.Groups[2].Value);
        Assert.Equal("image/jpeg", (await site.Http.GetAsync($"/thumbnails/{id}?shown={proof}")).Content.Headers.ContentType!.MediaType);
        foreach (var address in new[] { $"/thumbnails/{id + 1}?shown={proof}", $"/thumbnails/{id}", $"/thumbnails/{id}?shown=x{proof[1..]}" })
        {
            using var refused = await site.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using var somebodyElse = await site.AsAsync("viewer");
        using var another = await somebodyElse.GetAsync($"/thumbnails/{id}?shown={proof}");
        Assert.Equal(HttpStatusCode.NotFound, another.StatusCode);
    }

    /// <summary>Without the page's script, the form's answer is a page.</summary>
    [Fact]
    public async Task AFormsBadPicturesAreNamedOnThePageThatFollows()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { MaxPictures = 3 });
        using var browser = new Browser(site.Address);
        var good = await File.ReadAllBytesAsync(premises.Queries[0]);
        using var form = Answers.Form(("good.jpg", good), ("<b>cut.jpg", good[..200]), ("words.png", "no picture"u8.ToArray()), ("fourth.jpg", good));
        form.Add(new StringContent(await browser.TokenAsync("/file")), "__RequestVerificationToken");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forms/file") { Content = form };
        using var redirected = await browser.SendAsync(request);
        var page = await browser.ReadAsync(redirected.Headers.Location!.ToString());
        Assert.Contains("1 pictures read, 1 of them new; 3 could not be read.", page, StringComparison.Ordinal);
        Assert.Contains("<li>&lt;b&gt;cut.jpg: ", page, StringComparison.Ordinal);
        Assert.Contains("<li>words.png: ", page, StringComparison.Ordinal);
        Assert.Contains("<li>fourth.jpg: not read, since a form takes 3 pictures", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PicturesAreFiledOnceAndBadOnesReported()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        var before = await site.Store.CountAsync();
        var good = await File.ReadAllBytesAsync(premises.Queries[0]);
        MultipartFormDataContent Sent() => Answers.Form(("../../etc/<b>cron.d.jpg", good), ("cut.jpg", good[..200]), ("empty.jpg", []), ("words.png", "no picture"u8.ToArray()), ("bomb.png", Bomb()));
        using var form = Sent();
        var filed = await site.Http.PostAsync("/api/sightings?camera=door&taken=2026-05-01T10:00:00Z", form).JsonAsync();
        Assert.Equal(1, filed.GetProperty("new").GetInt32());
        Assert.Equal(["cut.jpg", "empty.jpg", "words.png", "bomb.png"], filed.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("name").GetString()));
        using var again = Sent();
        var twice = await site.Http.PostAsync("/api/sightings?camera=door&taken=2026-05-01T10:00:00Z", again).JsonAsync();
        Assert.Equal(0, twice.GetProperty("new").GetInt32());
        Assert.Equal(filed.GetProperty("sightings")[0].GetInt64(), twice.GetProperty("sightings")[0].GetInt64());
        Assert.Equal(before + 1, await site.Store.CountAsync());

        var id = filed.GetProperty("sightings")[0].GetInt64();
        var sighting = await site.Http.GetAsync($"/api/sightings/{id}").JsonAsync();
        Assert.Equal("<b>cron.d.jpg", sighting.GetProperty("source").GetString());
        Assert.Equal("door", sighting.GetProperty("camera").GetString());
        using var browser = new Browser(site.Address);
        var page = await browser.ReadAsync($"/sightings/{id}?purpose=x");
        Assert.DoesNotContain("<b>cron", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;cron", page, StringComparison.Ordinal);
        var found = await site.Http.SearchAsync(new { terms = new[] { new { picture = Convert.ToBase64String(good) } }, cameras = new[] { "door" } }).JsonAsync();
        Assert.Equal(id, found.GetProperty("matches")[0].GetProperty("sighting").GetProperty("id").GetInt64());
        using var shown = await site.Http.GetAsync($"/api/sightings/{id}/picture");
        Assert.Equal("image/jpeg", shown.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task ARequestSentTwiceWithOneKeyIsDoneOnce()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        async Task<(HttpStatusCode Status, string Body)> Make(string key, string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/people") { Content = JsonContent.Create(new { name, sightings = new[] { 1, 2 } }) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await site.Http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        var first = await Make("k1", "Ann");
        Assert.Equal(HttpStatusCode.Created, first.Status);
        var second = await Make("k1", "Ann");
        Assert.Equal(JsonDocument.Parse(first.Body).RootElement.GetProperty("id").GetInt64(), JsonDocument.Parse(second.Body).RootElement.GetProperty("id").GetInt64());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Make("k1", "Eve")).Status);
        Assert.Single(await site.Store.PeopleAsync(long.MaxValue, 10));
    }

    [Fact]
    public async Task AnUploadSentTwiceIsToldFromAnotherOfItsLength()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        async Task<HttpStatusCode> File(byte[] picture)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sightings?camera=door") { Content = new ByteArrayContent(picture) };
            request.Headers.Add("Idempotency-Key", "k2");
            using var answer = await site.Http.SendAsync(request);
            return answer.StatusCode;
        }

        var (one, other) = (await System.IO.File.ReadAllBytesAsync(premises.Queries[0]), await System.IO.File.ReadAllBytesAsync(premises.Queries[1]));
        Array.Resize(ref one, Math.Max(one.Length, other.Length));
        Array.Resize(ref other, one.Length);
        var before = await site.Store.CountAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (await File(one), await File(one), await File(other)));
        Assert.Equal(before + 1, await site.Store.CountAsync());
    }

    [Fact]
    public async Task AFieldThatComesTooLateIsRefused()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var form = Answers.Form(("a.jpg", await File.ReadAllBytesAsync(premises.Queries[0])));
        form.Add(new StringContent("door"), "camera");
        var problem = await site.Http.PostAsync("/api/sightings", form).JsonAsync(400);
        Assert.Contains("put fields before the pictures", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Measured from the command line beside a running server: its answers have a probability from the next change on.</summary>
    [Fact]
    public async Task ACalibrationReachesARunningServer()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        var before = await site.Http.SearchAsync(new { terms = new[] { new { sighting = 1 } }, top = 1 }).JsonAsync();
        Assert.False(before.GetProperty("matches")[0].TryGetProperty("probability", out _));
        var curve = new Semblance.Gallery.LogisticCurve(10, -5);
        await site.Store.CalibrateAsync((await site.Store.ModelsAsync())[0].Encoder.Fingerprint, new Semblance.Gallery.MatchCalibration(curve, curve, curve, "tests").Write());
        await Until(async () => (await site.Http.SearchAsync(new { terms = new[] { new { sighting = 1 } }, top = 1 }).JsonAsync()).GetProperty("matches")[0].TryGetProperty("probability", out _));
    }

    [Fact]
    public async Task AnEditOfAnOldVersionIsRefused()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var read = await site.Http.GetAsync("/api/sightings/3");
        var tag = read.Headers.ETag!.Tag;
        async Task<HttpStatusCode> Edit(string notes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/sightings/3") { Content = JsonContent.Create(new { notes }) };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            using var answer = await site.Http.SendAsync(request);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Edit("first"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Edit("second"));
        Assert.Equal("first", (await site.Store.SightingsAsync([3]))[0].Notes);
    }

    [Fact]
    public async Task WhatIsErasedIsGoneEverywhereAndCertified()
    {
        var gallery = premises.Copy();
        await using var site = await Site.OpenAsync(gallery);
        var hash = (await site.Store.SightingsAsync([5]))[0].Picture;
        Assert.True(File.Exists(Path.Combine(gallery, "pictures", hash[..2], hash)));
        var certificate = await site.Http.DeleteAsync("/api/sightings/5?purpose=asked+for").JsonAsync();
        Assert.Equal([5L], certificate.GetProperty("sightings").EnumerateArray().Select(id => id.GetInt64()));
        Assert.Equal(2, certificate.GetProperty("vectors").GetInt64());
        var line = (await site.Store.AuditAsync(long.MaxValue, 1))[0];
        Assert.Equal(("sighting.erase", "asked for", certificate.GetProperty("auditHash").GetString()), (line.Draft.Action, line.Draft.Purpose, line.Hash));
        await site.Http.GetAsync("/api/sightings/5").JsonAsync(404);
        using var picture = await site.Http.GetAsync("/api/sightings/5/picture");
        Assert.Equal(HttpStatusCode.NotFound, picture.StatusCode);
        Assert.False(File.Exists(Path.Combine(gallery, "pictures", hash[..2], hash)));
        var all = await site.Http.SearchAsync(new { terms = new[] { new { text = "a man" } }, top = 200 }).JsonAsync();
        Assert.DoesNotContain(all.GetProperty("matches").EnumerateArray(), match => match.GetProperty("sighting").GetProperty("id").GetInt64() == 5);
        await site.Http.DeleteAsync("/api/sightings/5").JsonAsync(404);
    }

    [Fact]
    public async Task APersonIsMadeSuggestedExportedAndErased()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        var groups = await site.Http.GetAsync("/api/people/suggestions?threshold=0.7").JsonAsync();
        Assert.NotEqual(0, groups.GetArrayLength());
        var members = groups[0].GetProperty("sightings").EnumerateArray().Select(id => id.GetInt64()).ToArray();
        var person = await site.Http.PostAsJsonAsync("/api/people", new { name = "Ann", sightings = members }).JsonAsync(201);
        var id = person.GetProperty("id").GetInt64();
        var export = await site.Http.GetAsync($"/api/people/{id}/export").JsonAsync();
        Assert.Equal(members.Order(), export.GetProperty("sightings").EnumerateArray().Select(entry => entry.GetProperty("sighting").GetProperty("id").GetInt64()).Order());
        Assert.All(export.GetProperty("sightings").EnumerateArray(), entry => Assert.NotEmpty(Convert.FromBase64String(entry.GetProperty("jpeg").GetString()!)));
        var filtered = await site.Http.SearchAsync(new { terms = new[] { new { text = "a man" } }, person = id, top = 100 }).JsonAsync();
        Assert.Equal(members.Order(), filtered.GetProperty("matches").EnumerateArray().SelectMany(match =>
            match.GetProperty("duplicates").EnumerateArray().Select(d => d.GetInt64()).Prepend(match.GetProperty("sighting").GetProperty("id").GetInt64())).Order());
        var certificate = await site.Http.DeleteAsync($"/api/people/{id}").JsonAsync();
        Assert.Equal(members.Order(), certificate.GetProperty("sightings").EnumerateArray().Select(entry => entry.GetInt64()).Order());
        await site.Http.GetAsync($"/api/people/{id}").JsonAsync(404);
    }

    [Fact]
    public async Task RetentionDeletesByItself()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { RetentionEvery = TimeSpan.FromMilliseconds(200) });
        var camera = (await site.Store.SightingsAsync([1]))[0].Camera!;
        await site.Http.PutAsJsonAsync($"/api/cameras/{camera}", new { name = "Gate", retentionDays = 1 }).JsonAsync();
        for (var i = 0; i < 100 && (await site.Store.SightingsAsync(new SightingFilter { Cameras = [camera] }, long.MaxValue, 1)).Count > 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.Empty(await site.Store.SightingsAsync(new SightingFilter { Cameras = [camera] }, long.MaxValue, 1));
        Assert.Contains(await site.Store.AuditAsync(long.MaxValue, 20), entry => entry.Draft is { Actor: "retention", Action: "sighting.expire" });
    }

    [Fact]
    public async Task JobsAreFollowedAsTheyGo()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        var job = (await site.Http.GetAsync("/api/jobs").JsonAsync())[0].GetProperty("id").GetInt64();
        using var events = await site.Http.GetAsync($"/api/jobs/{job}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        var text = await events.Content.ReadAsStringAsync();
        Assert.Contains("event: job", text, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"finished\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheApiDescribesItselfAndSendsSafeHeaders()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        var description = await site.Http.GetAsync("/api/openapi.json").JsonAsync();
        var paths = description.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        foreach (var path in new[] { "/api/galleries", "/api/cameras", "/api/sightings", "/api/searches", "/api/people", "/api/models", "/api/jobs", "/api/audit", "/api/keys" })
        {
            Assert.Contains(path, paths);
        }

        using var page = await site.Http.GetAsync("/");
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" onclick=", html, StringComparison.Ordinal);
        using var live = await site.Http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task AnUploadBeyondTheLimitIsCutOff()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { MaxPictureBytes = 1 << 20, Works = false });
        using var large = new ByteArrayContent(new byte[(1 << 20) + 1]);
        await site.Http.PostAsync("/api/sightings", large).JsonAsync(413);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sightings") { Content = new StreamContent(new Endless(1L << 30)) };
        request.Headers.ExpectContinue = true;
        try
        {
            using var answer = await site.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server closed the door in the middle, which is an answer too.
        }
    }

    /// <summary>A PNG that declares 60000 x 60000 pixels.</summary>
    private static byte[] Bomb() => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>So many zeros, without holding them.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _read; set => throw new NotSupportedException("it only goes forward"); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - _read);
            Array.Clear(buffer, offset, read);
            _read += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("it only goes forward");

        public override void SetLength(long value) => throw new NotSupportedException("it only goes forward");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("it is read only");
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1200 && !await condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(await condition());
    }
}
