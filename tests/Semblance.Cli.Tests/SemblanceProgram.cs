using System.Diagnostics;

namespace Semblance.Cli.Tests;

/// <summary>The built program as a process of its own: what is tested is what a person starts.</summary>
internal static class SemblanceProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static string Recipe(string name) => Path.Combine(AppContext.BaseDirectory, "recipes", name);

    public static Said Run(params string[] arguments) => Run(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static Said Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(environment, interruptAt: null, arguments);

    /// <summary>The same, told to end as soon as something holds: by SIGTERM, since SIGINT is ignored by whatever a shell started in the background.</summary>
    public static Said RunInterrupted(Func<bool> interruptAt, params string[] arguments) => Run(new Dictionary<string, string>(StringComparer.Ordinal), interruptAt, arguments);

    private static Said Run(IReadOnlyDictionary<string, string> environment, Func<bool>? interruptAt, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "semblance.exe" : "semblance"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Many short lives on small tensors: optimising code that runs once, and threads that wait for each other, cost more than they bring.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment.Remove("SEMBLANCE_DEBUG");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (interruptAt is not null)
        {
            while (!interruptAt() && !process.HasExited)
            {
                Thread.Sleep(10);
            }

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            kill.WaitForExit();
        }

        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"semblance {string.Join(' ', arguments)} runs longer than {Patience}");
        }

        return new Said(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
