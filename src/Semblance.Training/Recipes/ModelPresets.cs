namespace Semblance.Training.Recipes;

internal static class ModelPresets
{
    public static Recipe StartOf(SettingNode root)
    {
        _ = root;
        return new Recipe();
    }
}
