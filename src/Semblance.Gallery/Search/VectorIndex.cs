using System.Numerics.Tensors;

namespace Semblance.Gallery.Search;

/// <summary>
/// Unit vectors of one embedding space in memory, searched by their dot product with a query. It can change while it is searched: any number of threads may
/// search, and
/// writers take turns; a search sees the vectors as they are between two changes, never half of one.
/// </summary>
/// <remarks>
/// <para>A vector keeps its slot, a number from 0, for life, and a slot is never given twice. Adding takes time in proportion to the width, removing too;
/// what was removed is
/// overwritten in memory, its slot stays empty.</para>
/// <para>Memory: 5 bytes for each dimension of a slot (float32, and the same in 8 bits), and 20 bytes.</para>
/// </remarks>
public sealed partial class VectorIndex
{
    /// <summary>The greatest width: beyond it, whole-number sums of 8-bit products could overflow.</summary>
    public const int MaximumWidth = 65_536;

    private const float LengthTolerance = 0.01f;
    private const float LeastNorm = 1e-6f;

    private readonly ReadersAndWriter _lock = new();
    private readonly Lock _writers = new();
    private readonly ScanKernels _kernels;
    private readonly int _threads;
    private readonly RowStore _rows;
    private readonly SlotMask _live = new(0);
    private CodeStore _codes;
    private int _count;

    /// <summary>Makes an empty one.</summary>
    /// <param name="width">Length of every vector, E, from 1 to <see cref="MaximumWidth"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    public VectorIndex(int width, VectorIndexOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaximumWidth);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads, nameof(options));
        Width = width;
        _threads = options.Threads;
        _kernels = options.Kernels ?? ScanKernels.Best;
        _rows = new(width);
        _codes = new(width, centres: null);
    }

    /// <summary>Length of every vector, E.</summary>
    public int Width { get; }

    /// <summary>Vectors that can be found.</summary>
    public int Count => Reading(() => _count);

    /// <summary>Slots ever given, those of removed vectors included.</summary>
    public int Slots => Reading(() => _rows.Count);

    /// <summary>The instructions that compare, for people.</summary>
    public string Instructions => _kernels.Name;

    /// <summary>Adds a vector.</summary>
    /// <param name="vector"><c>[E]</c>, of unit length within 1 %, or the zero vector, which is equally far from everything; copied.</param>
    /// <returns>Its slot: the number of slots given before.</returns>
    /// <exception cref="ArgumentException">Another width, a value that is not finite, or another length.</exception>
    public int Add(ReadOnlySpan<float> vector)
    {
        CheckVector(vector);
        lock (_writers)
        {
            _lock.EnterWrite();
            try
            {
                var slot = _rows.Append(vector);
                _live.Grow(slot + 1);
                _live[slot] = true;
                _codes.Add(slot, vector);
                _count++;
                _changed?.Add(slot);
                return slot;
            }
            finally
            {
                _lock.ExitWrite();
            }
        }
    }

    /// <summary>Puts another vector into a slot that holds one; the old one is overwritten.</summary>
    /// <param name="slot">Where.</param>
    /// <param name="vector">As in <see cref="Add"/>.</param>
    /// <exception cref="ArgumentException">The slot holds nothing, or the vector does not fit.</exception>
    public void Replace(int slot, ReadOnlySpan<float> vector)
    {
        CheckVector(vector);
        lock (_writers)
        {
            CheckHeld(slot);
            _lock.EnterWrite();
            try
            {
                vector.CopyTo(_rows.Vector(slot));
                _codes.Replace(slot, vector);
                _changed?.Add(slot);
            }
            finally
            {
                _lock.ExitWrite();
            }
        }
    }

    /// <summary>Removes a vector and overwrites its memory with zeros.</summary>
    /// <exception cref="ArgumentException">The slot holds nothing.</exception>
    public void Remove(int slot)
    {
        lock (_writers)
        {
            CheckHeld(slot);
            _lock.EnterWrite();
            try
            {
                _live[slot] = false;
                _rows.Vector(slot).Clear();
                _codes.Remove(slot);
                _count--;
                _changed?.Add(slot);
            }
            finally
            {
                _lock.ExitWrite();
            }
        }
    }

    /// <summary>Whether a slot holds a vector; false for any other number.</summary>
    public bool Holds(int slot) => Reading(() => _live[slot]);

    /// <summary>Copies a vector out.</summary>
    /// <param name="slot">Whose.</param>
    /// <param name="vector">Gets <c>[E]</c>, the values that were added.</param>
    /// <exception cref="ArgumentException">The slot holds nothing, or there is no room.</exception>
    public void CopyTo(int slot, Span<float> vector)
    {
        _lock.EnterRead();
        try
        {
            CheckHeld(slot);
            _rows.Vector(slot).CopyTo(vector);
        }
        finally
        {
            _lock.ExitRead();
        }
    }

    private T Reading<T>(Func<T> read)
    {
        _lock.EnterRead();
        try
        {
            return read();
        }
        finally
        {
            _lock.ExitRead();
        }
    }

    private void CheckHeld(int slot)
    {
        if (!_live[slot])
        {
            throw new ArgumentException($"slot {slot} holds no vector; {_rows.Count} slots were given, {_count} of them hold one", nameof(slot));
        }
    }

    private void CheckVector(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Width)
        {
            throw new ArgumentException($"a vector of {vector.Length} dimensions, but the index has {Width}", nameof(vector));
        }

        if (!IsFit(vector))
        {
            throw new ArgumentException(
                $"a vector of length {TensorPrimitives.Norm(vector):0.####}, expected unit length or the zero vector: normalise it first", nameof(vector));
        }
    }

    /// <summary>Whether it is finite, and of unit length or nearly zero.</summary>
    private static bool IsFit(ReadOnlySpan<float> vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        return Math.Abs(norm - 1) <= LengthTolerance || norm <= LeastNorm;
    }

    private int CheckQueries(ReadOnlySpan<float> queries)
    {
        if (queries.Length % Width != 0)
        {
            throw new ArgumentException($"{queries.Length} values are no whole number of queries of width {Width}", nameof(queries));
        }

        for (var i = 0; i < queries.Length; i++)
        {
            if (!float.IsFinite(queries[i]))
            {
                throw new ArgumentException($"query {i / Width} has {queries[i]} in dimension {i % Width}, expected a finite number", nameof(queries));
            }
        }

        return queries.Length / Width;
    }
}
