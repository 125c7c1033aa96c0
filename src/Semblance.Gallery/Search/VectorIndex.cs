using System.Numerics.Tensors;
using Semblance.Core.Vectors;

namespace Semblance.Gallery.Search;

/// <summary>Unit vectors of one embedding space, searched exactly; grows, changes and forgets. Many readers and one writer at a time.</summary>
public sealed class VectorIndex : IDisposable
{
    private const int RowsInChunk = 4096;
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly List<float[]> _chunks = [];
    private readonly List<bool> _live = [];

    /// <summary>An empty index.</summary>
    /// <param name="width">E.</param>
    public VectorIndex(int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Width = width;
    }

    /// <summary>Numbers of a vector, E.</summary>
    public int Width { get; }

    /// <summary>Vectors that can be found.</summary>
    public int Count { get; private set; }

    /// <summary>Slots ever given.</summary>
    public int Slots => _live.Count;

    /// <summary>Appends a vector.</summary>
    /// <returns>Its slot.</returns>
    public int Add(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Width, nameof(vector));
        _gate.EnterWriteLock();
        try
        {
            var slot = _live.Count;
            if (slot % RowsInChunk == 0)
            {
                _chunks.Add(new float[RowsInChunk * Width]);
            }

            vector.CopyTo(Row(slot));
            _live.Add(true);
            Count++;
            return slot;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Forgets a vector; its numbers are overwritten.</summary>
    public void Remove(int slot)
    {
        _gate.EnterWriteLock();
        try
        {
            if (_live[slot])
            {
                Row(slot).Clear();
                _live[slot] = false;
                Count--;
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Whether the slot has a vector.</summary>
    public bool Holds(int slot) => (uint)slot < (uint)_live.Count && _live[slot];

    /// <summary>Copies a vector out.</summary>
    public void CopyTo(int slot, Span<float> vector)
    {
        _gate.EnterReadLock();
        try
        {
            Row(slot).CopyTo(vector);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Cosines of queries with all slots; 0 where a slot is empty.</summary>
    /// <param name="queries"><c>[n, E]</c>, unit rows.</param>
    /// <param name="scores">Gets <c>[n, Slots]</c>.</param>
    public void Scores(ReadOnlySpan<float> queries, Span<float> scores)
    {
        _gate.EnterReadLock();
        try
        {
            var (count, slots) = (queries.Length / Width, _live.Count);
            for (var q = 0; q < count; q++)
            {
                for (var slot = 0; slot < slots; slot++)
                {
                    scores[(q * slots) + slot] = TensorPrimitives.Dot(queries.Slice(q * Width, Width), (ReadOnlySpan<float>)Row(slot));
                }
            }
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>The nearest vectors of each query, best first; equal scores by slot.</summary>
    /// <param name="queries"><c>[n, E]</c>, unit rows.</param>
    /// <param name="top">Length of an answer.</param>
    /// <param name="options">How.</param>
    public IReadOnlyList<Neighbour>[] Search(ReadOnlySpan<float> queries, int top, SearchOptions? options = null)
    {
        _gate.EnterReadLock();
        try
        {
            var answers = new IReadOnlyList<Neighbour>[queries.Length / Width];
            for (var q = 0; q < answers.Length; q++)
            {
                var best = new TopK<float>(top);
                for (var slot = 0; slot < _live.Count; slot++)
                {
                    if (_live[slot] && (options?.Admitted is not { } mask || mask[slot]))
                    {
                        best.Add(TensorPrimitives.Dot(queries.Slice(q * Width, Width), (ReadOnlySpan<float>)Row(slot)), slot);
                    }
                }

                answers[q] = [.. best.Sorted().Select(found => new Neighbour(found.Index, found.Score))];
            }

            return answers;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private Span<float> Row(int slot) => _chunks[slot / RowsInChunk].AsSpan(slot % RowsInChunk * Width, Width);
}
