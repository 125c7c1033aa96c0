using Semblance.Core;
using Semblance.Data;
using Semblance.Models;
using Semblance.Models.Backbones;
using Semblance.Synthesis.Scenes;

namespace Semblance.Training.Recipes;

/// <summary>What no single value shows: settings that contradict each other or name things that do not exist.</summary>
internal static class RecipeChecks
{
    /// <summary>Every fault; the origin is left to the caller, who knows where each value stood.</summary>
    public static IEnumerable<RecipeFault> Faults(Recipe recipe) =>
        [.. Model(recipe.Model), .. PublicWeights(recipe), .. Sources(recipe.Data), .. Stages(recipe), .. Machine(recipe), .. Validation(recipe)];

    /// <summary>Height and width of <c>128x64</c>.</summary>
    /// <exception cref="FormatException">It is not two whole numbers of 16 to 4096 with an x between them.</exception>
    public static (int Height, int Width) Size(string size) =>
        size.Split('x') is [var h, var w] && int.TryParse(h, out var height) && int.TryParse(w, out var width) && height is >= 16 and <= 4096 && width is >= 16 and <= 4096
            ? (height, width)
            : throw new FormatException($"\"{size}\", expected height x width in pixels, 16 to 4096 each, such as 128x64");

    private static IEnumerable<RecipeFault> Sources(DataRecipe data)
    {
        if (data.Sources.Count == 0)
        {
            yield return Fault("data.sources", "no source to learn from, expected at least one with \"layout\" and \"path\", or with \"world\"");
        }

        for (var i = 0; i < data.Sources.Count; i++)
        {
            var (source, path) = (data.Sources[i], $"data.sources.{i}");
            var onDisk = source.Layout is not null || source.Path is not null;
            if (onDisk == source.World is not null)
            {
                yield return Fault(path, onDisk ? "both a data set on disk and a world, expected one of them: make two sources of it"
                    : "empty, expected \"layout\" and \"path\", or \"world\"");
            }
            else if (onDisk && (source.Layout is null || source.Path is null))
            {
                yield return Fault(path, source.Layout is null ? "a path without its \"layout\", such as market1501" : "a layout without its \"path\"");
            }

            if (source.Layout is { } layout && !DataLayout.Names.Contains(layout))
            {
                yield return Fault($"{path}.layout", $"\"{layout}\", expected one of {string.Join(", ", DataLayout.Names)}{Suggestion.DidYouMean(layout, DataLayout.Names)}");
            }

            if (source.Split is "test" or "query" or "gallery" or "val")
            {
                yield return Fault($"{path}.split", $"\"{source.Split}\" is refused: learning from it, or choosing a model on it, would make every figure measured on it "
                    + "worthless; expected train (people for validation are held out of it by \"validation.identities\")");
            }
            else if (source.Split != "train")
            {
                yield return Fault($"{path}.split", $"\"{source.Split}\", expected train");
            }

            if (source.World is not { } world)
            {
                continue;
            }

            if (world.Domains.Count == 0)
            {
                yield return Fault($"{path}.world.domains", "empty, expected at least one domain");
            }

            var known = Domain.All.Select(domain => domain.Name).ToList();
            foreach (var domain in world.Domains.Where(domain => !known.Contains(domain)))
            {
                yield return Fault($"{path}.world.domains", $"\"{domain}\", expected some of {string.Join(", ", known)}{Suggestion.DidYouMean(domain, known)}");
            }

            if (world.Size is { } size && Complaint(size) is { } complaint)
            {
                yield return Fault($"{path}.world.size", complaint);
            }
        }
    }

    private static IEnumerable<RecipeFault> Stages(Recipe recipe)
    {
        if (recipe.StageA.Steps == 0 && recipe.StageB.Steps == 0)
        {
            yield return Fault("stage_b.steps", "0 like stage_a.steps: nothing would be trained");
        }

        if (recipe.StageA.Steps == 0 && recipe.Model.Options is Lcr2sOptions and ({ FeatureWeight: > 0 } or { RelationWeight: > 0 }))
        {
            yield return Fault("stage_a.steps", "0, but the student is to be taught: give the teacher steps, or set model.options.feature_weight and relation_weight to 0");
        }

        if (recipe.StageB.Steps == 0 && DualTowerMethod.For(recipe.Model.Options) is not null)
        {
            yield return Fault("stage_b.steps", "0, but this method's network learns in stage B alone: what would be saved has learnt nothing");
        }

        if (recipe is { StageB.Steps: > 0, Model.Options: MmetOptions { FusionHeadWeight: 0, ImageHeadWeight: 0, TextHeadWeight: 0, IdentificationContrastiveWeight: 0 } })
        {
            yield return Fault("model.options.fusion_head_weight", "0 like every other head's: stage B would learn nothing");
        }

        if (recipe.StageB is { Order: IdentificationOrder.Random, BatchesPerEpoch: not null })
        {
            yield return Fault("stage_b.batches_per_epoch", "set, but batches in random order pass once over all pictures: leave it out");
        }

        if (recipe is { StageB: { Steps: > 0, Order: IdentificationOrder.Random }, Model.Options: MmetOptions })
        {
            yield return Fault("stage_b.order", "random, but MMET's triplets need several pictures of a person in a batch: expected people");
        }

        if (recipe.StageA is { Steps: > 0, Ratio: { Image: 0, Text: 0, Pair: 0 } })
        {
            yield return Fault("stage_a.ratio", "0 for every kind of batch, expected at least one kind");
        }

        if (recipe is { StageA: { Steps: > 0, Foreground: ForegroundKind.Attention }, Model.StartWeights: null })
        {
            yield return Fault("stage_a.foreground", "attention, which looks through a trained encoder: name a model's folder in model.start_weights");
        }

        foreach (var (stage, optimiser, steps) in new[] { ("stage_a", recipe.StageA.Optimiser, recipe.StageA.Steps), ("stage_b", recipe.StageB.Optimiser, recipe.StageB.Steps) })
        {
            if (steps > 0 && optimiser.Warmup > steps)
            {
                yield return Fault($"{stage}.optimiser.warmup", $"{optimiser.Warmup} steps of a stage of {steps}");
            }
        }
    }

