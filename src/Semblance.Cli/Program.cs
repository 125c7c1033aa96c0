using System.CommandLine;
using Semblance.Cli;

var root = new RootCommand("Finds a person again by how they look: from a photo, from words, or from both.");
return await CommandLine.InvokeAsync(root, args);
