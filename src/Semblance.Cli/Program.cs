using System.CommandLine;
using Semblance.Cli;
using Semblance.Cli.Verbs;

var root = new RootCommand("Finds a person again by how they look: from a photo, from words, or from both.")
{
    QuickstartVerb.Create(),
    WorldVerb.Create(),
    TrainVerb.Create(),
    EvalVerb.Create(),
    GalleryVerb.Create(),
    SearchVerb.Create(),
    ExplainVerb.Create(),
    ReproduceVerb.Create(),
};
return await CommandLine.InvokeAsync(root, args);
