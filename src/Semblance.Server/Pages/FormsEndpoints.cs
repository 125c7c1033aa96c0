using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Server.Access;
using Semblance.Server.Api;

namespace Semblance.Server.Pages;

/// <summary>What pages' forms send: each write carries an antiforgery token and answers with the next page to see. They work without JavaScript.</summary>
internal static class FormsEndpoints
{
    private const int ThumbnailHeight = 192;

    public static void MapForms(this IEndpointRouteBuilder app, ServerOptions options)
    {
        app.MapGet("/thumbnails/{id:long}", Thumbnail).RequireAuthorization(Roles.Viewer).ExcludeFromDescription();
        var forms = app.MapGroup("/forms").ExcludeFromDescription().AddEndpointFilter(Antiforgery);
        forms.MapPost("/signin", SignIn).AllowAnonymous();
        forms.MapPost("/signout", SignOut).RequireAuthorization();
        forms.MapPost("/query-picture", QueryPicture).RequireAuthorization(Roles.Viewer);
        forms.MapPost("/file", File).RequireAuthorization(Roles.Operator);
        forms.MapPost("/sightings/{id:long}/edit", EditSighting).RequireAuthorization(Roles.Operator);
        forms.MapPost("/sightings/{id:long}/erase", EraseSighting).RequireAuthorization(Roles.Operator);
        forms.MapPost("/people/make", MakePerson).RequireAuthorization(Roles.Operator);
        forms.MapPost("/people/{id:long}/edit", EditPerson).RequireAuthorization(Roles.Operator);
        forms.MapPost("/people/{id:long}/erase", ErasePerson).RequireAuthorization(Roles.Operator);
        forms.MapPost("/cameras", SaveCamera).RequireAuthorization(Roles.Operator);
        forms.MapPost("/jobs/{id:long}/cancel", CancelJob).RequireAuthorization(Roles.Operator);
        forms.MapPost("/settings", SaveSettings).RequireAuthorization(Roles.Admin);
        forms.MapPost("/models", AddModel).RequireAuthorization(Roles.Admin).WithMetadata(new RequestSizeLimitAttribute(options.MaxModelBytes)).WithFormOptions(multipartBodyLengthLimit: options.MaxModelBytes);
        forms.MapPost("/models/{fingerprint}/switch", SwitchModel).RequireAuthorization(Roles.Admin);
        forms.MapPost("/models/{fingerprint}/drop", DropModel).RequireAuthorization(Roles.Admin);
        forms.MapPost("/keys", MakeKey).RequireAuthorization(Roles.Admin);
        forms.MapPost("/keys/{id:long}/revoke", RevokeKey).RequireAuthorization(Roles.Admin);
    }

    private static async ValueTask<object?> Antiforgery(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            await ((IAntiforgery)context.HttpContext.RequestServices.GetService(typeof(IAntiforgery))!).ValidateRequestAsync(context.HttpContext);
        }
        catch (AntiforgeryValidationException)
        {
            return TypedResults.Problem("The form is out of date or comes from elsewhere: open the page again and send it once more.", statusCode: StatusCodes.Status400BadRequest, title: "The form cannot be accepted");
        }

