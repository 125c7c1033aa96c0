using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Synthesis.Scenes;
using Semblance.Text;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance world make DIR ...</c> and <c>semblance world list</c></summary>
internal static class WorldVerb
{
    private static readonly Dictionary<string, WorldLayout> Layouts = new(StringComparer.Ordinal)
    {
        ["market1501"] = WorldLayout.Market1501,
        ["dukemtmc-reid"] = WorldLayout.DukeMtmc,
        ["msmt17"] = WorldLayout.Msmt17,
        ["cuhk03-np"] = WorldLayout.Cuhk03Np,
        ["cuhk-pedes"] = WorldLayout.CuhkPedes,
        ["icfg-pedes"] = WorldLayout.IcfgPedes,
        ["rstpreid"] = WorldLayout.RstpReid,
        ["finegpr"] = WorldLayout.FineGpr,
        ["cuhk-sysu"] = WorldLayout.CuhkSysu,
        ["randperson"] = WorldLayout.RandPerson,
        ["manifest"] = WorldLayout.Manifest,
        ["images"] = WorldLayout.Images,
    };

    public static Command Create() => new("world", "The synthetic world: rendered people with exact masks, attributes and captions.") { Make(), List() };

    private static Verb Make()
    {
        var directory = new Argument<string>("DIR") { Description = "Where the pictures go: a new or an empty folder." };
        var domain = new Option<string>("--domain") { Description = $"The place and its cameras: {string.Join(", ", Domain.All.Select(place => place.Name))}.", HelpName = "NAME", Required = true };
        var identities = new Option<int>("--identities") { Description = "How many people.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var images = new Option<int>("--images") { Description = "Pictures of each person.", HelpName = "K", DefaultValueFactory = _ => 8 };
        var seed = new Option<ulong>("--seed") { Description = "Another seed has other people.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var layout = new Option<string>("--layout") { Description = $"Whose files it imitates: {string.Join(", ", Layouts.Keys)}.", HelpName = "NAME", DefaultValueFactory = _ => "market1501" };
        var captions = new Option<int>("--captions") { Description = "Captions of each picture.", HelpName = "N", DefaultValueFactory = _ => 2 };
        var wrong = new Option<double>("--wrong-facts") { Description = "Chance of each fact of a caption to be told wrong.", HelpName = "P", DefaultValueFactory = _ => new CaptionOptions().WrongFacts };
        var missing = new Option<double>("--missing-facts") { Description = "Chance of each fact of a caption to be left out.", HelpName = "P", DefaultValueFactory = _ => new CaptionOptions().MissingFacts };
        var size = new Option<string>("--size") { Description = "Height x width in pixels.", HelpName = "HxW", DefaultValueFactory = _ => "256x128" };
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "make",
            "Renders a world into a folder, in the layout of a real data set.",
            "semblance world make out/world --domain plaza",
            "semblance world make out/world --domain station --identities 200 --images 4 --seed 3 --layout cuhk-pedes --size 128x64")
        {
            directory, domain, identities, images, captions, wrong, missing, seed, layout, size, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (height, width) = ParseSize(parsed.GetRequiredValue(size));
            var name = parsed.GetRequiredValue(layout);
            if (!Layouts.TryGetValue(name, out var chosen))
            {
                throw new ArgumentException($"\"{name}\" is no layout{Suggestion.DidYouMean(name, Layouts.Keys)}: expected one of {string.Join(", ", Layouts.Keys)}");
            }

            var world = new World(new WorldOptions
            {
                Domain = parsed.GetRequiredValue(domain),
                Identities = parsed.GetValue(identities),
                ImagesPerIdentity = parsed.GetValue(images),
                CaptionsPerImage = parsed.GetValue(captions),
                Captions = new CaptionOptions { WrongFacts = parsed.GetValue(wrong), MissingFacts = parsed.GetValue(missing) },
                Seed = parsed.GetValue(seed),
                Height = height,
                Width = width,
            });
            var target = OutputFolder.Checked(directory.Name, parsed.GetRequiredValue(directory));
            using (var progress = Talk.Begin("rendering", "pictures"))
            {
                WorldWriter.Write(world, target, chosen, progress: new Relay<int>(done => progress.Report(done, Math.Max(done, world.Count))), cancellation: cancellation);
            }

            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { directory = target, domain = world.Domain.Name, layout = name, identities = world.Options.Identities, pictures = world.Count, seed = world.Options.Seed })
                : $"{world.Count:N0} pictures of {world.Options.Identities:N0} people are in {target}.");
            return Task.FromResult(0);
        });
        return command;
    }

    private static Verb List()
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Verb("list", "The domains of the world.", "semblance world list", "semblance world list --json") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { domains = Domain.All.Select(domain => new { domain.Name, domain.Cameras, domain.Summary }) }));
                return;
            }

            foreach (var domain in Domain.All)
            {
                Console.Out.WriteLine($"{domain.Name,-14} {domain.Cameras} cameras  {domain.Summary}");
            }
        });
        return command;
    }

    private static (int Height, int Width) ParseSize(string size) =>
        size.Split('x') is [var high, var wide] && int.TryParse(high, CultureInfo.InvariantCulture, out var height) && int.TryParse(wide, CultureInfo.InvariantCulture, out var width)
            ? (height, width)
            : throw new ArgumentException($"--size is \"{size}\", expected HEIGHTxWIDTH such as 256x128");
}
