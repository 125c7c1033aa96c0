using Microsoft.AspNetCore.Http;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary>Nobody looks without saying what for.</summary>
internal static class Purposes
{
    /// <summary>Whether a purpose is asked for and none is stated.</summary>
    public static bool IsMissing(HttpContext context, ServerOptions options, string? stated = null) => options.RequirePurpose && string.IsNullOrWhiteSpace(stated) && context.Request.Purpose() is null;

    /// <exception cref="ArgumentException">A purpose is asked for and none is stated.</exception>
    public static void Check(HttpContext context, ServerOptions options, string? stated = null)
    {
        if (IsMissing(context, options, stated))
        {
            throw new ArgumentException($"state what this is for: as purpose=..., in the body, or in the header {Asking.PurposeHeader}; it is kept in the audit log");
        }
    }
}
