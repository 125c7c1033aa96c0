using Semblance.Core.Vectors;

namespace Semblance.Evaluation.Reranking;

/// <summary>
/// The neighbour lists of unit vectors in half the products: distance (i, j) is the same bits as (j, i), so only tiles on and above the diagonal are computed, and each
/// serves the lists of its rows and of its columns.
/// </summary>
internal static class TiledNeighbours
{
    private const int BlocksPerTile = 12;
    private const int Tile = BlocksPerTile * VectorBlocks.BlockSize;

    public static NeighbourLists<float> Of(JointEmbeddings items, int length, int threads)
    {
        var lists = new NeighbourLists<float>(items.Count, length);
        var nearest = new TopK<float>[items.Count];
        for (var i = 0; i < nearest.Length; i++)
        {
            nearest[i] = new TopK<float>(lists.Length - 1);
        }

        // Least dot products that still enter a list, and the least of all in each row.
        var (bounds, least) = (new float[items.Count], new float[items.Count]);
        Array.Fill(bounds, lists.Length > 1 ? float.NegativeInfinity : float.PositiveInfinity);
        Array.Fill(least, 1f);
        var tiles = (items.Count + Tile - 1) / Tile;
        var locks = Enumerable.Range(0, tiles).Select(_ => new Lock()).ToArray();
        Parallel.For(
            0,
            tiles * (tiles + 1) / 2,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Rows: new float[Tile * items.Blocks.Width], Dots: new float[Tile * Tile]),
            (pair, _, buffers) =>
            {
                var (row, column) = TileAt(pair);
                var (firstRow, firstColumn) = (row * Tile, column * Tile);
                var (rows, columns) = (Math.Min(Tile, items.Count - firstRow), Math.Min(Tile, items.Count - firstColumn));
                Multiply(items, firstRow, rows, column, buffers.Rows, buffers.Dots);
                lock (locks[row])
                {
                    for (var r = 0; r < rows; r++)
                    {
                        var dots = buffers.Dots.AsSpan(r * Tile, columns);
                        var i = firstRow + r;
                        for (var c = 0; c < dots.Length; c++)
                        {
                            Offer(i, firstColumn + c, dots[c]);
                        }
                    }
                }

                if (row != column)
                {
                    lock (locks[column])
                    {
                        for (var r = 0; r < rows; r++)
                        {
                            var dots = buffers.Dots.AsSpan(r * Tile, columns);
                            for (var c = 0; c < dots.Length; c++)
                            {
                                Offer(firstColumn + c, firstRow + r, dots[c]);
                            }
                        }
                    }
                }

                return buffers;
            },
            _ => { });
        for (var i = 0; i < items.Count; i++)
        {
            lists.Put(i, nearest[i], JointEmbeddings<float>.OfDot(least[i]));
        }

        return lists;

        void Offer(int i, int j, float dot)
        {
            if (i == j)
            {
                return;
            }

            least[i] = Math.Min(least[i], dot);
            if (dot >= bounds[i])
            {
                // Ranked by distance, not by the dot product, of which several may round to one distance.
                nearest[i].Add(-JointEmbeddings<float>.OfDot(dot), j);
                bounds[i] = 1 + (nearest[i].Threshold / 2) - Slack;
            }
        }
    }

    /// <summary>Wider than the rounding of a distance, so that the bound never shuts out what the list would take.</summary>
    private const float Slack = 1e-6f;

    private static (int Row, int Column) TileAt(int pair)
    {
        var column = (int)((Math.Sqrt((8.0 * pair) + 1) - 1) / 2);
        while (column * (column + 1) / 2 > pair)
        {
            column--;
        }

        while ((column + 1) * (column + 2) / 2 <= pair)
        {
            column++;
        }

        return (pair - (column * (column + 1) / 2), column);
    }

    private static void Multiply(JointEmbeddings items, int firstRow, int rows, int column, float[] left, float[] dots)
    {
        var width = items.Blocks.Width;
        for (var r = 0; r < rows; r++)
        {
            items.Row(firstRow + r).CopyTo(left.AsSpan(r * width));
        }

        var last = Math.Min((column + 1) * BlocksPerTile, items.Blocks.BlockCount);
        for (var block = column * BlocksPerTile; block < last; block++)
        {
            items.Blocks.Dot(left.AsSpan(0, rows * width), block, dots.AsSpan((block % BlocksPerTile) * VectorBlocks.BlockSize), Tile);
        }
    }
}
