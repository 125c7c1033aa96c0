using System.Diagnostics;

namespace Semblance.Training.Tests;

/// <summary>
/// This test program as a process of its own that trains the toy and nothing else, so that a test can kill it: with the variable set, the program trains in place of
/// running tests.
/// </summary>
internal static class ChildProcess
{
    private const string Variable = "SEMBLANCE_TEST_TRAIN_INTO";

    public static Process Train(string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.Environment[Variable] = directory;
        return Process.Start(start)!;
    }

    /// <summary>Trains, in a process that was started to.</summary>
    public static bool TrainIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } directory)
        {
            return false;
        }

        Toy.Trainer().Train(Toy.Recipe(KilledRunTests.Settings), directory, resume: true);
        return true;
    }
}
