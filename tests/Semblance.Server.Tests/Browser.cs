using System.Net;
using System.Net.Security;
using System.Text.RegularExpressions;

namespace Semblance.Server.Tests;

/// <summary>As much of a browser as forms need: cookies, and the token of the page that a form stands on.</summary>
internal sealed class Browser(Uri address, SslClientAuthenticationOptions? tls = null) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = tls ?? new() }) { BaseAddress = address };

    public Dictionary<string, string> Cookies { get; init; } = [];

    public async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");
        return await SendAsync(request);
    }

    public async Task<string> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form that stands on a page.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenAsync(page)), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]) };
        return await SendAsync(request);
    }

    public async Task<string> TokenAsync(string page) =>
        WebUtility.HtmlDecode(Regex.Match(await ReadAsync(page), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var answer = await _http.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            Cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();
}
