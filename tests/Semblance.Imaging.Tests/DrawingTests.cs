namespace Semblance.Imaging.Tests;

public sealed class DrawingTests
{
    private static readonly Colour Red = new(255, 0, 0);

    [Fact]
    public void AnOutlineTouchesOnlyItsBorderAndIsCutAtTheEdge()
    {
        var picture = new Picture(20, 15);
        picture.OutlineInPlace(new Box(3, 4, 10, 8), Red, thickness: 2);
        for (var y = 0; y < 15; y++)
        {
            for (var x = 0; x < 20; x++)
            {
                var outer = x is >= 3 and < 13 && y is >= 4 and < 12;
                var inner = x is >= 5 and < 11 && y is >= 6 and < 10;
                Assert.Equal(outer && !inner ? Red : Colour.Black, picture.At(x, y));
            }
        }

        picture.OutlineInPlace(new Box(-5, -5, 100, 100), Red);
        picture.FillInPlace(new Box(50, 50, 5, 5), Red);
    }

    [Fact]
    public void AFillOfHalfOpacityIsTheMean()
    {
        var picture = new Picture(2, 1, [100, 0, 50, 9, 9, 9]);
        picture.FillInPlace(new Box(0, 0, 1, 1), new Colour(200, 100, 150), opacity: 0.5);
        Assert.Equal([150, 50, 100, 9, 9, 9], picture.Rgb);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.FillInPlace(new Box(0, 0, 1, 1), Red, opacity: 1.1));
    }

    [Fact]
    public void PastedPicturesAreCutAtEveryEdge()
    {
        foreach (var (x, y) in new[] { (-3, -2), (6, 5), (2, 1), (20, 0) })
        {
            var canvas = new Picture(8, 7);
            var stamp = Pictures.Noise(5, 4, seed: 6);
            canvas.PasteInPlace(stamp, x, y);
            for (var row = 0; row < 7; row++)
            {
                for (var column = 0; column < 8; column++)
                {
                    var inside = column - x is >= 0 and < 5 && row - y is >= 0 and < 4;
                    Assert.Equal(inside ? stamp.At(column - x, row - y) : Colour.Black, canvas.At(column, row));
                }
            }
        }
    }

    [Fact]
    public void TextStaysInTheSpaceThatIsMeasured()
    {
        foreach (var height in new[] { 8, 10, 16, 24 })
        {
            var picture = new Picture(300, 60);
            picture.TextInPlace("Tag 7 Ag", 20, 10, Colour.White, height);
            var (width, tall) = Drawing.MeasureText("Tag 7 Ag", height);
            var lit = (from y in Enumerable.Range(0, 60) from x in Enumerable.Range(0, 300) where picture.At(x, y).Red > 60 select (x, y)).ToList();
            Assert.InRange(lit.Count, 30, 6000);
            Assert.InRange(lit.Min(p => p.x), 18, 26);
            Assert.InRange(lit.Max(p => p.x), 20 + (width / 2), 22 + width);
            Assert.InRange(lit.Min(p => p.y), 8, 13);
            Assert.InRange(lit.Max(p => p.y), 10 + height - 2, 10 + tall + 2);
        }
    }

    [Fact]
    public void LongTextIsCutToItsWidth()
    {
        Assert.Equal("short", Drawing.FitText("short", 200));
        var cut = Drawing.FitText("a very long caption of a person in a red coat", 80);
        Assert.EndsWith("..", cut, StringComparison.Ordinal);
        Assert.InRange(Drawing.MeasureText(cut).Width, 30, 80);
    }

    [Fact]
    public void ALabelStaysReadableAtTheTopOfThePicture()
    {
        var picture = new Picture(80, 60);
        picture.LabelledBoxInPlace(new Box(10, 2, 40, 50), "0.97", new Colour(255, 230, 0));
        var plate = picture.Crop(new Box(12, 5, 30, 10));
        Assert.InRange(plate.Rgb.Where((_, i) => i % 3 == 0).Count(red => red < 120), 20, 150);
        Assert.Equal(new Colour(255, 230, 0), plate.At(0, 9));
    }

    [Fact]
    public void AHeatMapIsBlendedBetweenItsCells()
    {
        var picture = new Picture(40, 40);
        var hot = HeatMap.Overlay(picture, [0, 0, 0, 1], 2, 2, opacity: 1);
        Assert.Equal(HeatMap.ColourOf(ColourMap.Inferno, 0), hot.At(0, 0));
        Assert.Equal(HeatMap.ColourOf(ColourMap.Inferno, 1), hot.At(39, 39));
        var brightness = Enumerable.Range(0, 40).Select(i => hot.At(i, 39)).Select(c => c.Red + c.Green + c.Blue).ToList();
        Assert.Equal(brightness.Order(), brightness);
        Assert.True(brightness[20] > brightness[10] && brightness[29] > brightness[20]);

        Assert.True(Pictures.Busy(9, 9).HasSamePixels(HeatMap.Overlay(Pictures.Busy(9, 9), [1, 2, 3, 4], 2, 2, opacity: 0)));
        Assert.Equal(HeatMap.ColourOf(ColourMap.Viridis, 0), HeatMap.Overlay(picture, [0, 0], 2, 1, opacity: 1, ColourMap.Viridis).At(20, 20));
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => HeatMap.Overlay(picture, [0, float.NaN], 2, 1)).Message);
        Assert.Contains("expected 4", Assert.Throws<ArgumentException>(() => HeatMap.Overlay(picture, [0, 1, 2], 2, 2)).Message);
    }

    [Theory, InlineData(ColourMap.Inferno), InlineData(ColourMap.Viridis)]
    public void BrightnessRisesAllTheWayUpThePerceptualScales(ColourMap colours)
    {
        var levels = Enumerable.Range(0, 256).Select(i => HeatMap.ColourOf(colours, i / 255.0)).Select(c => (0.2126 * c.Red) + (0.7152 * c.Green) + (0.0722 * c.Blue)).ToList();
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second > pair.First - 1.5));
        Assert.True(levels[255] > levels[0] + 150);
    }

    [Fact]
    public void AContactSheetHasAPlaceForEveryPicture()
    {
        var cells = Enumerable.Range(0, 7).Select(i => new SheetCell(Pictures.Noise(32, 64, (ulong)i), $"rank {i + 1}", i % 2 == 0 ? Colour.Right : Colour.Wrong)).ToList();
        var options = new ContactSheetOptions { Columns = 4, CellWidth = 32, CellHeight = 64, Gap = 5, Frame = 2 };
        var sheet = ContactSheet.Compose(cells, options);
        var caption = Drawing.MeasureText("X", options.TextHeight).Height + 2;
        Assert.Equal((5 + (4 * (32 + 4 + 5)), 5 + (2 * (64 + 4 + caption + 5))), (sheet.Width, sheet.Height));
        for (var i = 0; i < cells.Count; i++)
        {
            var (x, y) = (7 + (i % 4 * 41), 7 + (i / 4 * (64 + 4 + caption + 5)));
            Assert.True(cells[i].Picture.HasSamePixels(sheet.Crop(new Box(x, y, 32, 64))));
            Assert.Equal(cells[i].Frame, sheet.At(x - 2, y + 30));
            Assert.Equal(Colour.White, sheet.At(x - 3, y + 30));
        }

        // The empty eighth place is background, a caption leaves ink.
        Assert.All(sheet.Crop(new Box(7 + (3 * 41), 7 + 64 + 4 + caption + 5, 32, 64)).Rgb, value => Assert.Equal(255, value));
        Assert.Contains(sheet.Crop(new Box(5, 7 + 64 + 2, 36, caption)).Rgb, value => value < 100);
        Assert.Throws<ArgumentException>(() => ContactSheet.Compose([]));
    }

    [Fact]
    public void AWidePictureKeepsItsShapeInItsCell()
    {
        var sheet = ContactSheet.Compose([new SheetCell(new Picture(100, 50))], new() { CellWidth = 40, CellHeight = 80, Gap = 0 });
        Assert.Equal((40, 80), (sheet.Width, sheet.Height));
        var dark = Enumerable.Range(0, 80).Count(y => sheet.At(20, y) == Colour.Black);
        Assert.Equal(20, dark);
    }
}
