using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Gallery.Tests.Stores;

namespace Semblance.Gallery.Tests.Live;

/// <summary>
/// In a real pgvector: the PostgreSQL server's own where it is installed, else that of PGlite (PostgreSQL as WebAssembly), which serves one connection at a time and no COPY.
/// </summary>
public sealed class DatabaseSearchTests : GallerySearchContract
{
    private readonly IPgvectorServer _server = Installed.Find() ?? (IPgvectorServer)Pglite.Start();

    private protected override string Place => _server.Location;

    private protected override async Task<IGallerySearch> SearchAsync() => await DatabaseSearch.OpenAsync(Store, Time);

    /// <summary>With the column there is no COPY.</summary>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.PrepareSearchAsync((await Store.ModelsAsync())[0]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task TheIndexAnswersAndFiltersGoAlongWithIt()
    {
        await File(400);
        await using var search = await SearchAsync();
        var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 500)], Top = 10, Filter = new SightingFilter { Cameras = ["camera-1"], Label = "even" } };
        Assert.Equal(10, (await search.SearchAsync(question)).Count);
        Assert.Equal((await PlainAsync(question)).Select(match => match.Id), (await search.SearchAsync(question with { Exact = true })).Select(match => match.Sighting));

        // The planner is right to scan so few rows; told not to, it must find the partial index of this model and space.
        var plan = await _server.QueryAsync($"""
            SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
            EXPLAIN SELECT sighting FROM embeddings e WHERE e.model = '{MadeUp.Encoder().Fingerprint}' AND e.space = 'image'
            ORDER BY e.near::vector({MadeUp.ImageWidth}) <=> CAST(CAST('{Text(500)}' AS vector) AS vector({MadeUp.ImageWidth})) LIMIT 10
            """);
        Assert.Contains("Index Scan using near_", string.Join('\n', plan), StringComparison.Ordinal);
    }

    /// <summary>Two servers that start, and filing that does not wait for them.</summary>
    [Fact]
    public async Task IndexesAreBuiltByOneOfSeveralServersWhileFilingGoesOn()
    {
        Assert.SkipUnless(_server is Installed, "PGlite serves one connection at a time: needs a PostgreSQL server with pgvector");
        await File(100);
        await _server.QueryAsync("DO $$ DECLARE i text; BEGIN FOR i IN SELECT indexname FROM pg_indexes WHERE indexname LIKE 'near_%' LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$");
        var model = (await Store.ModelsAsync())[0];
        await using var other = await GalleryStores.OpenAsync(Place);
        await Task.WhenAll(
            Task.Run(() => Store.PrepareSearchAsync(model)),
            Task.Run(() => other.PrepareSearchAsync(model)),
            Task.Run(async () =>
            {
                for (var i = 100; i < 140; i++)
                {
                    await other.FileAsync([MadeUp.Sighting(i, "camera-0", taken: Time.Now)]);
                }
            }));
        Assert.Equal("2", (await _server.QueryAsync("SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'near_%' AND i.indisvalid"))[0]);
        await using var search = await SearchAsync();
        Assert.Equal(140, (await search.SearchAsync(new SightingQuery { Terms = [Term(GallerySpaces.Image, 7)], Top = 200 })).Count);
    }

    /// <summary>What a build leaves that was cut off is written to and never read: PostgreSQL calls it invalid.</summary>
    [Fact]
    public async Task AnIndexWhoseBuildWasCutOffIsBuiltAnew()
    {
        await File(20);
        const string valid = "SELECT string_agg(DISTINCT i.indisvalid::text, ',') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'near_%'";
        await _server.QueryAsync("UPDATE pg_index SET indisvalid = false FROM pg_class c WHERE c.oid = indexrelid AND c.relname LIKE 'near_%'");
        Assert.Equal("false", (await _server.QueryAsync(valid))[0]);
        await using var search = await SearchAsync();
        Assert.Equal("true", (await _server.QueryAsync(valid))[0]);
    }

    [Fact]
    public async Task WhatWasFiledBeforeIsFilledInAndWhatIsErasedIsGone()
    {
        var ids = await File(30);
        await _server.QueryAsync("UPDATE embeddings SET near = NULL");
        await using var search = await SearchAsync();
        Assert.Equal(30, search.Count);
        var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 7)], Top = 100 };
        Assert.Equal((ids[7], 30), ((await search.SearchAsync(question))[0].Sighting, (await search.SearchAsync(question)).Count));
        await Store.EraseAsync([ids[7]], []);
        Assert.DoesNotContain(await search.SearchAsync(question), match => match.Sighting == ids[7]);
        Assert.Null((await search.EmbeddingsAsync(GallerySpaces.Image, [ids[7], ids[8]]))[0]);
        Assert.NotNull((await search.EmbeddingsAsync(GallerySpaces.Image, [ids[8]]))[0]);
        await search.CatchUpAsync();
        Assert.Equal(29, search.Count);
    }

    [Fact]
    public async Task ASwitchOfModelsIsSeenAndTheOldIndexGoesWithItsModel()
    {
        var ids = await File(8);
        await using var search = await SearchAsync();
        await Store.AddModelAsync(MadeUp.Encoder("second"), MadeUp.Spaces, MadeUp.Files);
        await Store.EmbedAsync([.. ids.Select((id, i) => (id, (IReadOnlyList<Embedding>)MadeUp.Embeddings(i, "second")))]);
        const string indexes = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'near_%'";
        await Store.SwitchAsync(MadeUp.Encoder("second").Fingerprint);
        Assert.Equal("4", (await _server.QueryAsync(indexes))[0]);
        await search.CatchUpAsync();
        Assert.Contains("fingerprint-second", (await Assert.ThrowsAsync<ArgumentException>(() => search.SearchAsync(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1)] }))).Message, StringComparison.Ordinal);
        Assert.Equal(ids[1], (await search.SearchAsync(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1, model: "second")] }))[0].Sighting);
        await Store.DropModelAsync(MadeUp.Encoder().Fingerprint);
        Assert.Equal("2", (await _server.QueryAsync(indexes))[0]);
    }

    /// <summary>Below the sample's size terms are brought to one scale by all that is there, as in memory.</summary>
    [Fact]
    public async Task ScalesFollowASmallGallery()
    {
        await File(30);
        await using var search = await SearchAsync();
        var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 201, -1)], Top = 60 };
        Assert.Equal(30, (await search.SearchAsync(question)).Count);
        await Store.FileAsync([.. Enumerable.Range(30, 25).Select(i => MadeUp.Sighting(i))]);
        await search.CatchUpAsync();
        var (expected, found) = (await PlainAsync(question), await search.SearchAsync(question));
        Assert.Equal(expected.Select(match => match.Id), found.Select(match => match.Sighting));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 5));
    }

    /// <summary>pgvector indexes 2,000 numbers as they are and 4,000 as halves: LCR²S's embeddings have 2,048.</summary>
    [Fact]
    public async Task WideVectorsAreIndexedAsHalvesAndOrderedInFull()
    {
        var encoder = new GalleryEncoder("wide", "wide");
        await Store.AddModelAsync(encoder, [new GallerySpace(GallerySpaces.Image, 2048)], MadeUp.Files);
        var ids = await File(20);
        float[] Wide(int i) => [.. Enumerable.Range(0, 2048).Select(d => (float)Math.Sin((i + 1) * (d + 1)))];
        await Store.EmbedAsync([.. ids.Select((id, i) => (id, (IReadOnlyList<Embedding>)[new Embedding(GallerySpaces.Image, Wide(i), "wide")]))]);
        await Store.SwitchAsync("wide");
        await using var search = await SearchAsync();
        var found = await search.SearchAsync(new SightingQuery { Terms = [new QueryTerm(new Embedding(GallerySpaces.Image, Wide(4), "wide"))], Top = 3 });
        Assert.Equal((ids[4], 1.0), (found[0].Sighting, Math.Round(found[0].Score, 6)));
    }

    private static string Text(int i) =>
        $"[{string.Join(',', MadeUp.Vector(MadeUp.Encoder().Fingerprint, GallerySpaces.Image, i).Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]";

    /// <summary>A database with pgvector for one test.</summary>
    private interface IPgvectorServer : IDisposable
    {
        string Location { get; }

        /// <summary>The first column of every row that the last of some statements gives.</summary>
        Task<string[]> QueryAsync(string sql);
    }

    /// <summary>A new database of the server that all tests share.</summary>
    private sealed class Installed(string location) : IPgvectorServer
    {
        public string Location => location;

        public static Installed? Find() => PostgresServer.Shared.HasPgvector ? new Installed(PostgresServer.Shared.NewDatabase()) : null;

        public async Task<string[]> QueryAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(GalleryStores.ConnectionString(location));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            do
            {
                rows.Clear();
                while (await reader.ReadAsync())
                {
                    rows.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
                }
            }
            while (await reader.NextResultAsync());
            return [.. rows];
        }

        public void Dispose()
        {
            // The server's databases go with it.
        }
    }

    /// <summary>PGlite behind a socket, in a process of its own.</summary>
    private sealed class Pglite : IPgvectorServer
    {
        private readonly Process _node;

        private Pglite(Process node, int port) => (_node, Port) = (node, port);

        public string Location => $"postgres://postgres@127.0.0.1:{Port}/postgres?SSL Mode=Disable&Maximum Pool Size=1&Timeout=30&Command Timeout=120";

        private int Port { get; }

        public static Pglite Start()
        {
            var folder = Path.GetFullPath(Path.Combine(Golden.Folder, "../../artifacts/cache/pglite"));
            Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules/@electric-sql")), $"PGlite with pgvector is not in {folder}: ./run test installs it where npm and its registry are");
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", $$"""
                import { PGlite } from '@electric-sql/pglite';
                import { vector } from '@electric-sql/pglite-pgvector';
                import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
                import { createInterface } from 'node:readline';
                const db = await PGlite.create({ extensions: { vector } });
                await new PGLiteSocketServer({ db, port: {{port}}, host: '127.0.0.1' }).start();
                console.log('ready');
                for await (const sql of createInterface({ input: process.stdin })) {
                  console.log(JSON.stringify((await db.exec(JSON.parse(sql))).at(-1).rows.map(row => String(Object.values(row)[0]))));
                }
                """])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            Assert.Equal("ready", node.StandardOutput.ReadLine());
            return new Pglite(node, port);
        }

        /// <summary>Past the socket, which the store has to itself.</summary>
        public async Task<string[]> QueryAsync(string sql)
        {
            await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(sql));
            return JsonSerializer.Deserialize<string[]>((await _node.StandardOutput.ReadLineAsync())!)!;
        }

        public void Dispose()
        {
            _node.Kill(entireProcessTree: true);
            _node.WaitForExit();
            _node.Dispose();
        }
    }
}

/// <summary>Moments tell what the vectors themselves would.</summary>
public sealed class CosineMomentsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public void TheSpreadIsThatOfTheCosines(int count)
    {
        ReadOnlyMemory<float>[] vectors = [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<float>)MadeUp.Vector("some", GallerySpaces.Image, i))];
        var moments = CosineMoments.Of(vectors, MadeUp.ImageWidth);
        foreach (var asked in Enumerable.Range(500, 5).Select(i => MadeUp.Vector("some", GallerySpaces.Image, i)))
        {
            var (mean, deviation) = TermScales.MeanAndDeviation([.. vectors.Select(vector => System.Numerics.Tensors.TensorPrimitives.Dot(vector.Span, asked))]);
            Assert.Equal(mean, moments.Spread(asked).Mean, 6);
            Assert.Equal(deviation, moments.Spread(asked).Deviation, 6);
        }
    }

    [Fact]
    public void EqualVectorsHaveNoSpread()
    {
        var one = MadeUp.Vector("some", GallerySpaces.Image, 1);
        var (mean, deviation) = CosineMoments.Of([.. Enumerable.Repeat((ReadOnlyMemory<float>)one, 50)], one.Length).Spread(one);
        Assert.Equal(1, mean, 6);
        Assert.True(deviation < 1e-6);
    }
}

/// <summary>Where no pgvector is, the answer says so.</summary>
public sealed class DatabaseSearchElsewhereTests
{
    [Fact]
    public async Task AServerWithoutPgvectorSaysWhatToDo()
    {
        Assert.SkipWhen(PostgresServer.Shared.HasPgvector, "needs a PostgreSQL server without pgvector");
        await using var store = await GalleryStores.OpenAsync(PostgresServer.Shared.NewDatabase(), create: true);
        await store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
        var problem = await Assert.ThrowsAsync<NotSupportedException>(() => DatabaseSearch.OpenAsync(store));
        Assert.Contains("no pgvector", problem.Message, StringComparison.Ordinal);
        Assert.Contains("search in memory", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        await using var store = await GalleryStores.OpenAsync(Path.Combine(folder.Root, "gallery"), create: true);
        await store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
        Assert.Contains("no PostgreSQL database", (await Assert.ThrowsAsync<NotSupportedException>(() => DatabaseSearch.OpenAsync(store))).Message, StringComparison.Ordinal);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task ASampleIsTheSameAsLongAsTheGalleryIs()
    {
        using var folder = new TemporaryFolder();
        await using var store = await GalleryStores.OpenAsync(Path.Combine(folder.Root, "gallery"), create: true);
        await store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
        var ids = (await store.FileAsync([.. Enumerable.Range(0, 50).Select(i => MadeUp.Sighting(i))])).Ids;
        Assert.Equal(ids, await store.SampleAsync(50));
        var some = await store.SampleAsync(20);
        Assert.Equal(20, some.Distinct().Count());
        Assert.Equal(some, await store.SampleAsync(20));
        Assert.All(some, id => Assert.Contains(id, ids));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }
}
