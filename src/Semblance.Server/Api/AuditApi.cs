using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/audit</c>: the log of everything that was done.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/audit").WithTags("audit").RequireAuthorization(Roles.Auditor);
        group.MapGet("", List).WithName("ListAudit");
        group.MapGet("/verification", Verify).WithName("VerifyAudit").WithSummary("Walks along the whole log and proves its chain.");
    }

    private static async Task<Ok<PageOf<AuditEntry>>> List(HttpContext context, IGalleryStore store, CancellationToken cancellation, long? before = null, int? limit = null)
    {
        // It tells what everybody looked for: who reads it is in it too.
        await store.LogAsync(context.Draft("audit.read"), cancellation);
        var size = PageOf<AuditEntry>.Size(limit);
        var entries = await store.AuditAsync(before ?? long.MaxValue, size, cancellation);
        return TypedResults.Ok(new PageOf<AuditEntry>(entries, entries.Count == size ? entries[^1].Number : null));
    }

    private static async Task<Ok<AuditVerdict>> Verify(IGalleryStore store, CancellationToken cancellation) => TypedResults.Ok(await store.VerifyAuditAsync(cancellation));
}
