using Semblance.Cli;

return await CommandLine.InvokeAsync(CommandLine.Root(), args);
