using Semblance.Models;

namespace Semblance.Training.Recipes;

/// <summary>The layer between code and file: a recipe that names a preset starts from its options.</summary>
internal static class ModelPresets
{
    /// <summary>The recipe that settings are laid over: all defaults, but for the options of the preset that they name.</summary>
    /// <exception cref="RecipeException">There is no such preset.</exception>
    public static Recipe StartOf(SettingNode root, string name)
    {
        if (root.Keys?.GetValueOrDefault("model")?.Keys?.GetValueOrDefault("preset") is not { Scalar: { } preset } node)
        {
            return new Recipe();
        }

        try
        {
            return new Recipe { Model = new ModelRecipe { Preset = preset, Options = MethodPresets.Named(preset) } };
        }
        catch (ArgumentException exception)
        {
            throw new RecipeException(name, [new RecipeFault("model.preset", node.Origin, exception.Message)]);
        }
    }
}
