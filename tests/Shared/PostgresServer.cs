using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(Semblance.PostgresServer.Farewell))]

namespace Semblance;

/// <summary>Debian's PostgreSQL on loopback, started for the tests of one process in a folder of its own; each test gets a database of its own.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<(PostgresServer? Server, string Lacking)> TheOne = new(Start);
    private static int _databases;
    private readonly string _folder;
    private readonly string _programs;
    private readonly string? _account;
    private readonly int _port;

    private PostgresServer(string folder, string programs, string? account, int port)
    {
        (_folder, _programs, _account, _port) = (folder, programs, account, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The server that all tests share; a test is skipped, with the reason, where there is none.</summary>
    public static PostgresServer Shared
    {
        get
        {
            Assert.SkipWhen(TheOne.Value.Server is null, TheOne.Value.Lacking);
            return TheOne.Value.Server!;
        }
    }

    /// <summary>A server that one test may stop and start.</summary>
    public static PostgresServer Own()
    {
        var (server, lacking) = Start();
        Assert.SkipWhen(server is null, lacking);
        return server!;
    }

    /// <summary>
    /// Npgsql's worker thread stays for ten seconds after its last use, and the test platform takes a process for stuck whose threads are there after ten seconds: this begins to
    /// wait two seconds earlier.
    /// </summary>
    public sealed class Farewell : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.Delay(TheOne.IsValueCreated ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
    }

    /// <summary>Whether pgvector may be turned on in its databases.</summary>
    public bool HasPgvector => File.Exists(Path.Combine("/usr/share/postgresql", Path.GetFileName(Path.GetDirectoryName(_programs)!), "extension/vector.control"));

    /// <summary>Location of a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = $"gallery{Interlocked.Increment(ref _databases)}";
        Run("psql", "-q", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "semblance", "-d", "postgres", "-c", $"CREATE DATABASE {name}");
        return $"postgres://semblance@127.0.0.1:{_port}/{name}?Timeout=5&Command Timeout=60";
    }

    public void Stop() => Run("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public void Begin() => Run("pg_ctl", "-D", Data, "-w", "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100 -c shared_buffers=64MB", "-l", Path.Combine(_folder, "log"), "start");

    public void Dispose()
    {
        try
        {
            Stop();
        }
        catch (InvalidOperationException)
        {
            // It was stopped already.
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Data => Path.Combine(_folder, "data");

    private static (PostgresServer? Server, string Lacking) Start()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
            : null;
        if (programs is null)
        {
            return (null, "needs PostgreSQL's server (Debian package postgresql)");
        }

        // The server refuses to run as root; Debian's package brings an account for it.
        var account = Environment.UserName == "root" ? "postgres" : null;
        var folder = Directory.CreateTempSubdirectory("semblance-postgres-").FullName;
        var server = new PostgresServer(folder, programs, account, FreePort());
        if (account is not null)
        {
            Execute("chown", account, folder);
        }

        server.Run("initdb", "-D", server.Data, "-U", "semblance", "-A", "trust", "-E", "UTF8", "--locale=C");
        server.Begin();
        return (server, "");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (_account is null)
        {
            Execute(path, arguments);
        }
        else
        {
            Execute("runuser", ["-u", _account, "--", path, .. arguments]);
        }
    }

    private static void Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;

        // The server that is started inherits the pipes and never closes them: only the program itself is waited for.
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {(errors.Wait(1000) ? errors.Result : "")}");
        }
    }
}
