using Semblance.Imaging;
using Semblance.Models.Masking;

namespace Semblance.Models.Tests.Masking;

public sealed class ForegroundTests
{
    private static readonly PatchGrid Grid = new(32, 16, 8, 8);    // 4 x 2 cells

    [Fact]
    public void AMaskGivesTheShareOfPersonPixelsInEachCell()
    {
        var labels = new byte[32 * 16];
        for (var y = 0; y < 8; y++)
        {
            labels.AsSpan(y * 16, 4).Fill(5);             // the left half of cell 0
        }

        labels.AsSpan(8 * 16, 8).Fill(1);                 // one row of cell 2
        var share = new MaskForeground().Locate(new ForegroundEvidence { Mask = new LabelMap(16, 32, labels) }, Grid)!;
        Assert.Equal([0.5f, 0, 0.125f, 0, 0, 0, 0, 0], share);
    }

    [Fact]
    public void OverlappingPatchesCountTheirOwnCellsAlone()
    {
        var grid = new PatchGrid(28, 16, 16, 12);         // two cells: rows 2..13 and 14..25, columns 2..13
        var labels = new byte[28 * 16];
        labels.AsSpan(0, 14 * 16).Fill(1);                // rows 0..13
        Assert.Equal([1f, 0f], new MaskForeground().Locate(new ForegroundEvidence { Mask = new LabelMap(16, 28, labels) }, grid)!);
    }

    [Fact]
    public void WhenNoPersonLabelOccursTheMostFrequentCentralLabelIsThePerson()
    {
        var labels = new byte[32 * 16];
        labels.AsSpan(8 * 16, 16 * 16).Fill(9);
        var share = new MaskForeground(new HashSet<byte> { 200 }).Locate(new ForegroundEvidence { Mask = new LabelMap(16, 32, labels) }, Grid)!;
        Assert.Equal([0f, 0, 1, 1, 1, 1, 0, 0], share);
    }

    [Fact]
    public void AMaskOfAnotherSizeIsRefused() =>
        Assert.Contains("32x32 but the input 32x16", Assert.Throws<ArgumentException>(() =>
            new MaskForeground().Locate(new ForegroundEvidence { Mask = new LabelMap(32, 32, new byte[1024]) }, Grid)).Message, StringComparison.Ordinal);

    [Fact]
    public void LimbsCoverTheCellsTheyCrossAndNoOthers()
    {
        var grid = new PatchGrid(100, 40, 4, 4);          // radius 6 pixels
        var share = new KeyPointForeground().Locate(
            new ForegroundEvidence { KeyPoints = [new(BodyJoint.LeftHip, 20, 40), new(BodyJoint.LeftKnee, 20, 60)] }, grid)!;
        for (var cell = 0; cell < grid.Count; cell++)
        {
            var (top, left) = grid.CellOrigin(cell);
            var (x, y) = (left + 2.0, top + 2.0);
            var distance = Math.Sqrt(Math.Pow(x - 20, 2) + Math.Pow(y - Math.Clamp(y, 40, 60), 2));
            if (distance < 3)
            {
                Assert.Equal(1, share[cell]);
            }
            else if (distance > 9)
            {
                Assert.Equal(0, share[cell]);
            }
        }
    }

    [Fact]
    public void TheEllipseIsCentralAndCoversAboutTwoFifths()
    {
        var grid = MmetOptions.Paper.Grid;
        var map = new EllipseForeground().Locate(ForegroundEvidence.None, grid);
        Assert.InRange(map.Average(), 0.33, 0.48);        // pi 0.28 0.46 = 0.405 of the picture
        Assert.Equal(1, map[(10 * grid.Columns) + 5]);
        Assert.Equal(0, map[0]);
        Assert.Equal(0, map[^1]);
    }

    [Fact]
    public void TheChainTakesTheBestEvidenceThatIsThere()
    {
        var mask = new LabelMap(16, 32, [.. Enumerable.Repeat((byte)1, 512)]);
        var points = new List<BodyPoint> { new(BodyJoint.Head, 8, 4) };
        Assert.All(ForegroundChain.Default.Locate(new ForegroundEvidence { Mask = mask, KeyPoints = points }, Grid)!, share => Assert.Equal(1, share));
        Assert.Equal(0, ForegroundChain.Default.Locate(new ForegroundEvidence { KeyPoints = points }, Grid)![^1]);
        Assert.Equal(new EllipseForeground().Locate(ForegroundEvidence.None, Grid), ForegroundChain.Default.Locate(ForegroundEvidence.None, Grid));
    }

    [Fact]
    public void TheMeanMaskIsLargestWhereMostMasksAgree()
    {
        byte[] upper = new byte[512], all = new byte[512];
        upper.AsSpan(0, 256).Fill(1);
        all.AsSpan().Fill(2);
        var mean = new MeanMaskForeground([new LabelMap(16, 32, upper), new LabelMap(16, 32, all)], Grid);
        Assert.Equal([1f, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f], mean.Locate(ForegroundEvidence.None, Grid));
    }
}
