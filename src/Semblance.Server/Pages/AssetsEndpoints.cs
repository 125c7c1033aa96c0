using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Semblance.Server.Pages;

/// <summary>Style sheets and scripts, out of the assembly.</summary>
internal static class AssetsEndpoints
{
    private static readonly Dictionary<string, (byte[] Content, EntityTagHeaderValue Tag)> Assets = Read();

    public static void MapAssets(this IEndpointRouteBuilder app) => app.MapGet("/assets/{name}", (string name) =>
        Assets.TryGetValue(name, out var asset)
            ? Results.Bytes(asset.Content, name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8", entityTag: asset.Tag)
            : Results.NotFound()).AllowAnonymous().ExcludeFromDescription();

    private static Dictionary<string, (byte[], EntityTagHeaderValue)> Read()
    {
        const string prefix = "assets/";
        var assembly = typeof(AssetsEndpoints).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(name => name[prefix.Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }, StringComparer.Ordinal);
    }
}
