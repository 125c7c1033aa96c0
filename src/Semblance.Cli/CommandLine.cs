using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Semblance.Cli.Terminal;
using Semblance.Cli.Verbs;
using Semblance.Core;
using Semblance.Data.Loading;
using Semblance.Gallery.Stores;
using Semblance.Training;

namespace Semblance.Cli;

/// <summary>All verbs, and the one place where errors become a line on stderr and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Every verb with its options.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Finds a person again by how they look: from a photo, from words, or from both.")
        {
            QuickstartVerb.Create(),
            WorldVerb.Create(),
            DataVerb.Create(),
            TrainVerb.Create(),
            EvalVerb.Create(),
            TransferVerb.Create(),
            GalleryVerb.Create(),
            ServeVerb.Create(),
            ServeVerb.Keys(),
            SearchVerb.Create(),
            ExplainVerb.Create(),
            ImportVerb.Create(),
            ExportVerb.Create(),
            ReproduceVerb.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>0 done; 1 the work failed; 2 the command line or a value on it is wrong; 3 a file from outside is damaged or of another kind; 130 interrupted.</summary>
    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var complaint in Complaints.About(parsed))
            {
                Console.Error.WriteLine($"semblance: {complaint}");
            }

            Console.Error.WriteLine($"semblance: see {CalledAs(parsed)} --help");
            return 2;
        }

        try
        {
            // The library's own handling begins when a verb first waits, which one that computes never does.
            using var interruption = new CancellationTokenSource();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, interruption));
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, interruption));
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("semblance: interrupted");
            return 130;
        }
        catch (Exception e) when (Cause(e) is SemblanceFormatException or GalleryStoreException)
        {
            // A loader's message also says which record it was.
            Console.Error.WriteLine($"semblance: {(e is AggregateException ? Cause(e) : e).Message}");
            return 3;
        }
        catch (Exception e) when (e is ArgumentException or DirectoryNotFoundException or FileNotFoundException or ResumeException or NotSupportedException)
        {
            Console.Error.WriteLine($"semblance: {Plain(e)}");
            return 2;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("SEMBLANCE_DEBUG") is null)
        {
            Console.Error.WriteLine($"semblance: {Plain(e)} (SEMBLANCE_DEBUG=1 shows where)");
            return 1;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource interruption)
    {
        // A second one takes its usual way.
        if (!interruption.IsCancellationRequested)
        {
            signal.Cancel = true;
            Console.Error.WriteLine("semblance: ending as soon as nothing is lost by it; once more ends at once");
            interruption.Cancel();
        }
    }

    /// <summary>What several threads, or a loader, only passed on.</summary>
    private static Exception Cause(Exception e) => e switch
    {
        AggregateException several => Cause(several.Flatten().InnerExceptions[0]),
        LoadException { InnerException: { } inner } => Cause(inner),
        _ => e,
    };

    // .NET appends the parameter's name, which means nothing on a command line.
    private static string Plain(Exception e) => e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "") : e.Message;

    private static string CalledAs(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(result.Command is RootCommand ? Spelling.Program : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
