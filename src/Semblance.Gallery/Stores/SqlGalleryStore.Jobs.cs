using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const int Waiting = 0, Done = 1, Failed = 2;

    private const string JobColumns = """
        SELECT j.id, j.kind, j.title, j.settings, j.actor, j.state, j.created, j.finished,
          (SELECT count(*) FROM work w WHERE w.job = j.id) AS total, (SELECT count(*) FROM work w WHERE w.job = j.id AND w.state = 1) AS done,
          (SELECT count(*) FROM work w WHERE w.job = j.id AND w.state = 2) AS failed,
          CAST((SELECT COALESCE(sum(w.sightings), 0) FROM work w WHERE w.job = j.id) AS BIGINT) AS sightings
        FROM jobs j
        """;

    public Task<StoredJob> MakeJobAsync(string kind, string title, string settings, string actor, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        var id = await t.Scalar<long>(
            "INSERT INTO jobs (kind, title, settings, state, actor, created) VALUES (@kind, @title, @settings, @state, @actor, @now) RETURNING id",
            new { kind, title, settings, state = nameof(JobState.Preparing), actor, now = Now });
        await LogAsync(t, audit is null ? null : audit with { Subject = audit.Subject ?? $"job/{id}" });
        return new StoredJob { Id = id, Kind = kind, Title = title, Settings = settings, Actor = actor, State = JobState.Preparing, Created = Time(Now) };
    }, cancellation);

    public Task AddWorkAsync(long job, IReadOnlyList<string> items, CancellationToken cancellation = default) => Write(async t =>
    {
        if (await t.Scalar<string?>("SELECT state FROM jobs WHERE id = @job", new { job }) != nameof(JobState.Preparing))
        {
            throw new ArgumentException($"job {job} is not being prepared: items are put in before it is opened", nameof(job));
        }

        await t.Insert("work (job, item)", items.Select(item => (object?[])[job, item]));
        return 0;
    }, cancellation);

    public Task SetJobAsync(long job, JobState state, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        await t.Run(
            "UPDATE jobs SET state = @state, finished = @finished WHERE id = @job AND state <> @finishedState",
            new { job, state = state.ToString(), finished = state is JobState.Finished or JobState.Cancelled ? (long?)Now : null, finishedState = nameof(JobState.Finished) });
        await FinishAsync(t, [job]);
        await LogAsync(t, audit);
        return 0;
    }, cancellation);

    public Task<StoredJob?> JobAsync(long id, CancellationToken cancellation = default) =>
        Read(async c => (await c.QuerySingleOrDefaultAsync<JobRow>($"{JobColumns} WHERE j.id = @id", new { id }))?.Job(), cancellation);

    public Task<IReadOnlyList<StoredJob>> JobsAsync(int limit, CancellationToken cancellation = default) =>
        Read(async c => (IReadOnlyList<StoredJob>)[.. (await c.QueryAsync<JobRow>($"{JobColumns} ORDER BY j.id DESC LIMIT @limit", new { limit })).Select(row => row.Job())], cancellation);

    public Task<IReadOnlyList<FailedWork>> FailedWorkAsync(long job, int limit, CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<FailedWork>)[
        .. (await c.QueryAsync<WorkRow>("SELECT id, job, item, attempts, reason FROM work WHERE job = @job AND state = @Failed ORDER BY id LIMIT @limit", new { job, Failed, limit }))
            .Select(row => new FailedWork(row.Id, row.Item, row.Reason ?? ""))], cancellation);

    public Task<IReadOnlyList<WorkItem>> ClaimAsync(
        string worker, int count, TimeSpan lease, long? job = null, IReadOnlyCollection<long>? except = null, CancellationToken cancellation = default) => Write(async t =>
    {
        var now = Now;
        var others = except is { Count: > 0 } ? $"AND NOT j.id {dialect.In("left")}" : "";
        var rows = await t.Query<WorkRow>($"""
            UPDATE work SET worker = @worker, until = @until, attempts = attempts + 1 WHERE id IN (
              SELECT w.id FROM work w WHERE w.state = @Waiting AND w.until <= @now AND w.job = COALESCE(@job,
                (SELECT j.id FROM jobs j WHERE j.state = @open {others} AND EXISTS (SELECT 1 FROM work v WHERE v.job = j.id AND v.state = @Waiting AND v.until <= @now)
                  ORDER BY CASE WHEN j.kind = @background THEN 1 ELSE 0 END, j.id LIMIT 1))
                AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = w.job AND j.state = @open)
              ORDER BY w.id LIMIT @count {dialect.SkipLocked})
            RETURNING id, job, item, attempts
            """, new { worker, until = now + (long)lease.TotalMilliseconds, now, job, Waiting, open = nameof(JobState.Open), background = StoredJob.Background, count, left = except?.ToArray() ?? [] });
        return (IReadOnlyList<WorkItem>)[.. rows.OrderBy(row => row.Id).Select(row => new WorkItem(row.Id, row.Job, row.Item, row.Attempts))];
    }, cancellation);

    public Task RenewAsync(string worker, TimeSpan lease, CancellationToken cancellation = default) => Write(t => t.Run(
        "UPDATE work SET until = @until WHERE worker = @worker AND state = @Waiting AND until > @now", new { worker, until = Now + (long)lease.TotalMilliseconds, now = Now, Waiting }), cancellation);

    public Task ReleaseAsync(string worker, IReadOnlyList<long> items, CancellationToken cancellation = default) => Write(async t =>
    {
        foreach (var chunk in items.Chunk(Chunk))
        {
            await t.Run(
                $"UPDATE work SET worker = NULL, until = 0, attempts = attempts - 1 WHERE worker = @worker AND state = @Waiting AND id {dialect.In("chunk")}", new { worker, Waiting, chunk });
        }

        return 0;
    }, cancellation);

    public Task SettleAsync(WorkDone work, CancellationToken cancellation = default) => Write(async t =>
    {
        await SettleAsync(t, work);
        return 0;
    }, cancellation);

    /// <summary>All of it or none: what another worker has taken over in the meantime, he will file.</summary>
    private async Task SettleAsync(Work t, WorkDone work)
    {
        HashSet<long> jobs = [];
        foreach (var result in work.Results)
        {
            var job = await t.Scalar<long?>(
                "UPDATE work SET state = @state, reason = @reason, sightings = @sightings WHERE id = @id AND worker = @worker AND state = @Waiting RETURNING job",
                new { id = result.Id, state = result.Reason is null ? Done : Failed, reason = result.Reason, sightings = (long)result.Sightings, worker = work.Worker, Waiting })
                ?? throw new GalleryStoreException(StoreFault.Conflict, $"work item {result.Id} was taken over by another worker, because this one was silent for too long: nothing was filed twice");
            jobs.Add(job);
        }

        await FinishAsync(t, jobs);
    }

    private async Task FinishAsync(Work t, IEnumerable<long> jobs)
    {
        foreach (var job in jobs)
        {
            await t.Run(
                "UPDATE jobs SET state = @finished, finished = @now WHERE id = @job AND state = @open AND NOT EXISTS (SELECT 1 FROM work WHERE job = @job AND state = @Waiting)",
                new { job, now = Now, finished = nameof(JobState.Finished), open = nameof(JobState.Open), Waiting });
        }
    }

    private sealed record JobRow
    {
        public long Id { get; init; }

        public required string Kind { get; init; }

        public required string Title { get; init; }

        public required string Settings { get; init; }

        public required string Actor { get; init; }

        public required string State { get; init; }

        public long Created { get; init; }

        public long? Finished { get; init; }

        public long Total { get; init; }

        public long Done { get; init; }

        public long Failed { get; init; }

        public long Sightings { get; init; }

        public StoredJob Job() => new()
        {
            Id = Id,
            Kind = Kind,
            Title = Title,
            Settings = Settings,
            Actor = Actor,
            State = Enum.Parse<JobState>(State),
            Created = Time(Created),
            Finished = Time(Finished),
            Total = Total,
            Done = Done,
            Failed = Failed,
            Sightings = Sightings,
        };
    }

    private sealed record WorkRow
    {
        public long Id { get; init; }

        public long Job { get; init; }

        public required string Item { get; init; }

        public long Attempts { get; init; }

        public string? Reason { get; init; }
    }
}
