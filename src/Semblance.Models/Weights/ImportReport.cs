namespace Semblance.Models.Weights;

/// <summary>What an import found: nothing is loaded or left out in silence.</summary>
/// <param name="Loaded">Our names that received weights.</param>
/// <param name="Missing">Our names that the file had nothing for; they keep their start values.</param>
/// <param name="Ignored">Names in the file that this model has no use for by design: poolers that no loss reads, the tokenizer, and heads when only the encoders are wanted.</param>
/// <param name="Unexpected">Names in the file that nobody knows.</param>
/// <param name="Resized">Our names whose table was brought to another size.</param>
public sealed record ImportReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Ignored, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Resized)
{
    /// <summary>The report in a few lines, for logs.</summary>
    public override string ToString() =>
        $"{Loaded.Count} tensors loaded{Part("resized", Resized)}{Part("missing", Missing)}{Part("ignored by design", Ignored)}{Part("unexpected", Unexpected)}";

    private static string Part(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" : $"{Environment.NewLine}{names.Count} {what}: {string.Join(", ", names)}";
}
