using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Semblance.Gallery.Stores;

namespace Semblance.Server.Access;

/// <summary>Who asks and what for, as the audit log will have it.</summary>
public static class Asking
{
    /// <summary>Where programs state their purpose.</summary>
    public const string PurposeHeader = "X-Purpose";

    private const int LongestPurpose = 500;

    /// <summary>The name of the asker's key.</summary>
    public static string Actor(this ClaimsPrincipal user) => user?.Identity?.Name ?? "nobody";

    /// <summary>The asker's role.</summary>
    public static string Role(this ClaimsPrincipal user) => user?.FindFirstValue(ClaimTypes.Role) ?? "none";

    /// <summary>The purpose stated in the query, the header, or nowhere.</summary>
    public static string? Purpose(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var stated = request.Query["purpose"].ToString() is { Length: > 0 } query ? query : Uri.UnescapeDataString(request.Headers[PurposeHeader].ToString());
        return stated.Trim() is { Length: > 0 } words ? words[..Math.Min(words.Length, LongestPurpose)] : null;
    }

    /// <summary>What a list was asked for, as details of the log's line.</summary>
    public static string Asked(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.Serialize(new { query = request.QueryString.Value });
    }

    /// <summary>A line for the log.</summary>
    public static AuditDraft Draft(this HttpContext context, string action, string? subject = null, string? purpose = null, string? details = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AuditDraft(context.User.Actor(), context.User.Role(), action, subject, purpose ?? context.Request.Purpose(), details);
    }
}
