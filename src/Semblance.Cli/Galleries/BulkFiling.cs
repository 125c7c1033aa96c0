using Semblance.Cli.Terminal;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Models;

namespace Semblance.Cli.Galleries;

/// <summary>Files a whole source from the command line: a job, and this process as its worker beside any others.</summary>
internal static class BulkFiling
{
    /// <summary>Who stands in the audit log for what is done from the command line.</summary>
    public static readonly AuditDraft ByHand = new("command line", "admin", "");

    public const int ListedProblems = 10000;

    /// <returns>The job as it ended, and what was left out with the reasons.</returns>
    public static async Task<(StoredJob Job, IReadOnlyList<FilingProblem> Problems)> RunAsync(
        IGalleryStore store, FilingSettings settings, WorkProgress progress, IPersonEncoder? encoder = null, CancellationToken cancellation = default)
    {
        var (job, problems) = await FilingJobs.MakeAsync(store, settings, ByHand.Actor, ByHand.Role, cancellation);
        using var worker = new FilingWorker(store, open: encoder is null ? null : (_, _) => Task.FromResult<IPersonEncoder>(new Borrowed(encoder)));
        await worker.RunAsync(job.Id, done => progress.Report(done.Items, job.Total, $"{done.People:N0} people"), cancellation);
        cancellation.ThrowIfCancellationRequested();
        job = (await store.JobAsync(job.Id, cancellation))!;
        return (job, [
            .. problems.Select(problem => new FilingProblem(problem.Path, problem.Reason)),
            .. (await store.FailedWorkAsync(job.Id, ListedProblems, cancellation)).Select(failed => new FilingProblem(failed.Item, failed.Reason))]);
    }

    /// <summary>An encoder that its owner disposes.</summary>
    private sealed class Borrowed(IPersonEncoder encoder) : IPersonEncoder
    {
        public Core.Fingerprint Fingerprint => encoder.Fingerprint;

        public Preprocessing Preprocessing => encoder.Preprocessing;

        public int Width(EmbeddingSpace space) => encoder.Width(space);

        public float[][] EncodePictures(IReadOnlyList<Imaging.Picture> pictures, EmbeddingSpace space) => encoder.EncodePictures(pictures, space);

        public float[][][] EncodePictures(IReadOnlyList<Imaging.Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces) => encoder.EncodePictures(pictures, spaces);

        public float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space) => encoder.EncodeTexts(texts, space);

        public float[][] EncodePairs(IReadOnlyList<Imaging.Picture> pictures, IReadOnlyList<string> texts) => encoder.EncodePairs(pictures, texts);

        public string? Warning(string text) => encoder.Warning(text);

        public void Dispose()
        {
        }
    }
}
