using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Semblance.Gallery.Stores;

namespace Semblance.Server.Access;

/// <summary>
/// Who asks: the key in <c>Authorization: Bearer</c>, or the session that a browser began with a key. On loopback, as long as no key was ever made, whoever sits at
/// the machine is its admin; that the last key expired or was revoked opens nothing.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IGalleryStore store, ServerOptions server, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "Semblance";
    public const string Cookie = "semblance";
    public const string LocalActor = "this machine";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var stop = Context.RequestAborted;
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Found(await store.KeyAsync(Secrets.Hash(header[Bearer.Length..].Trim()), stop));
        }

        if (Request.Cookies.TryGetValue(Cookie, out var token) && token.Length > 0 && await store.SessionAsync(Secrets.Hash(token), stop) is { } key)
        {
            return Found(key);
        }

        return server is { IsLoopback: true, RequireKeys: false } && (await store.KeysAsync(stop)).Count == 0
            ? Success(LocalActor, Roles.Admin, 0)
            : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // People are asked to sign in, programs are told.
        if (Request.Method == HttpMethods.Get && !Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            Response.Redirect($"/signin?back={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private AuthenticateResult Found(AccessKey? key) => key is not null && key.IsValid(time.GetUtcNow())
        ? Success(key.Name, key.Role, key.Id)
        : AuthenticateResult.Fail("the key is unknown, expired or revoked");

    private static AuthenticateResult Success(string name, string role, long id)
    {
        var identity = new ClaimsIdentity(Scheme_, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(ClaimTypes.Role, role));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme_));
    }
}
