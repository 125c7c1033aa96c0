using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Semblance.Server.Pages;

/// <summary>
/// Addresses of small pictures. A page that was logged with its purpose gives them out, each for one sighting, one key and some hours: numbers that are counted through
/// show nothing.
/// </summary>
internal sealed class ThumbnailLinks(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Semblance.Thumbnails").ToTimeLimitedDataProtector();

    /// <summary>The address of a sighting's small picture for somebody.</summary>
    public string Of(long id, string actor) => string.Create(CultureInfo.InvariantCulture, $"/thumbnails/{id}?shown={_protector.Protect($"{id} {actor}", Lifetime)}");

    /// <summary>Whether such an address was given to this person and still holds.</summary>
    public bool Holds(long id, string actor, string? shown)
    {
        try
        {
            return shown is not null && _protector.Unprotect(shown) == string.Create(CultureInfo.InvariantCulture, $"{id} {actor}");
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
