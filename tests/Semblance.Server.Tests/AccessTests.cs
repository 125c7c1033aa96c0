using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Semblance.Server.Access;

namespace Semblance.Server.Tests;

public sealed class AccessTests(Premises premises)
{
    /// <summary>What anybody may ask.</summary>
    private static readonly string[] Open = ["/signin", "/forms/signin", "/assets/{name}", "/api/openapi.json", "/health/live", "/health/ready"];

    [Fact]
    public async Task EveryEndpointAsksForItsRole()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { RequireKeys = true, Works = false });
        var clients = new Dictionary<string, HttpClient>(StringComparer.Ordinal);
        foreach (var role in Roles.All)
        {
            clients[role] = await site.AsAsync(role);
        }

        var endpoints = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText is not null).ToArray();
        Assert.True(endpoints.Length > 50, $"{endpoints.Length} endpoints");
        var asked = 0;
        foreach (var endpoint in endpoints)
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (Open.Contains(path, StringComparer.OrdinalIgnoreCase) || path.StartsWith("/_framework", StringComparison.Ordinal) || path.Contains("{*", StringComparison.Ordinal))
            {
                continue;
            }

            var address = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*:long\}", "999999").Replace("{id}", "nothing", StringComparison.Ordinal).Replace("{name}", "nothing", StringComparison.Ordinal).Replace("{fingerprint}", "nothing", StringComparison.Ordinal);
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using var none = await SendAsync(site.Http, method, address);
                Assert.True(none.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} without a key: {(int)none.StatusCode}");
                var policy = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(name => name is not null);
                foreach (var (role, client) in clients)
                {
                    using var answer = await SendAsync(client, method, address);
                    var allowed = policy is null || Roles.Satisfying[policy].Contains(role, StringComparer.Ordinal);
                    Assert.True(answer.StatusCode != HttpStatusCode.Unauthorized, $"{method} {path} as {role}: 401");
                    Assert.True(allowed == (answer.StatusCode != HttpStatusCode.Forbidden), $"{method} {path} as {role}: {(int)answer.StatusCode}, {(allowed ? "allowed" : "not allowed")}");
                    Assert.True((int)answer.StatusCode < 500, $"{method} {path} as {role}: {(int)answer.StatusCode}");
                    asked++;
                }
            }
        }

        Assert.True(asked > 200, $"{asked} requests");
    }

    [Fact]
    public async Task KeysThatAreForgedExpiredOrRevokedOpenNothing()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { RequireKeys = true });
        var secret = await site.KeyAsync(Roles.Viewer);
        var expired = Secrets.NewKey();
        await site.Store.AddKeyAsync("yesterday", Roles.Admin, Secrets.Hash(expired), DateTimeOffset.UtcNow.AddDays(-1));
        using var http = Site.Client(site.Address, secret);
        await http.GetAsync("/api/cameras").JsonAsync();
        foreach (var forged in new[] { secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A'), secret + "x", "", Secrets.Hash(secret), "smb_", expired, "' OR 1=1 --" })
        {
            using var client = Site.Client(site.Address, null);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {forged}");
            await client.GetAsync("/api/cameras").JsonAsync(401);
        }

        await site.Store.RevokeKeyAsync((await site.Store.KeysAsync()).First(key => key.Role == Roles.Viewer).Id);
        await http.GetAsync("/api/cameras").JsonAsync(401);
    }

    [Fact]
    public async Task ABrowserSignsInAndOutAndItsSessionCannotBeReplayed()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { RequireKeys = true });
        var secret = await site.KeyAsync(Roles.Viewer);
        using var browser = new Browser(site.Address);
        using (var sent = await browser.GetAsync("/?text=x"))
        {
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            Assert.StartsWith("/signin?back=", sent.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        using (var wrong = await browser.SubmitAsync("/signin", "/forms/signin", ("key", "smb_wrong"), ("back", "/")))
        {
            Assert.Contains("failed=1", wrong.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        using (var right = await browser.SubmitAsync("/signin", "/forms/signin", ("key", secret), ("back", "//elsewhere.example/")))
        {
            Assert.Equal("/", right.Headers.Location!.ToString());
            var cookie = right.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("semblance=", StringComparison.Ordinal));
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        }

        using (var page = await browser.GetAsync("/cameras"))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        var stolen = browser.Cookies;
        using (await browser.SubmitAsync("/cameras", "/forms/signout"))
        {
        }

        using var thief = new Browser(site.Address) { Cookies = stolen };
        using var replayed = await thief.GetAsync("/cameras");
        Assert.Equal(HttpStatusCode.Redirect, replayed.StatusCode);
        Assert.Contains((await site.Store.AuditAsync(long.MaxValue, 10)), entry => entry.Draft.Action == "signin.fail");
    }

    [Fact]
    public async Task AnotherSiteCannotMakeABrowserWriteHere()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/sightings/1");
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var refused = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var fetched = new HttpRequestMessage(HttpMethod.Post, "/forms/settings") { Content = new FormUrlEncodedContent([new("banner", "x")]) };
        fetched.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var alsoRefused = await site.Http.SendAsync(fetched);
        Assert.Equal(HttpStatusCode.Forbidden, alsoRefused.StatusCode);
        using var withoutToken = await site.Http.PostAsync("/forms/settings", new FormUrlEncodedContent([new("banner", "x")]));
        Assert.Equal(HttpStatusCode.BadRequest, withoutToken.StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/cameras");
        rebound.Headers.Host = "elsewhere.example";
        using var misdirected = await site.Http.SendAsync(rebound);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);
        Assert.NotNull((await site.Store.SightingsAsync([1])).SingleOrDefault());
        Assert.Null(await site.Store.SettingAsync("banner"));
    }

    [Fact]
    public async Task WhoAsksTooOftenIsToldToWait()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Burst = 20, PerSecond = 1 });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var answer = await site.Http.GetAsync("/api/cameras");
            statuses.Add(answer.StatusCode);
        }

        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5180", "other machines")]
    [InlineData("https://127.0.0.1:5180", "certificate")]
    [InlineData("ftp://x", "expected one such as")]
    public async Task ItListensBeyondThisMachineOnlyWithTls(string url, string reason)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => GalleryServer.CreateAsync(new ServerOptions { Gallery = premises.Copy(), Url = url }));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnceThereIsAKeyEverybodyNeedsOne()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        await site.Http.GetAsync("/api/keys").JsonAsync();
        var made = await site.Http.PostAsJsonAsync("/api/keys", new { name = "admin", role = "admin", days = 1 }).JsonAsync(201);
        await site.Http.GetAsync("/api/keys").JsonAsync(401);
        using var http = Site.Client(site.Address, made.GetProperty("key").GetString());
        var listed = await http.GetAsync("/api/keys").JsonAsync();
        Assert.DoesNotContain(made.GetProperty("key").GetString()!, listed.ToString(), StringComparison.Ordinal);
        await http.PostAsJsonAsync("/api/keys", new { name = "x", role = "king" }).JsonAsync(400);
        await http.DeleteAsync($"/api/keys/{made.GetProperty("id").GetInt64()}").JsonAsync(204);

        // The last key is revoked, and another one expires: that opens nothing to whoever sits at the machine.
        await site.Http.GetAsync("/api/keys").JsonAsync(401);
        await site.Store.AddKeyAsync("short", "admin", "hash", DateTimeOffset.UtcNow.AddSeconds(-1));
        await site.Http.GetAsync("/api/keys").JsonAsync(401);
    }

    [Theory]
    [InlineData("nonsense", true, "expected an address such as 10.0.0.5")]
    [InlineData("10.0.0.5", false, "goes with --allow-plain")]
    public async Task AProxyThatCannotBeMeantIsRefused(string proxy, bool plain, string reason) => Assert.Contains(
        reason,
        (await Assert.ThrowsAsync<ArgumentException>(() => Site.OpenAsync(premises.Copy(), options => options with { Proxies = [proxy], AllowPlain = plain }))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task KeysAreNotGuessedFasterThanPeopleType()
    {
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { SignIns = 3, RequireKeys = true });
        List<int> answers = [];
        for (var i = 0; i < 5; i++)
        {
            using var form = new FormUrlEncodedContent([new("key", "smb_wrong")]);
            using var answer = await site.Http.PostAsync("/forms/signin", form);
            answers.Add((int)answer.StatusCode);
        }

        Assert.DoesNotContain(429, answers.Take(3));
        Assert.Contains(429, answers);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string address)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = JsonContent.Create(new { });
        }

        return client.SendAsync(request);
    }
}
