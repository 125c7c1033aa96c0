using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Core;
using Semblance.Tensors.Distributed;
using Semblance.Training.Recipes;

namespace Semblance.Training.Processes;

/// <summary>The other processes of a run, on this machine: this program again, told by variables which share it takes. They end with this one.</summary>
internal sealed class HelperProcesses : IDisposable
{
    /// <summary>A folder that no disk is behind.</summary>
    private const string Memory = "/dev/shm";

    private const int LinesKept = 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("semblance-processes-").FullName;
    private readonly List<(Process Process, Queue<string> Said)> _helpers = [];
    private readonly int _size;

    private HelperProcesses(int size) => _size = size;

    private string Meeting { get; } = Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"semblance-{Guid.NewGuid():N}");

    /// <summary>Starts them.</summary>
    /// <param name="program">What starts this program, and its first arguments; <c>train RECIPE --out RUN --resume</c> follows.</param>
    /// <param name="recipe">Settled, so that all of them train by the same one.</param>
    /// <param name="directory">Of the run.</param>
    public static HelperProcesses Start(IReadOnlyList<string> program, Recipe recipe, string directory)
    {
        var helpers = new HelperProcesses(recipe.Processes);
        try
        {
            var file = Path.Combine(helpers._folder, "recipe.yaml");
            AtomicFile.WriteText(file, RecipeFile.Write(recipe));
            for (var rank = 1; rank < recipe.Processes; rank++)
            {
                helpers.Start([.. program, "train", file, "--out", directory, "--resume"], rank);
            }

            return helpers;
        }
        catch
        {
            helpers.Dispose();
            throw;
        }
    }

    /// <summary>The group of this process and its helpers.</summary>
    /// <param name="patience">How long any of them may keep the others waiting.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">A helper ended before it was there; the message has its last words.</exception>
    public ProcessGroup Join(TimeSpan patience, CancellationToken cancellation)
    {
        // Whoever waits inside libtorch hears neither of a helper's death nor of Ctrl-C.
        while (_helpers.Where((_, i) => !File.Exists(Arrival(Meeting, i + 1))).Any())
        {
            cancellation.ThrowIfCancellationRequested();
            ThrowIfOneEnded();
            Thread.Sleep(20);
        }

        var group = ProcessGroup.Join(MeetingPlace.AtFile(Meeting), 0, _size, patience);

        // All of them have read what they were started with: nothing is left behind by a process that is killed from here on.
        Clear();
        return group;
    }

    /// <summary>A helper says that it is about to join. From here on it ends with the process that started it, however that one ends.</summary>
    public static void Arrive(ProcessSeat seat)
    {
        if (seat.Place.File is not { } meeting)
        {
            return;
        }

        new Thread(() =>
        {
            // Nobody writes there: the end comes with the other end of the pipe.
            while (Console.OpenStandardInput().ReadByte() >= 0)
            {
            }

            Environment.Exit(1);
        })
        {
            IsBackground = true,
        }.Start();
        File.WriteAllText(Arrival(meeting, seat.Rank), "");
    }

    /// <summary>The last words of the helper whose end others were told of; null when it was none.</summary>
    /// <param name="message">What the others were told.</param>
    public string? Failure(string message) =>
        Regex.Match(message, "rank ([1-9][0-9]*) of [0-9]+ has ended") is { Success: true } ended ? Failure(int.Parse(ended.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;

    /// <summary>The last words of a helper that failed, the first of them unless one is named; waits a little for those that are about to.</summary>
    private string? Failure(int? rank = null)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Grace && _helpers.Any(helper => !helper.Process.HasExited))
        {
            Thread.Sleep(20);
        }

        for (var i = 0; i < _helpers.Count; i++)
        {
            var (process, said) = _helpers[i];
            if ((rank ?? (i + 1)) == i + 1 && process.HasExited && process.ExitCode != 0)
            {
                process.WaitForExit();    // until its last words are read
                lock (said)
                {
                    return $"rank {i + 1} of {_size} ended with exit code {process.ExitCode}{(said.Count == 0 ? "" : $": {string.Join("\n", said)}")}";
                }
            }
        }

        return null;
    }

    public void Dispose()
    {
        var patience = Stopwatch.StartNew();
        foreach (var (process, _) in _helpers)
        {
            process.StandardInput.Close();
        }

        foreach (var (process, _) in _helpers)
        {
            var left = Grace - patience.Elapsed;
            if (!process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        Clear();
    }

    private void Clear()
    {
        foreach (var left in Enumerable.Range(1, _size).Select(rank => Arrival(Meeting, rank)).Append(Meeting))
        {
            File.Delete(left);
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string Arrival(string meeting, int rank) => $"{meeting}.{rank}";

    private void Start(IReadOnlyList<string> command, int rank)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(RecipeFile.EnvironmentPrefix, StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);    // the recipe has it already
        }

        foreach (var (name, value) in ProcessSeat.Variables(rank, _size, Meeting))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var said = new Queue<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                if (line.Data is { Length: > 0 } text)
                {
                    said.Enqueue(text);
                    if (said.Count > LinesKept)
                    {
                        said.Dequeue();
                    }
                }
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _helpers.Add((process, said));
    }

    private void ThrowIfOneEnded()
    {
        if (_helpers.Any(helper => helper.Process.HasExited))
        {
            throw new InvalidOperationException($"a process that was to train with this one has gone: {Failure() ?? "it ended without a word"}");
        }
    }
}
