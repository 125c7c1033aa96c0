using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary>A write with an <c>Idempotency-Key</c> is done once: sent again within a day, it gets the first answer and does nothing.</summary>
internal sealed class Idempotency : IEndpointFilter
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 200;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return await next(context);
        }

        if (key.Length > LongestKey)
        {
            throw new BadHttpRequestException($"{Header} has {key.Length} characters, expected at most {LongestKey}");
        }

        var store = http.RequestServices.GetRequiredService<IGalleryStore>();
        var actor = http.User.Actor();
        var digest = Digest(http.Request, context.Arguments);
        if (await store.RequestAsync(actor, key, http.RequestAborted) is { } before)
        {
            return before.Digest == digest
                ? Results.Text(before.Body, "application/json", Encoding.UTF8, before.Status)
                : throw new BadHttpRequestException($"{Header} \"{key}\" was used for another request: give each request its own", StatusCodes.Status422UnprocessableEntity);
        }

        var result = await next(context);
        if (result is IValueHttpResult { Value: { } value } && result is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status })
        {
            await store.RememberAsync(actor, key, new RememberedRequest(digest, status, JsonSerializer.Serialize(value, value.GetType(), Json.Options)), http.RequestAborted);
        }

        return result;
    }

    /// <summary>What the request asks; an uploaded picture by its length, since its bytes are read as they come.</summary>
    private static string Digest(HttpRequest request, IList<object?> arguments)
    {
        var bodies = arguments.Where(argument => argument is not null && argument.GetType().Namespace == typeof(Idempotency).Namespace).Select(body => JsonSerializer.Serialize(body, body!.GetType(), Json.Options));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString} {request.ContentLength} {string.Join(' ', bodies)}")));
    }
}
