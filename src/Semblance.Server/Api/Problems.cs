using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Semblance.Core;
using Semblance.Gallery.Stores;
using Semblance.Server.Pages;

namespace Semblance.Server.Api;

/// <summary>The one place where errors become answers: what was found, what was expected, what to do; never a stack trace.</summary>
internal sealed class Problems(IProblemDetailsService service) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title) = exception switch
        {
            GalleryStoreException { Fault: StoreFault.Conflict } => (StatusCodes.Status409Conflict, "Somebody else was quicker"),
            GalleryStoreException { Fault: StoreFault.Unavailable } => (StatusCodes.Status503ServiceUnavailable, "The gallery cannot be reached now"),
            GalleryStoreException { Fault: StoreFault.Full } => (StatusCodes.Status507InsufficientStorage, "There is no room left"),
            GalleryStoreException => (StatusCodes.Status500InternalServerError, "The gallery is damaged"),
            VersionException => (StatusCodes.Status412PreconditionFailed, "It was changed since it was read"),
            SemblanceFormatException => (StatusCodes.Status422UnprocessableEntity, "What was sent cannot be read"),
            BadHttpRequestException bad => (bad.StatusCode, "The request is not understood"),
            ArgumentException or InvalidOperationException or FormatException => (StatusCodes.Status400BadRequest, "The request cannot be answered"),
            OperationCanceledException => (StatusCodes.Status499ClientClosedRequest, "The asker has gone"),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong here"),
        };
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "2";
        }

        // What went wrong inside is for the server's log.
        var detail = status == StatusCodes.Status500InternalServerError && exception is not GalleryStoreException ? null : Plain(exception);
        if (IsForAPerson(httpContext))
        {
            await ShowAsync(httpContext, status, title, detail);
            return true;
        }

        return await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = new ProblemDetails { Status = status, Title = title, Detail = detail } });
    }

    /// <summary>An answer without a body, such as 403 or 404: a page for a person, a problem for a program.</summary>
    public static async Task ShowStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (IsForAPerson(http))
        {
            await ShowAsync(http, http.Response.StatusCode, ReasonPhrases.GetReasonPhrase(http.Response.StatusCode), null);
            return;
        }

        await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = new ProblemDetails { Status = http.Response.StatusCode } });
    }

    private static bool IsForAPerson(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static Task ShowAsync(HttpContext http, int status, string title, string? detail) =>
        new RazorComponentResult<ProblemPage>(new { Title = title, Detail = detail ?? "" }) { StatusCode = status }.ExecuteAsync(http);

    private static string Plain(Exception problem) => problem is ArgumentException { ParamName: { } name } ? problem.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : problem.Message;
}

/// <summary>A precondition (If-Match) that does not hold.</summary>
internal sealed class VersionException(string message) : Exception(message);
