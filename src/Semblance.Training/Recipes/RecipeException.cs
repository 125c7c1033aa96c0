namespace Semblance.Training.Recipes;

/// <summary>A recipe that cannot be run. The message lists every fault, so that one look mends them all.</summary>
public sealed class RecipeException : ArgumentException
{
    public RecipeException(string name, IReadOnlyList<RecipeFault> faults)
        : base($"{name}: {faults?.Count} fault{(faults?.Count == 1 ? "" : "s")}{string.Concat((faults ?? []).Select(fault => $"\n  {fault}"))}")
    {
        Name = name;
        Faults = faults ?? [];
    }

    /// <summary>The recipe's file, or what it was called.</summary>
    public string Name { get; }

    public IReadOnlyList<RecipeFault> Faults { get; }
}
