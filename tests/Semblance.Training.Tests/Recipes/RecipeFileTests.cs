using Semblance.Core;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests.Recipes;

public sealed class RecipeFileTests
{
    private const string Plain = """
        name: plain
        model: { preset: small }
        data:
          sources:
            - world: { domains: [plaza, station], identities: 20, images: 4, seed: 7, size: 64x32 }
        stage_a:
          steps: 12
          optimiser: { learning_rate: 1e-3 }
        """;

    [Fact]
    public void WhatIsNotSetKeepsItsDefault()
    {
        var recipe = RecipeFile.Parse(Plain, "plain.yaml").Recipe;
        Assert.Equal(12, recipe.StageA.Steps);
        Assert.Equal(1e-3, recipe.StageA.Optimiser.LearningRate);
        Assert.Equal(0.1, recipe.StageA.Optimiser.WeightDecay);
        Assert.Equal(10, recipe.StageB.Optimiser.HeadFactor);
        Assert.Equal(3e-5, recipe.StageB.Optimiser.LearningRate);
        Assert.Equal(["plaza", "station"], recipe.Data.Sources[0].World!.Domains);
    }

    [Fact]
    public void MisspeltKeyOffersTheNearestAndItsLine()
    {
        var error = Assert.Throws<RecipeException>(() => RecipeFile.Parse(Plain.Replace("  steps: 12", "  step: 12", StringComparison.Ordinal), "plain.yaml"));
        Assert.Equal("plain.yaml: 1 fault\n  plain.yaml line 7: stage_a.step: unknown key (did you mean \"steps\"?)", error.Message);
    }

