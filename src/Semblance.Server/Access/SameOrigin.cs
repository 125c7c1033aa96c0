using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Semblance.Server.Access;

/// <summary>
/// Writes that a browser sends come from our own pages: one that another site made it send is refused, whatever cookie it carries. Programs send neither header.
/// Pages' forms carry an antiforgery token besides.
/// </summary>
internal sealed class SameOrigin(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (!safe && ((origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}") || site is "cross-site" or "same-site"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsJsonAsync(
                new ProblemDetails { Status = StatusCodes.Status403Forbidden, Title = "This request comes from another site", Detail = $"Origin is {origin}, expected {request.Scheme}://{request.Host}." },
                options: null, contentType: "application/problem+json", context.RequestAborted);
            return;
        }

        await next(context);
    }
}
