using System.CommandLine;
using System.CommandLine.Invocation;

namespace Semblance.Cli.Terminal;

/// <summary>The usual help, and below it the verb's examples; below the program's own, first steps and exit codes.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction usual) : SynchronousCommandLineAction
{
    private const string FirstSteps =
        """
        First steps:
          semblance quickstart
              everything once, in a world of rendered people
          semblance gallery build recipes/world-start-fine --images photos --camera door --out out/gallery
              people's pictures of your own, filed with the weights that come with Semblance
          semblance serve out/gallery
              asked in a browser
          semblance data check Market-1501
              is a data set whole?
          semblance train recipes/quickstart.yaml --out out/run
              a model of your own
        """;

    private const string ExitCodes =
        """
        Exit codes:
          0 done   1 the work failed   2 the command line, or a value on it, is wrong   3 a file from outside is damaged or of another kind   130 interrupted
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is RootCommand)
        {
            foreach (var line in FirstSteps.Split('\n'))
            {
                var text = line.TrimStart();
                output.WriteLine(line[..^text.Length] + Spelling.Of(text));
            }

            output.WriteLine();
            output.WriteLine(ExitCodes);
            return code;
        }

        // A group shows the first example of each of its verbs.
        var examples = command is Verb verb ? verb.Examples : [.. command.Subcommands.OfType<Verb>().Select(member => member.Examples[0])];
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {Spelling.Of(example)}");
        }

        return code;
    }
}
