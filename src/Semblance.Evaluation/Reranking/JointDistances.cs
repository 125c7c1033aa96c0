using System.Numerics;
using Semblance.Core.Vectors;

namespace Semblance.Evaluation.Reranking;

/// <summary>Squared distances between all N items, queries first: what re-ranking reads. Symmetric, not negative, 0 on the diagonal. Called from several threads.</summary>
internal interface IJointDistances<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    int Count { get; }

    /// <summary>Distances of some items to all <c>[count, N]</c>, row by row.</summary>
    void FillRows(int first, int count, Span<T> rows);

    /// <summary>The same bits as <see cref="FillRows"/> gives for the pair.</summary>
    T Between(int i, int j);
}

/// <summary>A whole matrix <c>[N, N]</c> from elsewhere.</summary>
internal sealed class JointMatrix<T>(ReadOnlyMemory<T> values, int size) : IJointDistances<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Count => size;

    public void FillRows(int first, int count, Span<T> rows) => values.Span.Slice(first * size, count * size).CopyTo(rows);

    public T Between(int i, int j) => values.Span[(i * size) + j];
}

/// <summary>The distances among some of the items of another.</summary>
internal sealed class JointSubset<T>(IJointDistances<T> all, int[] chosen) : IJointDistances<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Count => chosen.Length;

    public void FillRows(int first, int count, Span<T> rows)
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < chosen.Length; j++)
            {
                rows[(i * chosen.Length) + j] = Between(first + i, j);
            }
        }
    }

    public T Between(int i, int j) => all.Between(chosen[i], chosen[j]);
}

/// <summary>Unit vectors: <c>|a - b|² = 2 - 2 a·b</c>.</summary>
internal abstract class JointEmbeddings<T> : IJointDistances<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LabelledEmbeddings _queries;
    private readonly LabelledEmbeddings _gallery;
    private readonly int[] _galleryRows;

    /// <param name="queries">The first items.</param>
    /// <param name="gallery">The items after them.</param>
    /// <param name="galleryRows">Which rows of the gallery.</param>
    protected JointEmbeddings(LabelledEmbeddings queries, LabelledEmbeddings gallery, int[] galleryRows)
    {
        (_queries, _gallery, _galleryRows) = (queries, gallery, galleryRows);
        Blocks = VectorBlocks.Pack(Count, gallery.Width, (i, row) => Row(i).CopyTo(row));
    }

    public int Count => _queries.Count + _galleryRows.Length;

    public VectorBlocks Blocks { get; }

    public ReadOnlySpan<float> Row(int i)
    {
        var (of, row) = i < _queries.Count ? (_queries, i) : (_gallery, _galleryRows[i - _queries.Count]);
        return of.Rows.Slice(row * of.Width, of.Width);
    }

    public abstract void FillRows(int first, int count, Span<T> rows);

    public abstract T Between(int i, int j);

    /// <summary>The distance that belongs to a dot product.</summary>
    public static T OfDot(T dot)
    {
        var two = T.One + T.One;
        return T.Max(T.Zero, two - (two * dot));
    }
}

/// <summary>In float32, in the order of additions of <see cref="VectorBlocks"/>.</summary>
internal sealed class JointEmbeddings(LabelledEmbeddings queries, LabelledEmbeddings gallery, int[] galleryRows) : JointEmbeddings<float>(queries, gallery, galleryRows)
{
    public override void FillRows(int first, int count, Span<float> rows)
    {
        var left = new float[count * Blocks.Width];
        for (var i = 0; i < count; i++)
        {
            Row(first + i).CopyTo(left.AsSpan(i * Blocks.Width));
        }

        var dots = new float[count * VectorBlocks.BlockSize];
        for (var block = 0; block < Blocks.BlockCount; block++)
        {
            Blocks.Dot(left, block, dots, VectorBlocks.BlockSize);
            var start = block * VectorBlocks.BlockSize;
            var width = Math.Min(VectorBlocks.BlockSize, Count - start);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < width; j++)
                {
                    rows[(i * Count) + start + j] = start + j == first + i ? 0 : OfDot(dots[(i * VectorBlocks.BlockSize) + j]);
                }
            }
        }
    }

    public override float Between(int i, int j)
    {
        if (i == j)
        {
            return 0;
        }

        var a = Row(i);
        var b = Row(j);
        var dot = 0f;
        for (var d = 0; d < a.Length; d++)
        {
            dot = float.FusedMultiplyAdd(a[d], b[d], dot);
        }

        return OfDot(dot);
    }
}

/// <summary>In float64, summed in the order of the dimensions.</summary>
internal sealed class ExactJointEmbeddings(LabelledEmbeddings queries, LabelledEmbeddings gallery, int[] galleryRows) : JointEmbeddings<double>(queries, gallery, galleryRows)
{
    public override void FillRows(int first, int count, Span<double> rows)
    {
        Span<double> dots = stackalloc double[VectorBlocks.BlockSize];
        for (var block = 0; block < Blocks.BlockCount; block++)
        {
            var start = block * VectorBlocks.BlockSize;
            var width = Math.Min(VectorBlocks.BlockSize, Count - start);
            for (var i = 0; i < count; i++)
            {
                Blocks.DotExact(Row(first + i), block, dots);
                for (var j = 0; j < width; j++)
                {
                    rows[(i * Count) + start + j] = start + j == first + i ? 0 : OfDot(dots[j]);
                }
            }
        }
    }

    public override double Between(int i, int j)
    {
        if (i == j)
        {
            return 0;
        }

        var a = Row(i);
        var b = Row(j);
        var dot = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            dot += (double)a[d] * b[d];
        }

        return OfDot(dot);
    }
}
