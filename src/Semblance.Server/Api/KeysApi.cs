using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/keys</c> and <c>/api/settings</c>.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/keys").WithTags("keys").RequireAuthorization(Roles.Admin);
        group.MapGet("", List).WithName("ListKeys");
        group.MapPost("", Make).WithName("MakeKey").WithSummary("Makes a key; the answer is the only place where it is ever shown.");
        group.MapDelete("/{id:long}", Revoke).WithName("RevokeKey");
        api.MapPut("/settings/{name}", Set).RequireAuthorization(Roles.Admin).WithTags("settings").WithName("Set");
    }

    private static async Task<Ok<IReadOnlyList<AccessKey>>> List(IGalleryStore store, CancellationToken cancellation) => TypedResults.Ok(await store.KeysAsync(cancellation));

    private static async Task<Created<NewKey>> Make(KeyRequest request, HttpContext context, IGalleryStore store, TimeProvider time, CancellationToken cancellation)
    {
        var secret = Secrets.NewKey();
        var key = await store.AddKeyAsync(request.CheckedName(), request.CheckedRole(), Secrets.Hash(secret), request.Days is { } days ? time.GetUtcNow().AddDays(days) : null, context.Draft("key.make"), cancellation);
        return TypedResults.Created($"/api/keys/{key.Id}", new NewKey(key.Id, key.Name, key.Role, key.Expires, secret));
    }

    private static async Task<Results<NoContent, NotFound>> Revoke(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation) =>
        await store.RevokeKeyAsync(id, context.Draft("key.revoke", $"key/{id}"), cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<NoContent> Set(string name, SettingValue value, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await store.SetAsync(SettingNames.Checked(name), value.Value, context.Draft("setting.change", $"setting/{name}"), cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>A key to be made.</summary>
internal sealed record KeyRequest(string Name, string Role, double? Days = null)
{
    private const int LongestName = 100;

    public string CheckedName() => Name is { Length: > 0 and <= LongestName } && Name.Trim().Length > 0 ? Name.Trim() : throw new ArgumentException($"the key's name has {Name?.Length ?? 0} characters, expected 1 to {LongestName}");

    public string CheckedRole() => Roles.All.Contains(Role, StringComparer.Ordinal) ? Role : throw new ArgumentException($"the role is \"{Role}\", expected one of: {string.Join(", ", Roles.All)}");
}

/// <summary>A key that was just made.</summary>
internal sealed record NewKey(long Id, string Name, string Role, DateTimeOffset? Expires, string Key);

/// <summary>A setting's value.</summary>
internal sealed record SettingValue(string Value);
