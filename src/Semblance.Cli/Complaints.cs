using System.CommandLine;
using System.CommandLine.Parsing;
using Semblance.Core;

namespace Semblance.Cli;

/// <summary>What is wrong with a command line, said so that the next attempt succeeds.</summary>
internal static class Complaints
{
    /// <summary>One sentence for each fault.</summary>
    public static IReadOnlyList<string> About(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            var verbs = command.Subcommands.Select(verb => verb.Name).ToArray();
            return parsed.UnmatchedTokens is [var word, ..]
                ? [$"there is no verb \"{word}\"{Suggestion.DidYouMean(word, verbs)}: expected one of {string.Join(", ", verbs)}"]
                : [$"which verb? One of {string.Join(", ", verbs)}"];
        }

        List<string> complaints = [.. Unknown(parsed), .. Missing(parsed), .. Unreadable(parsed)];
        return complaints.Count > 0 ? complaints : [.. parsed.Errors.Select(error => error.Message)];
    }

    private static IEnumerable<string> Unknown(ParseResult parsed)
    {
        var known = parsed.CommandResult.Command.Options.Select(option => option.Name).ToArray();
        string[] options = [.. parsed.UnmatchedTokens.Where(word => word.StartsWith('-'))];

        // The words behind an unknown option are probably its values.
        return options.Length > 0
            ? options.Select(word => $"there is no option \"{word}\"{Suggestion.DidYouMean(word, known)}")
            : parsed.UnmatchedTokens.Select(word => $"\"{word}\" is one word too many: put text with spaces in quotes");
    }

    private static IEnumerable<string> Missing(ParseResult parsed) =>
    [
        .. from argument in parsed.CommandResult.Command.Arguments
           where argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }
           select $"{argument.Name} is missing: {argument.Description}",
        .. from option in parsed.CommandResult.Command.Options
           where option.Required && parsed.GetResult(option) is null
           select $"{option.Name} is missing: {option.Description}",
    ];

    private static IEnumerable<string> Unreadable(ParseResult parsed) =>
        from error in parsed.Errors
        let result = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult
        where result is not null
        select result.Tokens is [.., { Value: var value }]
            ? $"{result.Option.Name} is \"{value}\", expected {Expected(result.Option.ValueType)}"
            : $"{result.Option.Name} needs a value: {result.Option.Description}";

    private static string Expected(Type type) => (Nullable.GetUnderlyingType(type) ?? (type.IsArray ? type.GetElementType()! : type)) switch
    {
        var kind when kind == typeof(int) || kind == typeof(long) || kind == typeof(ulong) => "a whole number",
        var kind when kind == typeof(double) => "a number",
        var kind when kind == typeof(bool) => "true or false",
        var kind when kind == typeof(DateTimeOffset) => "a time such as 2026-05-01T08:30:00Z",
        _ => "one value",
    };
}
