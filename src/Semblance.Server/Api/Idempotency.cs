using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<(IGalleryStore Store, string Actor, string Key), byte> UnderWay = [];

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
        var digest = await DigestAsync(http.Request, context.Arguments, http.RequestAborted);
        if (await store.RequestAsync(actor, key, http.RequestAborted) is { } before)
        {
            return before.Digest == digest
                ? Results.Text(before.Body, "application/json", Encoding.UTF8, before.Status)
                : throw new BadHttpRequestException($"{Header} \"{key}\" was used for another request: give each request its own", StatusCodes.Status422UnprocessableEntity);
        }

        if (!UnderWay.TryAdd((store, actor, key), 0))
        {
            throw new GalleryStoreException(StoreFault.Conflict, $"a request with {Header} \"{key}\" is being done just now: wait for its answer, or send it again later");
        }

        try
        {
            return await AnswerAsync(context, next, store, actor, key, digest);
        }
        finally
        {
            UnderWay.TryRemove((store, actor, key), out _);
        }
    }

    private static async Task<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, IGalleryStore store, string actor, string key, string digest)
    {
        var result = await next(context);
        if (result is IValueHttpResult { Value: { } value } && result is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status })
        {
            // Also when the asker has gone: that is when he sends it again.
            await store.RememberAsync(actor, key, new RememberedRequest(digest, status, JsonSerializer.Serialize(value, value.GetType(), Json.Options)), CancellationToken.None);
        }

        return result;
    }

    /// <summary>What the request asks: its address, what was read of its body already, and the rest of its bytes.</summary>
    private static async Task<string> DigestAsync(HttpRequest request, IList<object?> arguments, CancellationToken cancellation)
    {
        request.EnableBuffering();
        var rest = Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, cancellation));
        request.Body.Position = 0;
        var bodies = arguments.Where(argument => argument is not null && argument.GetType().Namespace == typeof(Idempotency).Namespace).Select(body => JsonSerializer.Serialize(body, body!.GetType(), Json.Options));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString} {request.ContentLength} {rest} {string.Join(' ', bodies)}")));
    }
}
