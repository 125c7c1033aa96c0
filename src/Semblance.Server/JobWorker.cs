using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Semblance.Filing;

namespace Semblance.Server;

/// <summary>Takes part in the gallery's filing jobs.</summary>
internal sealed partial class JobWorker(GalleryService gallery, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var worker = new FilingWorker(gallery.Store, new FilingWorkerOptions { Stay = true });
                HashSet<long> told = [];
                await worker.RunAsync(
                    progress: _ =>
                    {
                        foreach (var (job, reason) in worker.Unreached.Where(job => told.Add(job.Key)))
                        {
                            LogUnreached(logger, job, reason);
                        }
                    },
                    cancellation: stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // One job that cannot be worked at must not end the others.
                Log(logger, problem.Message);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Filing waits: {Reason}")]
    private static partial void Log(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} is left to workers that reach its files: {Reason}")]
    private static partial void LogUnreached(ILogger logger, long job, string reason);
}
