using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Semblance.Server.Access;

namespace Semblance.Server.Tests;

/// <summary>With a certificate of its own, over real TLS on loopback.</summary>
public sealed class TlsTests(Premises premises) : IDisposable
{
    private const string Password = "a password of the tests";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PagesAndSessionsGoByTlsAndNothingElseIsAnswered()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=semblance.test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(_folder.Root, "semblance.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, Password));
        Environment.SetEnvironmentVariable("SEMBLANCE_CERTIFICATE_PASSWORD", Password);
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Url = "https://127.0.0.1:0", Certificate = file, RequireKeys = true });
        Assert.Equal("https", site.Address.Scheme);

        // Only this certificate is believed, and the one that is offered is it.
        var tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, offered, _, _) => offered!.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256) };
        var secret = await site.KeyAsync(Roles.Viewer);
        using var browser = new Browser(site.Address, tls);
        using (var signedIn = await browser.SubmitAsync("/signin", "/forms/signin", ("key", secret)))
        {
            var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("semblance=", StringComparison.Ordinal));
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        }

        using (var page = await browser.GetAsync("/cameras"))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

            // The rule binds a whole host name, and this machine's own is not the gallery's alone.
            Assert.False(page.Headers.Contains("Strict-Transport-Security"));
        }

        using var stranger = new Browser(site.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("/"));
        using var plain = new HttpClient { BaseAddress = new UriBuilder(site.Address) { Scheme = "http" }.Uri };
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync("/"));
    }
}
