using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const string AuditColumns = "SELECT seq, time, actor, role, action, subject, purpose, details, previous, hash FROM audit";

    private readonly Lock _linesGate = new();
    private List<WaitingLine> _lines = [];
    private bool _writingLines;

    /// <inheritdoc/>
    /// <remarks>Each caller goes on when its line is on the disk. Lines that come while others are being written are written together next: many searches share one commit.</remarks>
    public Task<AuditEntry> LogAsync(AuditDraft draft, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var line = new WaitingLine(draft);
        lock (_linesGate)
        {
            _lines.Add(line);
            if (!_writingLines)
            {
                _writingLines = true;
                _ = Task.Run(WriteLinesAsync, CancellationToken.None);
            }
        }

        return line.Written.Task.WaitAsync(cancellation);
    }

    private async Task WriteLinesAsync()
    {
        while (true)
        {
            List<WaitingLine> lines;
            lock (_linesGate)
            {
                if (_lines.Count == 0)
                {
                    _writingLines = false;
                    return;
                }

                (lines, _lines) = (_lines, []);
            }

            try
            {
                var entries = await Write(async t =>
                {
                    List<AuditEntry> written = [];
                    foreach (var line in lines)
                    {
                        written.Add((await LogAsync(t, line.Draft))!);
                    }

                    return written;
                }, CancellationToken.None);
                for (var i = 0; i < lines.Count; i++)
                {
                    lines[i].Written.TrySetResult(entries[i]);
                }
            }
            catch (Exception) when (lines.Count > 1)
            {
                // One line's trouble is nobody else's: each by itself.
                foreach (var line in lines)
                {
                    try
                    {
                        line.Written.TrySetResult((await Write(t => LogAsync(t, line.Draft), CancellationToken.None))!);
                    }
                    catch (Exception problem)
                    {
                        line.Written.TrySetException(problem);
                    }
                }
            }
            catch (Exception problem)
            {
                lines[0].Written.TrySetException(problem);
            }
        }
    }

    public Task<IReadOnlyList<AuditEntry>> AuditAsync(long before, int limit, CancellationToken cancellation = default) => Read(async c =>
        (IReadOnlyList<AuditEntry>)[.. (await c.QueryAsync<AuditRow>($"{AuditColumns} WHERE seq < @before ORDER BY seq DESC LIMIT @limit", new { before, limit })).Select(row => row.Entry())], cancellation);

    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellation = default) => Read(async c =>
    {
        const int page = 5000;
        AuditEntry? last = null;
        while (true)
        {
            var rows = (await c.QueryAsync<AuditRow>($"{AuditColumns} WHERE seq > @after ORDER BY seq LIMIT {page}", new { after = last?.Number ?? 0 })).AsList();
            foreach (var entry in rows.Select(row => row.Entry()))
            {
                var fault = entry.Number != (last?.Number ?? 0) + 1 ? $"line {(last?.Number ?? 0) + 1} is missing"
                    : entry.Previous != (last?.Hash ?? AuditEntry.Beginning) ? $"line {entry.Number} does not follow line {entry.Number - 1}: one of them was exchanged"
                    : entry.Hash != entry.Digest() ? $"line {entry.Number} was changed after it was written"
                    : null;
                if (fault is not null)
                {
                    return new AuditVerdict(last?.Number ?? 0, last?.Hash ?? AuditEntry.Beginning, fault);
                }

                last = entry;
            }

            if (rows.Count < page)
            {
                return new AuditVerdict(last?.Number ?? 0, last?.Hash ?? AuditEntry.Beginning, null);
            }
        }
    }, cancellation);

    private async Task<AuditEntry?> LogAsync(Work t, AuditDraft? draft)
    {
        if (draft is null)
        {
            return null;
        }

        draft = draft.Cleaned();
        await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Audit, t.Cancellation);
        var last = await t.Query<AuditRow>($"{AuditColumns} ORDER BY seq DESC LIMIT 1") is [var row] ? row.Entry() : null;
        var entry = AuditEntry.After(last, draft, time.GetUtcNow());
        await t.Run(
            "INSERT INTO audit (seq, time, actor, role, action, subject, purpose, details, previous, hash) VALUES (@Number, @Time, @Actor, @Role, @Action, @Subject, @Purpose, @Details, @Previous, @Hash)",
            new { entry.Number, Time = entry.Time.ToUnixTimeMilliseconds(), draft.Actor, draft.Role, draft.Action, draft.Subject, draft.Purpose, draft.Details, entry.Previous, entry.Hash });
        return entry;
    }

    private sealed record WaitingLine(AuditDraft Draft)
    {
        public TaskCompletionSource<AuditEntry> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record AuditRow
    {
        public long Seq { get; init; }

        public long Time { get; init; }

        public required string Actor { get; init; }

        public required string Role { get; init; }

        public required string Action { get; init; }

        public string? Subject { get; init; }

        public string? Purpose { get; init; }

        public string? Details { get; init; }

        public required string Previous { get; init; }

        public required string Hash { get; init; }

        public AuditEntry Entry() => new(Seq, SqlGalleryStore.Time(Time), new AuditDraft(Actor, Role, Action, Subject, Purpose, Details), Previous, Hash);
    }
}
