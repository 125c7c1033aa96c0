using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Semblance.Cli.Galleries;
using Semblance.Cli.Terminal;
using Semblance.Gallery.Stores;
using Semblance.Server;
using Semblance.Server.Access;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance serve GALLERY</c> and <c>semblance keys make|list|revoke GALLERY</c></summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var defaults = new ServerOptions { Gallery = "" };
        var gallery = new Argument<string>("GALLERY") { Description = "The gallery: its folder, or postgres://user@host/database." };
        var url = new Option<string>("--url") { Description = "Where to listen. Beyond this machine it needs https and keys.", HelpName = "URL", DefaultValueFactory = _ => defaults.Url };
        var certificate = new Option<string?>("--certificate") { Description = "Certificate for https (PFX); its password in SEMBLANCE_CERTIFICATE_PASSWORD.", HelpName = "FILE" };
        var plain = new Option<bool>("--allow-plain") { Description = "Listens beyond this machine without TLS: only behind a proxy that has it." };
        var proxies = new Option<string[]>("--proxy") { Description = "With --allow-plain: address or network of that proxy, where it is on another machine. May be given several times.", HelpName = "ADDRESS" };
        var keys = new Option<bool>("--require-keys") { Description = "Asks for a key on this machine too, before the first one is made." };
        var noPurpose = new Option<bool>("--no-purpose") { Description = "Answers searches and views that state no purpose." };
        var database = new Option<bool>("--search-in-database") { Description = "Lets PostgreSQL search by pgvector, for galleries that no machine's memory holds." };
        var cells = new Option<int?>("--cells-from") { Description = "From so many sightings on searches in cells (an inverted file), which may miss one of a thousand nearest. Worth it from millions on; without it all are compared.", HelpName = "N" };
        var noWork = new Option<bool>("--no-work") { Description = "Leaves filing jobs to other workers." };
        var command = new Verb(
            "serve",
            "Serves a gallery: pages for people, an API for programs (its description under /api/openapi.json).",
            "semblance serve out/gallery",
            "semblance serve postgres://semblance@db/gallery --url https://0.0.0.0:8443 --certificate semblance.pfx")
        {
            gallery, url, certificate, plain, proxies, keys, noPurpose, database, cells, noWork,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ServerOptions
            {
                Gallery = parsed.GetRequiredValue(gallery),
                SearchInDatabase = parsed.GetValue(database),
                CellsFrom = parsed.GetValue(cells),
                Url = parsed.GetRequiredValue(url),
                Certificate = parsed.GetValue(certificate),
                AllowPlain = parsed.GetValue(plain),
                Proxies = parsed.GetValue(proxies) ?? [],
                RequireKeys = parsed.GetValue(keys),
                RequirePurpose = !parsed.GetValue(noPurpose),
                Works = !parsed.GetValue(noWork),
            };
            await using var app = await GalleryServer.CreateAsync(options, cancellation: cancellation);
            await app.StartAsync(cancellation);
            Console.Out.WriteLine($"Serving {options.Gallery} at {options.Url} (Ctrl+C ends it)");
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }

    public static Command Keys() => new("keys", "Keys to a served gallery. The key itself is shown once.") { Make(), List(), Revoke() };

    private static Verb Make()
    {
        var gallery = GalleryArgument();
        var name = new Option<string>("--name") { Description = "Whose key it is.", HelpName = "NAME", Required = true };
        var role = new Option<string>("--role") { Description = $"What it allows: {string.Join(", ", Roles.All)}.", HelpName = "ROLE", DefaultValueFactory = _ => Roles.Viewer };
        var days = new Option<double?>("--days") { Description = "How long; without an end when not given.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Prints the key and what it allows as one JSON object." };
        var command = new Verb("make", "Makes a key and prints it.", "semblance keys make out/gallery --name \"front desk\" --role viewer --days 90") { gallery, name, role, days, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetRequiredValue(role);
            if (!Roles.All.Contains(wanted, StringComparer.Ordinal))
            {
                throw new ArgumentException($"--role is \"{wanted}\", expected one of: {string.Join(", ", Roles.All)}");
            }

            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            var secret = Secrets.NewKey();
            DateTimeOffset? expires = parsed.GetValue(days) is { } kept ? DateTimeOffset.UtcNow.AddDays(kept) : null;
            var key = await store.AddKeyAsync(parsed.GetRequiredValue(name), wanted, Secrets.Hash(secret), expires, BulkFiling.ByHand with { Action = "key.make" }, cancellation);
            Console.Out.WriteLine(parsed.GetValue(json) ? Json.Write(new { key = secret, key.Id, key.Name, key.Role, key.Expires }) : secret);
            return 0;
        });
        return command;
    }

    private static Verb List()
    {
        var gallery = GalleryArgument();
        var json = new Option<bool>("--json") { Description = "Prints them as one JSON object." };
        var command = new Verb("list", "Lists the keys, without the keys themselves.", "semblance keys list out/gallery") { gallery, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            var keys = await store.KeysAsync(cancellation);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { keys }));
                return 0;
            }

            foreach (var key in keys)
            {
                Console.Out.WriteLine($"{key.Id,4}  {key.Role,-9} {(key.Revoked is not null ? "revoked" : key.Expires is { } end ? $"until {end:yyyy-MM-dd}" : "no end"),-17} {key.Name}");
            }

            return 0;
        });
        return command;
    }

    private static Verb Revoke()
    {
        var gallery = GalleryArgument();
        var id = new Argument<long>("ID") { Description = "The key's number, as \"keys list\" shows it." };
        var command = new Verb("revoke", "Revokes a key and ends its sessions.", "semblance keys revoke out/gallery 3") { gallery, id };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            var number = parsed.GetRequiredValue(id);
            return await store.RevokeKeyAsync(number, BulkFiling.ByHand with { Action = "key.revoke", Subject = $"key/{number}" }, cancellation)
                ? 0 : throw new ArgumentException($"there is no key {number} that is not revoked");
        });
        return command;
    }

    private static Argument<string> GalleryArgument() => new("GALLERY") { Description = "The gallery: its folder, or postgres://user@host/database." };
}
