using System.Numerics;

namespace Semblance.Evaluation.Reranking;

/// <summary>A matrix of few values: for each row its columns, ascending, and their values.</summary>
internal sealed class SparseRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly T[] _values;

    private SparseRows(int[] starts, int[] columns, T[] values) => (_starts, _columns, _values) = (starts, columns, values);

    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    public ReadOnlySpan<T> Values(int row) => _values.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <summary>Joins rows that were made on their own.</summary>
    public static SparseRows<T> From((int[] Columns, T[] Values)[] rows)
    {
        var starts = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = checked(starts[i] + rows[i].Columns.Length);
        }

        var (columns, values) = (new int[starts[^1]], new T[starts[^1]]);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Columns.CopyTo(columns, starts[i]);
            rows[i].Values.CopyTo(values, starts[i]);
            rows[i] = default;
        }

        return new(starts, columns, values);
    }

    /// <summary>The inverted index of the rows from <paramref name="first"/> on: for each of <paramref name="columns"/> columns, the rows (counted from there) that hold it.</summary>
    public SparseRows<T> Inverted(int first, int columns)
    {
        var starts = new int[columns + 1];
        var from = _starts[first];
        foreach (var column in _columns.AsSpan(from))
        {
            starts[column + 1]++;
        }

        for (var column = 0; column < columns; column++)
        {
            starts[column + 1] += starts[column];
        }

        var next = starts[..columns];
        var (rows, values) = (new int[_columns.Length - from], new T[_columns.Length - from]);
        for (var row = first; row < _starts.Length - 1; row++)
        {
            for (var k = _starts[row]; k < _starts[row + 1]; k++)
            {
                var place = next[_columns[k]]++;
                (rows[place], values[place]) = (row - first, _values[k]);
            }
        }

        return new(starts, rows, values);
    }
}
