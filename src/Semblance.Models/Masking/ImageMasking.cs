using Semblance.Core;

namespace Semblance.Models.Masking;

/// <summary>
/// Chooses the patches that an encoder must guess. Every call draws afresh ("dynamic", decision D13) from a stream keyed by (seed, epoch, index), so runs repeat exactly.
/// All masks are <c>[N]</c>, true where masked.
/// </summary>
public static class ImageMasking
{
    private const int Tries = 10;
    private const double SmallestAspect = 0.3;

    /// <summary>Draws the mask that the options ask for.</summary>
    /// <param name="options">Mode, count, focus.</param>
    /// <param name="foreground">The share of person in each cell, <c>[N]</c>; only the pedestrian mode looks at it.</param>
    /// <param name="random">The sample's stream.</param>
    public static bool[] Draw(MmetOptions options, ReadOnlySpan<float> foreground, ref Randomness random)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ImageMasking switch
        {
            ImageMaskMode.Pedestrian => Pedestrian(
                options.Grid, foreground, options.MaskedPatches, options.FocusShare, options.FocusCap, options.FocusDrawing, options.SmallestBlock, ref random),
            ImageMaskMode.Random => Uniform(options.Grid.Count, options.MaskedPatches, ref random),
            _ => Blocks(options.Grid, options.MaskedPatches, options.SmallestBlock, ref random),
        };
    }

    /// <summary>
    /// Mainly on the pedestrian: <c>round(rho n)</c> cells on the body and the rest beside it, but never more than <c>gamma</c> of the body. Exactly n cells.
    /// </summary>
    /// <param name="grid">The cells.</param>
    /// <param name="foreground">The share of person in each cell, <c>[N]</c>; a cell with 0.5 or more belongs to the body F.</param>
    /// <param name="count">n.</param>
    /// <param name="focusShare">rho: what "mainly" means, 0.9 [decision D12].</param>
    /// <param name="focusCap">gamma: 0.6 keeps two fifths of the body visible [decision D12].</param>
    /// <param name="drawing">Single cells, or rectangles clipped to their side.</param>
    /// <param name="smallestBlock">Smallest rectangle in cells.</param>
    /// <param name="random">The sample's stream.</param>
    /// <remarks>The paper asks for this and does not say how; the released code does not have it. A body that is too small takes in its best neighbours until the cap allows rho n.</remarks>
    public static bool[] Pedestrian(
        PatchGrid grid, ReadOnlySpan<float> foreground, int count, double focusShare, double focusCap, MaskDrawing drawing, int smallestBlock, ref Randomness random)
    {
        if (foreground.Length != grid.Count)
        {
            throw new ArgumentException($"the foreground map has {foreground.Length} cells, expected {grid.Count} for the grid {grid}", nameof(foreground));
        }

        var share = foreground.ToArray();
        var order = Enumerable.Range(0, grid.Count).ToArray();
        random.Shuffle<int>(order);    // cells of equal share grow the body in no particular order
        order = [.. order.OrderByDescending(i => share[i])];
        var body = order.TakeWhile(i => share[i] >= 0.5f).Count();
        while (body < order.Length && body * focusCap < focusShare * count)
        {
            body++;
        }

        var onBody = Math.Min((int)Math.Round(focusShare * count, MidpointRounding.AwayFromZero), (int)Math.Floor(focusCap * body));
        onBody = Math.Clamp(onBody, Math.Max(0, count - (order.Length - body)), body);    // a side that is too small takes the rest from the other
        var mask = new bool[grid.Count];
        Take(grid, mask, order.AsSpan(0, body), onBody, drawing, smallestBlock, ref random);
        Take(grid, mask, order.AsSpan(body), count - onBody, drawing, smallestBlock, ref random);
        return mask;
    }

    /// <summary>The ablation's other row: n cells anywhere, uniformly.</summary>
    public static bool[] Uniform(int cells, int count, ref Randomness random)
    {
        var order = Enumerable.Range(0, cells).ToArray();
        random.Shuffle<int>(order);
        var mask = new bool[cells];
        foreach (var i in order.AsSpan(0, count))
        {
            mask[i] = true;
        }

        return mask;
    }

    /// <summary>
    /// The released code's masks (FLAVA's, after BEiT): rectangles of area U(a_min, remaining) and log-aspect U(ln 0.3, ln 1/0.3) anywhere, until the budget is used or
    /// ten tries in a row fit nothing. May end a little below the budget.
    /// </summary>
    public static bool[] Blocks(PatchGrid grid, int budget, int smallestBlock, ref Randomness random)
    {
        var mask = new bool[grid.Count];
        for (var masked = 0; masked < budget;)
        {
            var added = 0;
            for (var t = 0; t < Tries && added == 0; t++)
            {
                var (h, w) = Rectangle(smallestBlock, budget - masked, ref random);
                if (h < grid.Rows && w < grid.Columns)
                {
                    var top = random.Next(grid.Rows - h + 1);
                    var left = random.Next(grid.Columns - w + 1);
                    var fresh = Cells(grid, top, left, h, w).Where(i => !mask[i]).ToList();
                    if (fresh.Count <= budget - masked)
                    {
                        fresh.ForEach(i => mask[i] = true);
                        added = fresh.Count;
                    }
                }
            }

            if (added == 0)
            {
                break;
            }

            masked += added;
        }

        return mask;
    }

    /// <summary>Masks exactly <paramref name="count"/> of the cells on one side (the body, or what is not body).</summary>
    private static void Take(PatchGrid grid, bool[] mask, Span<int> side, int count, MaskDrawing drawing, int smallestBlock, ref Randomness random)
    {
        random.Shuffle(side);
        if (drawing == MaskDrawing.Patch)
        {
            foreach (var i in side[..count])
            {
                mask[i] = true;
            }

            return;
        }

        var free = side.ToArray().ToHashSet();
        foreach (var centre in side)    // each centre is drawn once: after all of them, every cell of the side is masked, so the count is always reached
        {
            if (count == 0)
            {
                return;
            }

            if (!free.Contains(centre))
            {
                continue;
            }

            var (h, w) = Rectangle(smallestBlock, count, ref random);
            var top = (centre / grid.Columns) - ((h - 1) / 2);
            var left = (centre % grid.Columns) - ((w - 1) / 2);
            foreach (var i in Cells(grid, top, left, h, w).Where(free.Contains).OrderBy(i => i == centre ? 0 : 1).Take(count).ToList())
            {
                mask[i] = true;
                free.Remove(i);
                count--;
            }
        }
    }

    private static (int Height, int Width) Rectangle(int smallest, int remaining, ref Randomness random)
    {
        var area = random.NextDouble(smallest, remaining);
        var aspect = Math.Exp(random.NextDouble(Math.Log(SmallestAspect), -Math.Log(SmallestAspect)));
        return (Math.Max(1, (int)Math.Round(Math.Sqrt(area * aspect))), Math.Max(1, (int)Math.Round(Math.Sqrt(area / aspect))));
    }

    private static IEnumerable<int> Cells(PatchGrid grid, int top, int left, int height, int width)
    {
        for (var y = Math.Max(top, 0); y < Math.Min(top + height, grid.Rows); y++)
        {
            for (var x = Math.Max(left, 0); x < Math.Min(left + width, grid.Columns); x++)
            {
                yield return (y * grid.Columns) + x;
            }
        }
    }
}