    private static IEnumerable<RecipeFault> Machine(Recipe recipe)
    {
        var cuda = recipe.Device == "cuda" || (recipe.Device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(recipe.Device[5..], out var index) && index >= 0);
        if (!cuda && recipe.Device != "cpu")
        {
            yield return Fault("device", $"\"{recipe.Device}\", expected cpu or cuda:0");
        }

        if (!cuda && recipe.Precision == Precision.Float16)
        {
            yield return Fault("precision", "float16, which only CUDA computes fast: set device to cuda:0, or precision to auto");
        }

        var (a, b) = (recipe.StageA, recipe.StageB);
        foreach (var (path, count) in new[]
        {
            ("stage_a.batch_size", recipe.Model.Options is MmetOptions && a.Steps > 0 ? a.BatchSize : 0),
            ("stage_b.identities", b.Order == IdentificationOrder.Random ? b.Identities * b.ImagesPerIdentity : b.Steps > 0 ? b.Identities : 0),
        })
        {
            if (count % recipe.Processes != 0)
            {
                yield return Fault("processes", $"{recipe.Processes}, which do not share a batch evenly: {path} gives {count}, expected a multiple of {recipe.Processes}");
            }
        }
    }

    private static IEnumerable<RecipeFault> Model(ModelRecipe model)
    {
        foreach (var fault in model.Options.Faults())
        {
            yield return Fault("model.options", fault);
        }

        if (model.Options.VocabularySize != MethodPresets.Named(model.Preset).VocabularySize)
        {
            yield return Fault("model.options.vocabulary_size", "follows from the vocabulary: set vocabulary.size, or vocabulary.path");
        }

        if (model.Options is MmetOptions { VisualTarget: VisualTargetKind.DvaeTokens } && model.VisualTokenizer is null)
        {
            yield return Fault("model.visual_tokenizer", "missing, but visual_target dvae-tokens needs the weights of the DALL-E encoder: name their file, or set model.options.visual_target to pixels");
        }
    }

    private static IEnumerable<RecipeFault> PublicWeights(Recipe recipe)
    {
        var model = recipe.Model;
        if (model.Backbone is not null && model.Options.BackboneKind is null)
        {
            yield return Fault("model.backbone", $"given, but {model.Preset} has no public backbone: it starts from model.start_weights");
        }

        if (model.Words is not null && model.Options.ReadingWordsBy(new BertOptions()) is null)
        {
            yield return Fault("model.words", $"given, but {model.Preset} reads words by itself: leave it out");
        }

        if (model is { StartWeights: { } start, Options: MmetOptions } && File.Exists(start) && recipe.Vocabulary.Path is null)
        {
            yield return Fault("vocabulary.path", "missing: start weights in a file, such as FLAVA's, need the vocabulary that they were trained with (BERT's vocab.txt)");
        }

        if (model.Words is not null && recipe.Vocabulary.Path is null)
        {
            yield return Fault("vocabulary.path", "missing: a BERT in model.words needs the vocabulary that it was trained with (its vocab.txt)");
        }

        if (model.StartWeights is not null && (model.Backbone ?? model.Words) is not null)
        {
            yield return Fault("model.start_weights", "given beside model.backbone or model.words, which would fill the same places: give one or the other");
        }

        if (model.Words is null && model.Options is AxmNetOptions { Bert: not null } or Lcr2sOptions { Bert: not null })
        {
            yield return Fault("model.options.bert", "follows from the weights: name their file in model.words");
        }
    }

    private static IEnumerable<RecipeFault> Validation(Recipe recipe)
    {
        var validation = recipe.Validation;
        for (var i = 0; i < validation.Tasks.Count; i++)
        {
            if (!EvaluationTasks.Keys.Contains(validation.Tasks[i]))
            {
                yield return Fault($"validation.tasks.{i}", $"\"{validation.Tasks[i]}\", expected {string.Join(", ", EvaluationTasks.Keys)}{Suggestion.DidYouMean(validation.Tasks[i], EvaluationTasks.Keys)}");
            }
        }

        foreach (var (task, why) in new[]
        {
            ("multi-query", "needs hand-drawn boxes, which people held out of training do not have"),
            ("within-pair", recipe.Model.Options is MmetOptions ? null : "needs a model that reads a picture and words together, as MMET does"),
        })
        {
            if (why is not null && validation.Identities > 0 && validation.Tasks.Contains(task))
            {
                yield return Fault("validation.tasks", $"{task} {why}");
            }
        }

        if (validation.ImagesPerIdentity <= validation.Queries)
        {
            yield return Fault("validation.images_per_identity", $"{validation.ImagesPerIdentity}, all of which would ask: expected more than validation.queries, {validation.Queries}");
        }

        if (validation.Identities == 1)
        {
            yield return Fault("validation.identities", "1: one person is always found again, expected 0 or at least 2");
        }
    }

    private static string? Complaint(string size)
    {
        try
        {
            Size(size);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static RecipeFault Fault(string path, string problem) => new(path, "", problem);
}
