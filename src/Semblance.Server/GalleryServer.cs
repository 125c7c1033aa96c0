using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Models;
using Semblance.Server.Access;
using Semblance.Server.Api;
using Semblance.Server.Pages;

namespace Semblance.Server;

/// <summary>Serves a gallery: the API under <c>/api</c>, pages everywhere else.</summary>
public static class GalleryServer
{
    private const long FormOverhead = 1 << 20;

    /// <summary>Opens the gallery and makes the server; it listens once it is run.</summary>
    /// <param name="options">What is served and where.</param>
    /// <param name="open">Opens a model by its fingerprint; the gallery's own by default.</param>
    /// <param name="configure">Last changes to the host, in tests.</param>
    /// <param name="cancellation">Stops opening.</param>
    /// <exception cref="ArgumentException">It would listen beyond this machine without TLS.</exception>
    public static async Task<WebApplication> CreateAsync(
        ServerOptions options, Func<string, CancellationToken, Task<TorchEncoder>>? open = null, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckAddress(options);
        var store = await GalleryStores.OpenAsync(options.Gallery, create: GalleryStores.IsPostgres(options.Gallery), cancellation: cancellation);
        IGallerySearch live = options.SearchInDatabase ? await DatabaseSearch.OpenAsync(store, cancellation: cancellation) : await LiveGallery.OpenAsync(store, cellsFrom: options.CellsFrom, cancellation: cancellation);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(GalleryServer).Assembly.GetName().Name });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = (options.MaxPictureBytes * 4) + FormOverhead;
            var url = new Uri(options.Url);
            void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen)
            {
                if (options.Certificate is { } certificate)
                {
                    listen.UseHttps(X509CertificateLoader.LoadPkcs12FromFile(certificate, Environment.GetEnvironmentVariable("SEMBLANCE_CERTIFICATE_PASSWORD")));
                }
            }

            if (url.Host == "localhost")
            {
                kestrel.ListenLocalhost(url.Port, Listen);
            }
            else
            {
                kestrel.Listen(IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? address : IPAddress.Any, url.Port, Listen);
            }
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(store);
        services.AddSingleton(live);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new GalleryService(store, live, open));
        services.AddSingleton<Searcher>();
        services.AddSingleton<Pages.ThumbnailLinks>();
        services.AddHttpContextAccessor();
        services.AddHostedService<Retention>();
        if (options.Works)
        {
            services.AddHostedService<JobWorker>();
        }

        services.AddAuthentication(KeyAuthentication.Scheme_).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.Scheme_, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Viewer, policy => policy.RequireRole(Roles.Satisfying[Roles.Viewer]))
            .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Satisfying[Roles.Operator]))
            .AddPolicy(Roles.Auditor, policy => policy.RequireRole(Roles.Satisfying[Roles.Auditor]))
            .AddPolicy(Roles.Admin, policy => policy.RequireRole(Roles.Satisfying[Roles.Admin]));
        services.AddCascadingAuthenticationState();
        services.AddDataProtection().SetApplicationName("semblance");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = new SharedTokenKeys(store)));
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.SameSite = SameSiteMode.Strict);
        services.AddRazorComponents();
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems>();
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Semblance";
            document.Info.Description = "A gallery of people's pictures, searched by words and pictures. Keys go into Authorization: Bearer. State what a search is for (purpose): it is kept in the audit log.";
            return Task.CompletedTask;
        }));
        services.AddHealthChecks().AddCheck<GalleryHealth>("gallery", tags: ["ready"]);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            {
                // Keys are not guessed, and a line that says so is not written, faster than people type.
                var address = context.Connection.RemoteIpAddress;
                return IsSignIn(context) ? Bucket($"sign-in {address}", options.SignIns, 1, TimeSpan.FromSeconds(2))
                    : Bucket(context.User.Identity?.IsAuthenticated == true ? $"key {context.User.Actor()}" : $"address {address}", options.Burst, options.PerSecond, TimeSpan.FromSeconds(1));
            });
            static RateLimitPartition<string> Bucket(string whose, int burst, int tokens, TimeSpan every) => RateLimitPartition.GetTokenBucketLimiter(
                whose, _ => new TokenBucketRateLimiterOptions { TokenLimit = burst, TokensPerPeriod = tokens, ReplenishmentPeriod = every, QueueLimit = 0 });
        });
        var telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter("Semblance"))
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation());
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }

        configure?.Invoke(builder);
        var app = builder.Build();
        Use(app, options);
        app.Lifetime.ApplicationStopped.Register(() => CloseAsync(app).AsTask().GetAwaiter().GetResult());
        return app;
    }

    private static void Use(WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(Problems.ShowStatusAsync);
        if (options.AllowPlain)
        {
            // Behind a proxy that has TLS, its word counts.
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
            foreach (var proxy in options.Proxies.Select(Network))
            {
                forwarded.KnownIPNetworks.Add(proxy);
            }

            app.UseForwardedHeaders(forwarded);
        }

        app.Use(Headers);
        if (options.IsLoopback)
        {
            app.Use(OnlyThisMachine);
        }

        app.UseMiddleware<SameOrigin>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        var api = app.MapGroup("/api");
        api.MapGalleries();
        api.MapModels(options);
        api.MapSightings();
        api.MapSearches();
        api.MapCameras();
        api.MapPeople();
        api.MapJobs();
        api.MapAudit();
        api.MapKeys();
        app.MapOpenApi("/api/openapi.json");
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        app.MapAssets();
        app.MapForms(options);
        app.MapRazorComponents<App>();
    }

    private static void CheckAddress(ServerOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"the address is \"{options.Url}\", expected one such as http://127.0.0.1:5180");
        }

        if (url.Scheme == "https" && options.Certificate is null)
        {
            throw new ArgumentException("https needs a certificate: --certificate FILE.pfx (its password in SEMBLANCE_CERTIFICATE_PASSWORD)");
        }

        if (options.Proxies.Count > 0 && !options.AllowPlain)
        {
            throw new ArgumentException("--proxy goes with --allow-plain: a proxy's word counts where it has the TLS");
        }

        foreach (var proxy in options.Proxies)
        {
            Network(proxy);
        }

        if (!options.IsLoopback && url.Scheme != "https" && !options.AllowPlain)
        {
            throw new ArgumentException($"{options.Url} can be reached from other machines, and keys and pictures would travel in the open: use https with --certificate, or --allow-plain behind a proxy that has TLS");
        }
    }

    private static System.Net.IPNetwork Network(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new ArgumentException($"the proxy is \"{text}\", expected an address such as 10.0.0.5 or a network such as 10.0.0.0/24");

    private static bool IsSignIn(HttpContext context) => HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/forms/signin";

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Task Headers(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps && !IsLoopback(context.Request.Host.Host))
        {
            // Half a year: who has been here by TLS is not led here without it. On this machine's own name it would bind every other server of the machine.
            headers.StrictTransportSecurity = "max-age=15552000";
        }

        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (!context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }

        return next(context);
    }

    /// <summary>A page elsewhere whose name was pointed at this machine must not reach a server that trusts whoever sits here.</summary>
    private static Task OnlyThisMachine(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (IsLoopback(host))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }

    private static async ValueTask CloseAsync(WebApplication app)
    {
        await app.Services.GetRequiredService<GalleryService>().DisposeAsync();
        await app.Services.GetRequiredService<IGallerySearch>().DisposeAsync();
        await app.Services.GetRequiredService<IGalleryStore>().DisposeAsync();
    }
}

/// <summary>Ready while the store answers and its changes are followed.</summary>
internal sealed class GalleryHealth(GalleryService gallery) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await gallery.Store.CheckAsync(cancellation: cancellationToken);
            return gallery.Live.Trouble is { } trouble ? HealthCheckResult.Degraded(trouble.Message) : HealthCheckResult.Healthy();
        }
        catch (GalleryStoreException problem)
        {
            return HealthCheckResult.Unhealthy(problem.Message);
        }
    }
}
