using Semblance.Imaging;

namespace Semblance.Models.Masking;

/// <summary>Provider 1: the data set's own mask; the share of person pixels in each cell. Exact, where a data set has masks (FineGPR, the synthetic world).</summary>
/// <param name="personLabels">Which labels are person; null means every label but 0, which is what <see cref="LabelMap"/> promises.</param>
/// <remarks>
/// FineGPR's masks colour the scene, and the colour of the person is not the same in every sample. So when none of the labels occurs, the most frequent label in the
/// middle fifth of the rows and columns is taken for the person [decision].
/// </remarks>
public sealed class MaskForeground(IReadOnlySet<byte>? personLabels = null) : IForegroundProvider
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The mask has another size than the input.</exception>
    public float[]? Locate(ForegroundEvidence evidence, PatchGrid grid)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Mask is not { } mask)
        {
            return null;
        }

        if (mask.Width != grid.Width || mask.Height != grid.Height)
        {
            throw new ArgumentException($"the mask is {mask.Height}x{mask.Width} but the input {grid.Height}x{grid.Width}: crop and resize both alike", nameof(evidence));
        }

        var isPerson = new bool[256];
        for (var label = 0; label < 256; label++)
        {
            isPerson[label] = personLabels?.Contains((byte)label) ?? label != 0;
        }

        if (!mask.Labels.AsSpan().ContainsAnyLabel(isPerson))
        {
            Array.Clear(isPerson);
            isPerson[CentralLabel(mask)] = true;
        }

        var share = new float[grid.Count];
        for (var cell = 0; cell < share.Length; cell++)
        {
            var (top, left) = grid.CellOrigin(cell);
            var person = 0;
            for (var y = top; y < top + grid.CellSize; y++)
            {
                foreach (var label in mask.Labels.AsSpan((y * mask.Width) + left, grid.CellSize))
                {
                    person += isPerson[label] ? 1 : 0;
                }
            }

            share[cell] = (float)person / (grid.CellSize * grid.CellSize);
        }

        return share;
    }

    private static byte CentralLabel(LabelMap mask)
    {
        var counts = new int[256];
        for (var y = mask.Height * 2 / 5; y < Math.Max(mask.Height * 3 / 5, (mask.Height * 2 / 5) + 1); y++)
        {
            for (var x = mask.Width * 2 / 5; x < Math.Max(mask.Width * 3 / 5, (mask.Width * 2 / 5) + 1); x++)
            {
                counts[mask.Labels[(y * mask.Width) + x]]++;
            }
        }

        return (byte)Array.IndexOf(counts, counts.Max());
    }
}

internal static class LabelSearch
{
    public static bool ContainsAnyLabel(this Span<byte> labels, bool[] wanted)
    {
        foreach (var label in labels)
        {
            if (wanted[label])
            {
                return true;
            }
        }

        return false;
    }
}
