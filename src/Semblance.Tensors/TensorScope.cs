using System.Diagnostics.CodeAnalysis;

namespace Semblance.Tensors;

/// <summary>
/// Frees the temporaries of a step: every tensor made on this thread while the scope is open is disposed with it, except what is kept.
/// Scopes nest; each belongs to the thread that opened it.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly TensorScope? _outer;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private List<Tensor> _tensors = new(64);
    private bool _closed;

    public TensorScope()
    {
        _outer = _current;
        _current = this;
    }

    /// <summary>Takes a tensor out of this scope and of those inside it: the enclosing scope frees it, or nobody does and the caller owns it.</summary>
    /// <returns>The same tensor.</returns>
    [return: NotNullIfNotNull(nameof(tensor))]
    public Tensor? Keep(Tensor? tensor)
    {
        if (tensor is not null && IsWithin(tensor.Owner))
        {
            tensor.Owner = _outer;
            _outer?._tensors.Add(tensor);
        }

        return tensor;
    }

    /// <summary>Takes a tensor out of every scope: it lives until its owner disposes it, as parameters, buffers and the optimiser's state do.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Release(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Owner = null;
        return tensor;
    }

    /// <summary>Disposes what was made and not kept.</summary>
    /// <exception cref="InvalidOperationException">Another thread opened the scope, or one opened inside it is still open.</exception>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        if (_current != this)
        {
            throw new InvalidOperationException(_thread != Environment.CurrentManagedThreadId
                ? "this TensorScope was opened by another thread: close it on the thread that opened it, without await in between"
                : "a TensorScope opened inside this one is still open: close scopes in the reverse order of opening, with using");
        }

        _closed = true;
        _current = _outer;
        foreach (var tensor in _tensors)
        {
            if (tensor.Owner == this)
            {
                tensor.Dispose();
            }
        }

        _tensors = [];
    }

    /// <summary>Puts a new tensor under the innermost scope of this thread, if there is one.</summary>
    internal static TensorScope? Adopt(Tensor tensor)
    {
        var scope = _current;
        scope?.Add(tensor);
        return scope;
    }

    private void Add(Tensor tensor)
    {
        // A scope over a long loop that disposes its own tensors must not grow with it.
        if (_tensors.Count == _tensors.Capacity)
        {
            _tensors.RemoveAll(static tensor => tensor.IsDisposed);
            if (_tensors.Count > _tensors.Capacity / 2)
            {
                _tensors.Capacity *= 2;
            }
        }

        _tensors.Add(tensor);
    }

    private bool IsWithin(TensorScope? scope)
    {
        for (; scope is not null; scope = scope._outer)
        {
            if (scope == this)
            {
                return true;
            }
        }

        return false;
    }
}
