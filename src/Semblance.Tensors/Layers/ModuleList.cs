using System.Collections;

namespace Semblance.Tensors.Layers;

/// <summary>Modules in a row, named "0", "1" and so on; their owner decides how they are used.</summary>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _items = [];

    /// <param name="modules">Owned from here on.</param>
    public ModuleList(IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var module in modules)
        {
            _items.Add(Register($"{_items.Count}", module));
        }
    }

    public int Count => _items.Count;

    public T this[int index] => _items[index];

    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
