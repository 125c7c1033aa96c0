using System.Diagnostics;
using System.Globalization;

namespace Semblance.Bench;

/// <summary>
/// A peer in a process of its own. It loads what it needs once and then runs a named piece of work each time it is told to, so that its rounds and ours can
/// take turns on one machine. While it waits for a line it uses no processor.
/// </summary>
/// <remarks>Protocol, line by line: the peer prints <c>ready</c>; we write the name of a piece of work; it answers with the seconds that the work took.</remarks>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts <c>python3 peers/NAME.py ARGUMENTS</c> and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message carries what it printed.</exception>
    public Peer(string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", $"{name}.py"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What we choose for ourselves is not pressed on the peer: it runs with its own defaults.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        // A thread pool that spins while it waits would take the processor from our rounds.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        _process = Process.Start(start)!;
        var answer = _process.StandardOutput.ReadLine();
        if (answer != "ready")
        {
            throw new InvalidOperationException($"the peer {name} answered \"{answer}\", expected \"ready\"");
        }
    }

    /// <summary>Seconds of one round of the named work, measured by the peer.</summary>
    public double Run(string work)
    {
        _process.StandardInput.WriteLine(work);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine();
        return double.TryParse(answer, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new InvalidOperationException($"the peer answered \"{answer}\" to \"{work}\", expected seconds");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
