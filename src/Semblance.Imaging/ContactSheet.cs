namespace Semblance.Imaging;

/// <summary>Many pictures on one, in rows, with captions and frames: ranked lists, worlds, detections.</summary>
public static class ContactSheet
{
    /// <summary>Lays the cells out in reading order.</summary>
    /// <exception cref="ArgumentException">There are no cells, or the sheet would be larger than 64 megapixels.</exception>
    public static Picture Compose(IReadOnlyList<SheetCell> cells, ContactSheetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        options ??= new ContactSheetOptions();
        if (cells.Count == 0)
        {
            throw new ArgumentException("no pictures, expected one or more", nameof(cells));
        }

        var frame = cells.Any(cell => cell.Frame is not null) ? options.Frame : 0;
        var caption = cells.Any(cell => cell.Caption is not null) ? Drawing.MeasureText("X", options.TextHeight).Height + 2 : 0;
        var columns = Math.Min(options.Columns, cells.Count);
        var rows = (cells.Count + columns - 1) / columns;
        var (stepX, stepY) = (options.CellWidth + (2 * frame) + options.Gap, options.CellHeight + (2 * frame) + caption + options.Gap);
        var (width, height) = ((columns * stepX) + options.Gap, (rows * stepY) + options.Gap);
        if ((long)width * height > PictureReaderOptions.Dataset.MaxPixels)
        {
            throw new ArgumentException($"a sheet of {width} x {height} pixels, at most {PictureReaderOptions.Dataset.MaxPixels} are drawn: take fewer or smaller cells", nameof(cells));
        }

        var sheet = new Picture(width, height);
        sheet.FillInPlace(new Box(0, 0, width, height), options.Background);
        for (var i = 0; i < cells.Count; i++)
        {
            var left = options.Gap + (i % columns * stepX) + frame;
            var top = options.Gap + (i / columns * stepY) + frame;
            Place(sheet, cells[i], left, top, frame, options);
        }

        return sheet;
    }

    private static void Place(Picture sheet, SheetCell cell, int left, int top, int frame, ContactSheetOptions options)
    {
        var fitted = Fitted(cell.Picture, options.CellWidth, options.CellHeight);
        var (x, y) = (left + ((options.CellWidth - fitted.Width) / 2), top + ((options.CellHeight - fitted.Height) / 2));
        if (cell.Frame is { } colour && frame > 0)
        {
            sheet.OutlineInPlace(new Box(x - frame, y - frame, fitted.Width + (2 * frame), fitted.Height + (2 * frame)), colour, frame);
        }

        sheet.PasteInPlace(fitted, x, y);
        if (cell.Caption is { } caption)
        {
            var room = options.CellWidth + (2 * frame);
            sheet.TextInPlace(Drawing.FitText(caption, room, options.TextHeight), left - frame, top + options.CellHeight + frame + 3, options.Text, options.TextHeight);
        }
    }

    private static Picture Fitted(Picture picture, int width, int height)
    {
        var scale = Math.Min((double)width / picture.Width, (double)height / picture.Height);
        return picture.Resize(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
    }
}
