using Semblance.Tensors;
using Semblance.Tensors.Optimisers;
using Semblance.Training.Recipes;

namespace Semblance.Training.Loop;

/// <summary>Sorts parameters into groups: heads learn faster, and biases, norms, tokens, positions and the temperature do not decay.</summary>
internal static class ParameterGroups
{
    private static readonly string[] NeverDecaying = ["class_token", "mask_token", "positions", "positional_embedding", "log_scale"];

    /// <summary>An optimiser over what a stage trains.</summary>
    public static Optimiser MakeOptimiser(TrainingStage stage)
    {
        var recipe = stage.Optimiser;
        var groups = stage.Parameters
            .Where(parameter => parameter.Tensor.RequiresGrad)
            .GroupBy(parameter => (Head: stage.IsHead(parameter.Name), Decays: Decays(parameter.Name, parameter.Tensor)))
            .OrderBy(group => group.Key)
            .Select(group => new ParameterGroup(group.Select(parameter => parameter.Tensor))
            {
                LearningRate = recipe.LearningRate,
                Scale = group.Key.Head ? recipe.HeadFactor : 1,
                WeightDecay = group.Key.Decays ? recipe.WeightDecay : 0,
            });
        return recipe.Kind switch
        {
            OptimiserKind.Adamw => new AdamW(groups, recipe.Beta1, recipe.Beta2, recipe.Epsilon),
            OptimiserKind.Adam => new Adam(groups, recipe.Beta1, recipe.Beta2, recipe.Epsilon),
            _ => new Sgd(groups, recipe.Momentum),
        };
    }

    /// <summary>The learning rate of a step, counted from 0, before the heads' factor.</summary>
    public static double LearningRate(OptimiserRecipe recipe, long step, long steps)
    {
        var warmup = recipe.Warmup ?? Math.Min(2000, steps / 20);
        return recipe.LearningRate * recipe.Schedule switch
        {
            ScheduleKind.Cosine => LearningRateSchedule.CosineWithWarmup(step, warmup, steps, recipe.Floor),
            ScheduleKind.Linear => LearningRateSchedule.LinearWithWarmup(step, warmup, steps, recipe.Floor),
            _ => LearningRateSchedule.ConstantWithWarmup(step, warmup),
        };
    }

    /// <summary>Vectors and scalars are biases, norms and the temperature; tokens and positions go by name.</summary>
    internal static bool Decays(string name, Tensor parameter) =>
        parameter.Rank >= 2 && !name.Split('.').Any(part => NeverDecaying.Contains(part, StringComparer.Ordinal));
}
