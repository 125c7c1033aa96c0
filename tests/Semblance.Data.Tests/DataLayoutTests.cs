using Semblance.Core;

namespace Semblance.Data.Tests;

public sealed class DataLayoutTests
{
    [Fact]
    public void LayoutsAreOpenedByName()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        Assert.Equal(4, DataLayout.Open("CUHK-PEDES", folder.Root).Records.Count);
        Assert.Equal(["market1501", "dukemtmc-reid", "msmt17", "cuhk03-np", "cuhk03-classic", "cuhk-pedes", "icfg-pedes", "rstpreid", "cuhk-sysu", "randperson", "finegpr", "manifest", "images"], DataLayout.Names);
    }

    [Fact]
    public void AnUnknownNameOffersTheNearest() => Assert.Contains(
        "unknown layout \"market1051\" (did you mean \"market1501\"?), expected one of market1501, dukemtmc-reid, msmt17, cuhk03-np, cuhk03-classic, cuhk-pedes, icfg-pedes, rstpreid, cuhk-sysu, randperson, finegpr, manifest, images",
        Assert.Throws<ArgumentException>(() => DataLayout.Open("market1051", "/")).Message);

    [Fact]
    public void AFolderOfPicturesIsAGalleryOfUnknownPeople()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("b/2.png"), Fixtures.Small(1, 1).EncodePng());
        File.WriteAllBytes(folder.File("a.jpg"), Fixtures.Small(1, 2).EncodeJpeg());
        File.WriteAllBytes(folder.File(".hidden/3.jpg"), Fixtures.Small(1, 2).EncodeJpeg());
        File.WriteAllBytes(folder.File("masks/a.png"), Fixtures.Small(1, 2).EncodePng());
        File.WriteAllText(folder.File("b/notes.md"), "x");
        var set = ImageFolder.Open(folder.Root);
        Assert.Equal(["a.jpg", "b/2.png"], set.Records.Select(record => record.ImagePath));
        Assert.All(set.Records, record => Assert.Equal((Split.Gallery, ""), (record.Split, record.RawId)));
        Assert.Equal("b/notes.md", Assert.Single(set.Report.Problems).Path);
        Assert.Equal(0, set.Report.Counts["gallery identities"]);
    }

    [Fact]
    public void AnEmptyFolderOfPicturesIsNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith($"{folder.Root}: found an empty folder; expected pictures", Assert.Throws<SemblanceFormatException>(() => ImageFolder.Open(folder.Root)).Message);
    }

    [Fact]
    public void MergedSetsKeepTheirPeopleApart()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        using var words = new TemporaryFolder();
        Fixtures.Market(one);
        Fixtures.Market(two);
        Fixtures.Pedes(words);
        File.WriteAllBytes(two.File("query/0005_c1s1_000500_00.jpg"), new Imaging.Picture(3, 5).EncodeJpeg());
        var (market, other) = (Market1501.Open(one.Root), Market1501.Open(two.Root));
        var merged = MergedDataset.Of(MergedDataset.Of(market, other), CuhkPedes.Open(words.Root));

        Assert.Equal("market1501+market1501#2+cuhk-pedes", merged.Key);
        Assert.Equal((2 * market.Records.Count) + 4, merged.Records.Count);
        Assert.Equal(Enumerable.Range(0, merged.Records.Count), merged.Records.Select(record => record.Order));
        Assert.Equal(8 + 8 + 4, IdentityMap.Of(merged.Records).Count);
        Assert.Equal(6, CameraMap.Of(merged.Records).Count);
        var query = Assert.Single(merged.Records, record => record is { Dataset: "market1501#2", ImagePath: "query/0005_c1s1_000500_00.jpg" });
        Assert.Equal(3, merged.Pictures.LoadPicture(query).Width);
        Assert.Contains(merged.Report.Problems, problem => problem.Status == ProblemStatus.Overlap && problem.Reason.StartsWith("cuhk-pedes contains pictures of market1501"));
        Assert.Equal(13, merged.Report.Counts["market1501#2 train images"]);
    }
}
