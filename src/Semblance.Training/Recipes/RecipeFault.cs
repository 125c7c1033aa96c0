namespace Semblance.Training.Recipes;

/// <summary>One thing that is wrong with a recipe.</summary>
/// <param name="Path">The setting, such as <c>stage_a.steps</c>.</param>
/// <param name="Origin">Where it was set: file and line, <c>--set</c>, an environment variable.</param>
/// <param name="Problem">What was found, and what was expected.</param>
public sealed record RecipeFault(string Path, string Origin, string Problem)
{
    public override string ToString() => $"{Origin}: {Path}: {Problem}";
}
