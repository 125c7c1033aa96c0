using Spectre.Console;

namespace Semblance.Cli.Terminal;

/// <summary>What is said to the person while work goes on: always on stderr, so that stdout holds results only.</summary>
internal static class Talk
{
    private static readonly IAnsiConsole Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    /// <summary>True when stderr is a terminal that a progress line can be redrawn on.</summary>
    public static bool IsInteractive { get; } = !System.Console.IsErrorRedirected && Console.Profile.Capabilities.Ansi;

    public static void Line(string text) => System.Console.Error.WriteLine(text);

    /// <summary>A step that counts: redrawn in place on a terminal, a plain line now and then elsewhere.</summary>
    public static WorkProgress Begin(string step, string unit) => new(step, unit);

    /// <summary>Seconds as a person reads them.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => $"{time.TotalSeconds:0} s",
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };
}