    [Fact]
    public void AllFaultsAreToldAtOnce()
    {
        var error = Assert.Throws<RecipeException>(() => RecipeFile.Parse("""
            sead: 1
            precision: bfloat61
            stage_a: { steps: many, batch_size: 1 }
            stage_b: [4]
            validation:
              queries: 0
            """, "wrong.yaml"));
        Assert.Equal(
            [("sead", 1), ("precision", 2), ("stage_a.steps", 3), ("stage_a.batch_size", 3), ("stage_b", 4), ("validation.queries", 6)],
            error.Faults.Select(fault => (fault.Path, int.Parse(fault.Origin.Split(' ')[^1]))));
        Assert.Contains("did you mean \"seed\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean \"bfloat16\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"many\", expected a whole number", error.Message, StringComparison.Ordinal);
        Assert.Contains("1, expected 2 to 65536", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LaterLayersWinAndOriginsSayWhich()
    {
        var file = RecipeFile.Parse(Plain, "plain.yaml", ["stage_a.steps=34", "data.sources.0.world.seed=8"],
            new Dictionary<string, string> { ["SEMBLANCE_RECIPE__STAGE_A__STEPS"] = "33", ["SEMBLANCE_RECIPE__LOG_EVERY"] = "5", ["PATH"] = "x" });
        Assert.Equal(34, file.Recipe.StageA.Steps);
        Assert.Equal(5, file.Recipe.LogEvery);
        Assert.Equal(8, file.Recipe.Data.Sources[0].World!.Seed);
        Assert.Equal("--set", file.OriginOf("stage_a.steps"));
        Assert.Equal("SEMBLANCE_RECIPE__LOG_EVERY", file.OriginOf("log_every"));
        Assert.Equal("plain.yaml line 8", file.OriginOf("stage_a.optimiser.learning_rate"));
        Assert.Equal("default", file.OriginOf("seed"));
        Assert.Contains("  steps: 34  # --set\n", file.Describe(), StringComparison.Ordinal);
        Assert.Contains("seed: 1  # default\n", file.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void WritingAndReadingGivesTheSameRecipe()
    {
        var recipe = RecipeFile.Parse(Plain, "plain.yaml", ["name=\"a: 'b' \\\"c\\\" #d\"", "vocabulary.path=\"null\""]).Recipe;
        var again = RecipeFile.Parse(RecipeFile.Write(recipe), "again.yaml").Recipe;
        Assert.Equal(RecipeFile.Write(recipe), RecipeFile.Write(again));
        Assert.Equal("a: 'b' \"c\" #d", again.Name);
        Assert.Equal("null", again.Vocabulary.Path);
    }

    [Fact]
    public void OnlyWhatMattersForTheWeightsIsADifference()
    {
        var recipe = RecipeFile.Parse(Plain, "plain.yaml").Recipe;
        Assert.Empty(RecipeFile.Differences(recipe, recipe with { Name = "other", LogEvery = 3, Loader = new() { Threads = 1 } }));
        Assert.Equal([("stage_a.batch_size", "64", "32")], RecipeFile.Differences(recipe, recipe with { StageA = recipe.StageA with { BatchSize = 32 } }));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("query")]
    [InlineData("gallery")]
    public void TestSplitsAreRefusedAndTheReasonIsSaid(string split)
    {
        var error = Assert.Throws<RecipeException>(() => RecipeFile.Parse($"model: {{preset: small}}\ndata: {{sources: [{{layout: market1501, path: /data, split: {split}}}]}}", "cheat.yaml"));
        Assert.Equal("data.sources.0.split", Assert.Single(error.Faults).Path);
        Assert.Contains("worthless", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: {sources: []}", "no source to learn from")]
    [InlineData("data: {sources: [{layout: market1501}]}", "a layout without its \"path\"")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}, path: /data, layout: market1501}]}", "both a data set on disk and a world")]
    [InlineData("data: {sources: [{world: {domains: [plaza], size: 128}}]}", "expected height x width")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nstage_a: {steps: 0}\nstage_b: {steps: 0}", "nothing would be trained")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nstage_a: {ratio: {image: 0, text: 0, pair: 0}}", "0 for every kind of batch")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\ndevice: gpu", "expected cpu or cuda:0")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nprecision: float16", "only CUDA computes fast")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nmodel: {preset: tiny, options: {hidden_width: 63}}", "HiddenWidth 63 cannot be shared")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nmodel: {preset: paper}", "dvae-tokens needs the weights of the DALL-E encoder")]
    [InlineData("model: {preset: smal}", "did you mean \"mmet-small\"")]
    [InlineData("model: {preset: tiny, options: {vocabulary_size: 70}}", "set vocabulary.size")]
    [InlineData("data: {sources: [{world: {domains: [plaza]}}]}\nvalidation: {tasks: [images]}", "did you mean \"image\"")]
    public void ContradictionsAreExplained(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => RecipeFile.Parse(yaml, "odd.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seed: 1\n  name: x", 2)]
    [InlineData("a: [1, 2\nb: 3", null)]
    [InlineData("seed: 1\nseed: 2", 2)]
    [InlineData("name: &x y\ndevice: *x", 1)]
    [InlineData("seed: 1\n---\nseed: 2", 2)]
    [InlineData("seed: !!binary aGk=", 1)]
    public void DamagedYamlIsToldWithItsLine(string yaml, int? line)
    {
        var error = Assert.Throws<SemblanceFormatException>(() => RecipeFile.Parse(yaml, "damaged.yaml"));
        Assert.StartsWith("damaged.yaml", error.Message, StringComparison.Ordinal);
        Assert.Equal(line, (int?)error.Position);
    }

    [Fact]
    public void BottomlessNestingIsRefusedNotFollowed() =>
        Assert.Contains("nested deeper", Assert.Throws<SemblanceFormatException>(() => RecipeFile.Parse(new string('[', 100000), "deep.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("stage_a.steps")]
    [InlineData("=3")]
    [InlineData("stage_a..steps=3")]
    [InlineData("name.x=3")]
    [InlineData("data.sources.1.path=/x")]
    public void SettingsThatLeadNowhereAreRefused(string setting) => Assert.Throws<RecipeException>(() => RecipeFile.Parse(Plain, "plain.yaml", [setting]));
}
