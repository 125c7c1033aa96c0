using Semblance.Imaging;

namespace Semblance.Explanation;

/// <summary>Where a model looked in a picture, and for what.</summary>
public sealed record PictureExplanation
{
    /// <summary>The picture as it was given.</summary>
    public required Picture Picture { get; init; }

    /// <summary>What the maps explain, in words: goes into titles and file names.</summary>
    public required string Question { get; init; }

    /// <summary>The score that the maps explain; a cosine for words and pictures.</summary>
    public required double Score { get; init; }

    /// <summary>Rows of the maps: the network's input.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of the maps.</summary>
    public required int Width { get; init; }

    /// <summary>Grad-CAM, <c>[H, W]</c> in [0, 1].</summary>
    public required float[] Heat { get; init; }

    /// <summary>Guided Grad-CAM, <c>[3, H, W]</c>: the guided gradient of the pixels times <see cref="Heat"/>.</summary>
    public required float[] Guided { get; init; }

    /// <summary>Attention rollout, <c>[H, W]</c> in [0, 1]: what the encoder looked at whatever the question; a cross-check. Null without attention.</summary>
    public required float[]? Rollout { get; init; }

    /// <summary>Grad-CAM over the picture.</summary>
    public Picture Overlay() => HeatMap.Overlay(Picture, Heat, Width, Height);

    /// <summary>Guided Grad-CAM as a picture of the network's size: grey is 0, black and white are three standard deviations.</summary>
    public Picture GuidedPicture()
    {
        var deviation = Math.Sqrt(Guided.Average(value => (double)value * value));
        var picture = new Picture(Width, Height);
        var plane = Width * Height;
        for (var i = 0; i < plane; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                var share = deviation > 0 ? 0.5 + (Guided[(c * plane) + i] / (6 * deviation)) : 0.5;
                picture.Rgb[(3 * i) + c] = (byte)Math.Clamp((share * 255) + 0.5, 0, 255);
            }
        }

        return picture;
    }

    /// <summary>Panels beside each other: the picture, Grad-CAM over it and guided Grad-CAM as in the paper's figure 4, and attention rollout over it where the network has attention.</summary>
    /// <param name="height">Rows of a panel.</param>
    public Picture Panels(int height = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        var options = new ContactSheetOptions { Columns = Rollout is null ? 3 : 4, CellHeight = height, CellWidth = Math.Max(1, (int)Math.Round((double)height * Width / Height)) };
        Picture Stretched(Picture picture) => picture.Resize(options.CellWidth, options.CellHeight);
        return ContactSheet.Compose(
            [
                new(Stretched(Picture), "picture"), new(Stretched(Overlay()), "Grad-CAM"), new(Stretched(GuidedPicture()), "guided"),
                .. Rollout is null ? (SheetCell[])[] : [new(Stretched(HeatMap.Overlay(Picture, Rollout, Width, Height)), "attention")],
            ],
            options);
    }
}
