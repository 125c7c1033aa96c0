using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const string AuditColumns = "SELECT seq, time, actor, role, action, subject, purpose, details, previous, hash FROM audit";

    public Task<AuditEntry> LogAsync(AuditDraft draft, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Write(async t => (await LogAsync(t, draft))!, cancellation);
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

        await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Audit, t.Cancellation);
        var last = await t.Query<AuditRow>($"{AuditColumns} ORDER BY seq DESC LIMIT 1") is [var row] ? row.Entry() : null;
        var entry = AuditEntry.After(last, draft, time.GetUtcNow());
        await t.Run(
            "INSERT INTO audit (seq, time, actor, role, action, subject, purpose, details, previous, hash) VALUES (@Number, @Time, @Actor, @Role, @Action, @Subject, @Purpose, @Details, @Previous, @Hash)",
            new { entry.Number, Time = entry.Time.ToUnixTimeMilliseconds(), draft.Actor, draft.Role, draft.Action, draft.Subject, draft.Purpose, draft.Details, entry.Previous, entry.Hash });
        return entry;
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
