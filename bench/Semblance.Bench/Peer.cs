using System.Diagnostics;
using System.Globalization;

namespace Semblance.Bench;

/// <summary>
/// A peer in a process of its own. It loads what it needs once and then runs a named piece of work each time it is told to, so that its rounds and ours can
/// take turns on one machine. While it waits for a line it uses no processor.
/// </summary>
/// <remarks>Protocol, line by line: the peer prints <c>ready</c>; we write the name of a piece of work; it answers with one line, most often the seconds that the work took.</remarks>
internal sealed class Peer : IDisposable
{
    private const string BlasVariable = "OPENBLAS_CORETYPE";

    private readonly string _name;
    private readonly Process _process;

    /// <summary>Starts <c>python3 peers/NAME.py ARGUMENTS</c>, Debian's or the one that SEMBLANCE_PYTHON names, and waits until it is ready.</summary>
    /// <param name="name">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="blas">The kernels that OpenBLAS is told to use; null leaves them to the peer's own choice, whatever we chose for ourselves.</param>
    /// <exception cref="InvalidOperationException">It did not start; what it printed stands above the message.</exception>
    public Peer(string name, IEnumerable<string>? arguments = null, string? blas = null)
    {
        _name = name;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("SEMBLANCE_PYTHON") ?? "/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", $"{name}.py"));
        foreach (var argument in arguments ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove(BlasVariable);
        if (blas is not null)
        {
            start.Environment[BlasVariable] = blas;
        }

        _process = Process.Start(start)!;
        var answer = _process.StandardOutput.ReadLine();
        if (answer != "ready")
        {
            throw new InvalidOperationException($"the peer {name} answered \"{answer}\", expected \"ready\"");
        }
    }

    /// <summary>The peer's answer to a line.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public string Ask(string work)
    {
        _process.StandardInput.WriteLine(work);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the peer {_name} ended at \"{work}\"; its reason stands above");
    }

    /// <summary>Numbers, by blanks apart, in answer to a line.</summary>
    public double[] Numbers(string work)
    {
        var answer = Ask(work);
        var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            numbers[i] = double.TryParse(words[i], CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InvalidOperationException($"the peer {_name} answered \"{answer}\" to \"{work}\", expected numbers");
        }

        return numbers;
    }

    /// <summary>Seconds of one round of the named work, measured by the peer.</summary>
    public double Run(string work) => Numbers(work)[0];

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
