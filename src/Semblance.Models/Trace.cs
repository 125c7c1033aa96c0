using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>
/// Keeps every intermediate of a forward pass by name, for tests and explanations: hand one to <c>Forward</c>. Without one, nothing is named and nothing kept.
/// </summary>
/// <remarks>
/// Tensors belong to the scope that is open around the pass, and carry their graph when gradients are on. Names: <c>image.block00.norm1</c>, <c>image.block00.attention</c>
/// (probabilities <c>[B, A, L, L]</c>), <c>image.last</c>, <c>text...</c>, <c>fusion...</c>. A traced pass computes every token of the last block,
/// where an untraced one may compute the class token alone.
/// </remarks>
public sealed class Trace
{
    private readonly Dictionary<string, Tensor> _kept = [];

    /// <summary>The names in the order in which they were computed.</summary>
    public IReadOnlyList<string> Names => [.. _kept.Keys];

    /// <summary>The intermediate of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message offers the nearest name.</exception>
    public Tensor this[string name] => _kept.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"no intermediate \"{name}\"{Core.Suggestion.DidYouMean(name, _kept.Keys)}: this pass kept {string.Join(", ", _kept.Keys)}");

    /// <summary>Whether the pass computed an intermediate of this name.</summary>
    public bool Has(string name) => _kept.ContainsKey(name);

    internal Tensor Keep(string name, Tensor tensor) => _kept[name] = tensor;
}