        return await next(context);
    }

    private static async Task<IResult> Thumbnail(long id, HttpContext context, GalleryService gallery, ThumbnailLinks links, CancellationToken cancellation, string? shown = null)
    {
        if (!links.Holds(id, context.User.Actor(), shown))
        {
            return TypedResults.Problem("Small pictures are shown by the pages that list them, for some hours: open the page again.", statusCode: StatusCodes.Status404NotFound, title: "No page has shown you this picture");
        }

        if (await gallery.Store.SightingsAsync([id], cancellation) is not [var sighting] || await gallery.PictureAsync(sighting, cancellation) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        var small = picture.Height <= ThumbnailHeight ? picture : picture.Resize(Math.Max(1, picture.Width * ThumbnailHeight / picture.Height), ThumbnailHeight);
        if (await gallery.Store.SettingAsync(SettingNames.BlurFaces, cancellation) == "true")
        {
            small = Faces.Blurred(small);
        }

        return TypedResults.Bytes(small.EncodeJpeg(85), "image/jpeg");
    }

    private static async Task<IResult> SignIn(HttpContext context, IGalleryStore store, ServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var back = Back(form["back"]);
        var key = await store.KeyAsync(Secrets.Hash(form["key"].ToString().Trim()), cancellation);
        if (key?.IsValid(time.GetUtcNow()) != true)
        {
            await store.LogAsync(new AuditDraft("somebody", "none", "signin.fail", Details: JsonSerializer.Serialize(new { address = context.Connection.RemoteIpAddress?.ToString() })), cancellation);
            return TypedResults.LocalRedirect($"~/signin?failed=1&back={Uri.EscapeDataString(back)}");
        }

        var token = Secrets.Token();
        await store.BeginSessionAsync(Secrets.Hash(token), key.Id, time.GetUtcNow() + options.Session, cancellation);
        await store.LogAsync(new AuditDraft(key.Name, key.Role, "signin"), cancellation);
        context.Response.Cookies.Append(KeyAuthentication.Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, MaxAge = options.Session, IsEssential = true, Path = "/" });
        return TypedResults.LocalRedirect("~" + back);
    }

    private static async Task<IResult> SignOut(HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        if (context.Request.Cookies.TryGetValue(KeyAuthentication.Cookie, out var token))
        {
            await store.EndSessionAsync(Secrets.Hash(token), cancellation);
        }

        context.Response.Cookies.Delete(KeyAuthentication.Cookie);
        return TypedResults.LocalRedirect("~/signin");
    }

    private static async Task<IResult> QueryPicture(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var question = Question.Read(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Back(form["back"]).Split('?', 2).ElementAtOrDefault(1))));
        if (form.Files is not [{ } file, ..])
        {
            return TypedResults.LocalRedirect("~" + Back(form["back"]));
        }

        var picture = await DecodeAsync(file, options, cancellation);
        return TypedResults.LocalRedirect("~" + (gallery.KeepPeople(picture) is { Count: > 0 } people ? question.WithPerson(people[0], people) : question.WithPicture(gallery.KeepQueryPicture(picture))));
    }

    private static async Task<IResult> File(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var facts = new Uploads.Facts(Text(form, "camera"), Time(form, "taken"), Text(form, "label"), null);
        var filed = await gallery.FileAsync(Uploads.ReadAsync(form.Files, options, facts, cancellation), options, context, cancellation);
        UploadProblem[] problems =
        [
            .. filed.Problems,
            .. form.Files.Skip(options.MaxPictures).Select(file => new UploadProblem(Uploads.NameOf(file.FileName), $"not read, since a form takes {options.MaxPictures} pictures: send it with the next one")),
        ];
        var said = problems.Length > 0 ? $"&said={gallery.KeepProblems(problems)}" : "";
        return TypedResults.LocalRedirect($"~/file?filed={filed.Sightings.Count}&new={filed.New}&problems={problems.Length}{said}");
    }

    private static async Task<IResult> EditSighting(long id, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        await gallery.Store.EditAsync(
            id, new SightingEdit { Person = Number(form, "person") ?? 0, Label = form["label"].ToString().Trim(), Notes = form["notes"].ToString().Trim() }, Number(form, "version") ?? 0, Draft(context, form, "sighting.edit", $"sighting/{id}"), cancellation);
        await gallery.Live.CatchUpAsync(cancellation);
        return TypedResults.LocalRedirect($"~/sightings/{id}?purpose={Uri.EscapeDataString(form["purpose"].ToString())}");
    }

    private static async Task<IResult> EraseSighting(long id, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        return await gallery.Store.SightingsAsync([id], cancellation) is [] ? TypedResults.NotFound()
            : Erased(await gallery.EraseAsync([id], [], Draft(context, form, "sighting.erase", $"sighting/{id}"), cancellation));
    }

    private static async Task<IResult> ErasePerson(long id, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        return await gallery.Store.PersonAsync(id, cancellation) is null ? TypedResults.NotFound()
            : Erased(await gallery.EraseAsync([], [id], Draft(context, form, "person.erase", $"person/{id}"), cancellation));
    }

    private static RazorComponentResult<ErasedPage> Erased(Erasure erasure) => new(new { Certificate = Certificate.Of(erasure) });

    private static async Task<IResult> MakePerson(HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        long[] sightings = [.. form["sighting"].Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(id => id > 0)];
        var person = await gallery.Store.MakePersonAsync(Text(form, "name"), null, sightings, Draft(context, form, "person.make"), cancellation);
        await gallery.Live.CatchUpAsync(cancellation);
        return TypedResults.LocalRedirect($"~/people/{person.Id}?purpose={Uri.EscapeDataString(form["purpose"].ToString())}");
    }

    private static async Task<IResult> EditPerson(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        await store.EditPersonAsync(id, form["name"].ToString().Trim(), form["notes"].ToString().Trim(), Number(form, "version") ?? 0, Draft(context, form, "person.edit", $"person/{id}"), cancellation);
        return TypedResults.LocalRedirect($"~/people/{id}?purpose={Uri.EscapeDataString(form["purpose"].ToString())}");
    }

    private static async Task<IResult> SaveCamera(HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var edit = new CameraEdit(Text(form, "name"), Text(form, "place"), Real(form, "x"), Real(form, "y"), Real(form, "days"));
        var id = form["id"].ToString().Trim();
        var version = Number(form, "version");
        if (version is null && (await store.CamerasAsync(cancellation)).Any(camera => camera.Id == id))
        {
            throw new ArgumentException($"there is a camera {id} already: choose it in the list to change it");
        }

        await store.SaveCameraAsync(edit.Camera(id, version ?? 0), Draft(context, form, "camera.save", $"camera/{id}"), cancellation);
        return TypedResults.LocalRedirect("~/cameras");
    }

    private static async Task<IResult> CancelJob(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await store.SetJobAsync(id, JobState.Cancelled, context.Draft("job.cancel", $"job/{id}"), cancellation);
        return TypedResults.LocalRedirect("~/jobs");
    }

    private static async Task<IResult> SaveSettings(HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        await store.SetAsync(SettingNames.Banner, form["banner"].ToString().Trim(), context.Draft("setting.change", $"setting/{SettingNames.Banner}"), cancellation);
        await store.SetAsync(SettingNames.BlurFaces, form["blur"] == "true" ? "true" : "false", context.Draft("setting.change", $"setting/{SettingNames.BlurFaces}"), cancellation);
        return TypedResults.LocalRedirect("~/settings");
    }

    private static async Task<IResult> AddModel(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        if (form.Files is not [{ } file, ..])
        {
            return TypedResults.LocalRedirect("~/settings");
        }

        await using var sent = file.OpenReadStream();
        await ModelUpload.AddAsync(sent, Text(form, "description") ?? Path.GetFileNameWithoutExtension(file.FileName), gallery, options, fingerprint => context.Draft("model.add", $"model/{fingerprint}"), cancellation);
        return TypedResults.LocalRedirect("~/settings");
    }

    private static async Task<IResult> SwitchModel(string fingerprint, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await Reembedding.MakeAsync(store, fingerprint, context.User.Actor(), context.User.Role(), cancellation);
        return TypedResults.LocalRedirect("~/jobs");
    }

    private static async Task<IResult> DropModel(string fingerprint, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await store.DropModelAsync(fingerprint, context.Draft("model.drop", $"model/{fingerprint}"), cancellation);
        return TypedResults.LocalRedirect("~/settings");
    }

    private static async Task<IResult> MakeKey(HttpContext context, IGalleryStore store, TimeProvider time, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var request = new KeyRequest(form["name"].ToString(), form["role"].ToString(), Real(form, "days"));
        var secret = Secrets.NewKey();
        await store.AddKeyAsync(
            request.CheckedName(), request.CheckedRole(), Secrets.Hash(secret), request.Days is { } days ? time.GetUtcNow().AddDays(days) : null, context.Draft("key.make"), cancellation);
        return new RazorComponentResult<NewKeyPage>(new { Name = request.CheckedName(), request.Role, Secret = secret });
    }

    private static async Task<IResult> RevokeKey(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await store.RevokeKeyAsync(id, context.Draft("key.revoke", $"key/{id}"), cancellation);
        return TypedResults.LocalRedirect("~/settings");
    }

    private static async Task<Picture> DecodeAsync(IFormFile file, ServerOptions options, CancellationToken cancellation)
    {
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, cancellation);
        return Uploads.Decode(copy.ToArray(), "the picture", options);
    }

    private static AuditDraft Draft(HttpContext context, IFormCollection form, string action, string? subject = null) => context.Draft(action, subject, Text(form, "purpose"));

    // Only a path of this server: never another site's address.
    private static string Back(string? back) => back is { Length: > 0 } && back[0] == '/' && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\', StringComparison.Ordinal) ? back : "/";

    private static string? Text(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    private static long? Number(IFormCollection form, string name) => Text(form, name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} is \"{text}\", expected a whole number");

    private static double? Real(IFormCollection form, string name) => Text(form, name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} is \"{text}\", expected a number");

    private static DateTimeOffset? Time(IFormCollection form, string name) => Text(form, name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw new ArgumentException($"{name} is \"{text}\", expected a time such as 2026-05-01T08:30");
}
