using Semblance.Imaging;

namespace Semblance.Server.Pages;

/// <summary>Makes faces hard to recognise in small pictures.</summary>
internal static class Faces
{
    /// <summary>Share of a person's height in which the head is, from the top of a crop.</summary>
    private const double HeadHeight = 0.22;
    private const int Blocks = 5;

    /// <summary>
    /// The upper part of a person's crop in coarse blocks. No face is searched for: in a crop of a standing person it is there, and a search that misses one would show it.
    /// </summary>
    public static Picture Blurred(Picture picture)
    {
        var rgb = (byte[])picture.Rgb.Clone();
        var rows = Math.Max(1, (int)(picture.Height * HeadHeight));
        var size = Math.Max(1, picture.Width / Blocks);
        for (var top = 0; top < rows; top += size)
        {
            for (var left = 0; left < picture.Width; left += size)
            {
                var (bottom, right) = (Math.Min(rows, top + size), Math.Min(picture.Width, left + size));
                for (var c = 0; c < 3; c++)
                {
                    var sum = 0;
                    for (var y = top; y < bottom; y++)
                    {
                        for (var x = left; x < right; x++)
                        {
                            sum += rgb[(3 * ((y * picture.Width) + x)) + c];
                        }
                    }

                    var mean = (byte)(sum / ((bottom - top) * (right - left)));
                    for (var y = top; y < bottom; y++)
                    {
                        for (var x = left; x < right; x++)
                        {
                            rgb[(3 * ((y * picture.Width) + x)) + c] = mean;
                        }
                    }
                }
            }
        }

        return new Picture(picture.Width, picture.Height, rgb);
    }
}
