using System.Diagnostics;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>
/// This test program as a process of its own that trains the toy and nothing else, so that a test can kill it: with the variable set, the program trains in place of
/// running tests.
/// </summary>
internal static class ChildProcess
{
    private const string Variable = "SEMBLANCE_TEST_TRAIN_INTO";

    /// <summary>What starts this program.</summary>
    public static IReadOnlyList<string> Program =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(ChildProcess).Assembly.Location] : [Environment.ProcessPath!];

    public static Process Train(string directory)
    {
        var start = new ProcessStartInfo(Program[0], Program.Skip(1)) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment[Variable] = directory;
        return Process.Start(start)!;
    }

    /// <summary>Trains, in a process that was started to: by a test, or as the helper of a run by several processes.</summary>
    public static bool TrainIfAsked(string[] arguments)
    {
        if (arguments is ["train", var recipe, "--out", var run, "--resume"])
        {
            Toy.Trainer().Train(RecipeFile.Read(recipe).Recipe, run, resume: true);
            return true;
        }

        if (Environment.GetEnvironmentVariable(Variable) is not { } directory)
        {
            return false;
        }

        Toy.Trainer().Train(Toy.Recipe(KilledRunTests.Settings), directory, resume: true);
        return true;
    }
}
