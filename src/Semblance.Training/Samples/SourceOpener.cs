using Semblance.Core;
using Semblance.Data;
using Semblance.Models;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Text;
using Semblance.Training.Recipes;

namespace Semblance.Training.Samples;

/// <summary>Opens what a recipe learns from: data sets on disk as they are, each domain of a world as a data set of its own.</summary>
internal static class SourceOpener
{
    /// <summary>Wordings of a picture's attributes that its accesses choose among.</summary>
    private const int WrittenCaptionsEach = 16;

    private const ulong WrittenCaptionsSeed = 27;

    public static IReadOnlyList<PersonDataset> Open(DataRecipe data, MethodOptions options) =>
        [.. data.Sources.SelectMany(source => source.World is { } world ? OpenWorld(world, options) : [OpenOnDisk(source)])];

    private static PersonDataset OpenOnDisk(SourceRecipe source)
    {
        var dataset = Read(source);
        return (source.WriteCaptions ?? (source.Layout == FineGpr.Key ? CaptionStyle.Plain : null)) is { } style
            ? WrittenCaptions.For(dataset, style, source.CaptionsPerPicture ?? WrittenCaptionsEach, WrittenCaptionsSeed) : dataset;
    }

    private static PersonDataset Read(SourceRecipe source) => DataLayout.Open(source.Layout!, source.Path!, new DatasetOptions
    {
        AcceptWithdrawn = source.AcceptWithdrawn ? [source.Layout!] : [],
        TestSet = source.TestSet,
        MaxMissing = source.MaxMissing,
        CaptionsPerPicture = source.CaptionsPerPicture,

        // What is measured on is not what is learnt from: a gap there is no reason not to train.
        AllowIncomplete = true,
    });

    private static IEnumerable<PersonDataset> OpenWorld(WorldRecipe recipe, MethodOptions options)
    {
        var (height, width) = recipe.Size is { } size ? RecipeChecks.Size(size) : (options.Height, options.Width);
        foreach (var domain in recipe.Domains)
        {
            var world = new World(new WorldOptions
            {
                Domain = domain,

                // Every domain has people of its own: the same seed would dress the same people for another place.
                Seed = Randomness.For((ulong)recipe.Seed, Randomness.Key(domain)).NextBits(),
                Identities = recipe.Identities,
                ImagesPerIdentity = recipe.Images,
                CaptionsPerImage = recipe.Captions,
                Captions = new CaptionOptions { WrongFacts = recipe.WrongFacts, MissingFacts = recipe.MissingFacts },
                Width = width,
                Height = height,
            });
            yield return world.AsDataset(WorldSplit.AllTrain);
        }
    }
}
