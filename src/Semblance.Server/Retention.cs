using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Semblance.Gallery.Stores;

namespace Semblance.Server;

/// <summary>Deletes what the cameras' retention no longer allows, and says so in the log.</summary>
internal sealed partial class Retention(GalleryService gallery, ServerOptions options, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private const int AtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var swept = false;
        using var timer = new PeriodicTimer(options.RetentionEvery, time);
        do
        {
            try
            {
                if (!swept)
                {
                    await gallery.Store.SweepAsync(stoppingToken);
                    swept = true;
                }

                while (await gallery.Store.ExpiredAsync(time.GetUtcNow(), AtOnce, stoppingToken) is { Count: > 0 } expired)
                {
                    await gallery.EraseAsync(expired, [], new AuditDraft("retention", "system", "sighting.expire"), stoppingToken);
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // Whatever it is: the server goes on, and the next round tries again.
                Log(logger, problem.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Retention waits: {Reason}")]
    private static partial void Log(ILogger logger, string reason);
}
