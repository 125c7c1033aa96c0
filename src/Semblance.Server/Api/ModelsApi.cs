using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/models</c>: the models that a gallery has, and the change from one to another.</summary>
internal static class ModelsApi
{
    public static void MapModels(this IEndpointRouteBuilder api, ServerOptions options)
    {
        var group = api.MapGroup("/models").WithTags("models");
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).WithName("ListModels");
        group.MapPost("", Add).RequireAuthorization(Roles.Admin).WithName("AddModel").DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(options.MaxModelBytes))
            .WithSummary("Takes a model in: the body is a ZIP file of a finished run's folder model/. It is not searched with until it is switched to; of an empty gallery it is the model.");
        group.MapPost("/{fingerprint}/switch", Switch).RequireAuthorization(Roles.Admin).WithName("SwitchModel")
            .WithSummary("Makes a job that embeds every picture again and then switches, while the gallery is searched and filed into with the old model.");
        group.MapDelete("/{fingerprint}", Drop).RequireAuthorization(Roles.Admin).WithName("DropModel").WithSummary("Drops a model that is not current, with its vectors.");
    }

    private static async Task<Ok<ModelResource[]>> List(IGalleryStore store, CancellationToken cancellation) =>
        TypedResults.Ok<ModelResource[]>([.. (await store.ModelsAsync(cancellation)).Select(ModelResource.Of)]);

    private static async Task<Created<ModelResource>> Add(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation, string? description = null)
    {
        var model = await ModelUpload.AddAsync(context.Request.Body, description, gallery, options, fingerprint => context.Draft("model.add", $"model/{fingerprint}"), cancellation);
        return TypedResults.Created($"/api/models/{model.Encoder.Fingerprint}", ModelResource.Of(model));
    }

    private static async Task<Results<Accepted<JobResource>, NotFound, ProblemHttpResult>> Switch(string fingerprint, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        if (!(await store.ModelsAsync(cancellation)).Any(model => model.Encoder.Fingerprint == fingerprint))
        {
            return TypedResults.NotFound();
        }

        return await Reembedding.MakeAsync(store, fingerprint, context.User.Actor(), context.User.Role(), cancellation) is { } job
            ? TypedResults.Accepted($"/api/jobs/{job.Id}", JobResource.Of(job))
            : TypedResults.Problem($"The gallery is searched with model {fingerprint} already.", statusCode: StatusCodes.Status409Conflict, title: "There is nothing to change");
    }

    private static async Task<Results<NoContent, NotFound>> Drop(string fingerprint, HttpContext context, IGalleryStore store, CancellationToken cancellation) =>
        await store.DropModelAsync(fingerprint, context.Draft("model.drop", $"model/{fingerprint}"), cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();
}

/// <summary>A model.</summary>
internal sealed record ModelResource(string Fingerprint, string Description, ModelState State, DateTimeOffset Added, bool Calibrated)
{
    public static ModelResource Of(StoredModel model) => new(model.Encoder.Fingerprint, model.Encoder.Description, model.State, model.Added, model.Calibration is not null);
}
