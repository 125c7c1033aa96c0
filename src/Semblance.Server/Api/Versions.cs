using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Semblance.Server.Api;

/// <summary>Versions of resources as ETags.</summary>
internal static class Versions
{
    /// <summary>Says which version this is.</summary>
    public static void SetVersion(this HttpContext context, long version) => context.Response.Headers.ETag = $"\"{version}\"";

    /// <summary>The version that a write was made for; 0 when the writer does not say.</summary>
    /// <exception cref="BadHttpRequestException">If-Match is no version of ours.</exception>
    public static long ExpectedVersion(this HttpRequest request)
    {
        var match = request.Headers.IfMatch.ToString();
        return match.Length == 0 || match == "*" ? 0
            : long.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version
            : throw new BadHttpRequestException($"If-Match is {match}, expected the ETag of what was read");
    }

    /// <summary>A conflict of versions where the writer stated one.</summary>
    public static async Task<T> AtVersionAsync<T>(this HttpRequest request, Func<long, Task<T>> write)
    {
        var version = request.ExpectedVersion();
        try
        {
            return await write(version);
        }
        catch (Gallery.Stores.GalleryStoreException problem) when (version > 0 && problem.Fault == Gallery.Stores.StoreFault.Conflict)
        {
            throw new VersionException(problem.Message);
        }
    }
}
