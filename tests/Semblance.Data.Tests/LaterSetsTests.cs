using System.Text;
using Semblance.Core;

namespace Semblance.Data.Tests;

/// <summary>The sets that took over Market-1501's folders, MSMT17's lists, and the caption sets built on them.</summary>
public sealed class LaterSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DukeIsRefusedWithItsNoticeUntilItIsAcceptedByName()
    {
        Duke();
        var refusal = Assert.Throws<ArgumentException>(() => DukeMtmc.Open(_folder.Root)).Message;
        Assert.StartsWith("DukeMTMC-reID has been withdrawn by its publisher", refusal);
        Assert.Contains("--accept-withdrawn dukemtmc-reid", refusal);

        var set = DukeMtmc.Open(_folder.Root, new DatasetOptions { AcceptWithdrawn = ["dukemtmc-reid"] });
        Assert.Equal(DataNotice.DukeMtmc, set.Notice);
        Assert.Equal(["bounding_box_test/0005_c8_f0000100.jpg", "bounding_box_train/0001_c2_f0046182.jpg", "query/0005_c1_f0000007.jpg"], set.Records.Select(record => record.ImagePath));
        Assert.Equal([(Split.Gallery, "0005", 8, 100), (Split.Train, "0001", 2, 46_182), (Split.Query, "0005", 1, 7)], set.Records.Select(record => (record.Split, record.RawId, record.Camera!.Value, record.Frame!.Value)));
        Assert.Equal(17_661, set.Report.Published["gallery images"]);
    }

    [Fact]
    public void APersonOfTrainingAndTestingIsNamed()
    {
        Duke();
        Write("query/0001_c3_f0000001.jpg", 9);
        var set = DukeMtmc.Open(_folder.Root, new DatasetOptions { AcceptWithdrawn = ["dukemtmc-reid"] });
        var overlap = Assert.Single(set.Report.Problems);
        Assert.Equal(ProblemStatus.Overlap, overlap.Status);
        Assert.Contains("1 people are in training and in query or gallery (0001), expected none", overlap.Reason);
    }

    [Theory]
    [InlineData("detected", 7_365), InlineData("labeled", 7_368)]
    public void Cuhk03TakesTheFiguresOfItsCarrier(string carrier, int train)
    {
        Cuhk03Folders(carrier);
        var set = Cuhk03.Open(_folder.Root);
        Assert.Equal(train, set.Report.Published["train images"]);
        Assert.Equal([("0002", 2), ("0001", 1), ("0002", 1)], set.Records.Select(record => (record.RawId, record.Camera!.Value)));
    }

    /// <summary>What completes a path on the command line ends it with a slash.</summary>
    [Theory, InlineData("labeled/", 7_368), InlineData("detected//", 7_365), InlineData("cuhk-label", 7_368)]
    public void Cuhk03IsKnownByAnyOfItsNames(string folder, int train)
    {
        Cuhk03Folders(folder.TrimEnd('/'));
        Assert.Equal(train, Cuhk03.Open(Path.Combine(_folder.Root, folder)).Report.Published["train images"]);
    }

    [Fact]
    public void Cuhk03DoesNotChooseBetweenItsCarriers()
    {
        Cuhk03Folders("detected");
        Cuhk03Folders("labeled");
        Assert.Contains("2 folders hold this layout (detected, labeled): name one of them", Assert.Throws<SemblanceFormatException>(() => Cuhk03.Open(_folder.Root)).Message);
    }

    [Fact]
    public void Msmt17KeepsTheOrderOfItsListsAndItsTwoNumberingsApart()
    {
        Msmt();
        var set = Msmt17.Open(_folder.Root);
        Assert.Equal(
            [
                (Split.Train, "train/0000", 3), (Split.Train, "train/0000", 1), (Split.Val, "train/0000", 2), (Split.Query, "test/0000", 15), (Split.Gallery, "test/0000", 4),
            ],
            set.Records.Select(record => (record.Split, record.RawId, record.Camera!.Value)));
        Assert.Equal("train/0000/0000_001_03_0303morning_0008_0.jpg", set.Records[0].ImagePath);
        Assert.Equal("0303morning", set.Records[0].Scene);
        Assert.Empty(set.Report.Problems);
        Assert.Equal(2, IdentityMap.Of(set.Records).Count);
    }

    [Theory]
    [InlineData("nothing here\\..\\..\\x.jpg 0\n", "expected one inside the data set's folder")]
    [InlineData("0000/0000_001_03_0303morning_0008_0.jpg\n", "expected PATH LABEL")]
    public void AWrongLineOfAListIsRefused(string line, string message)
    {
        Msmt();
        File.WriteAllText(_folder.File("list_train.txt"), line);
        Assert.Contains(message, Assert.Throws<SemblanceFormatException>(() => Msmt17.Open(_folder.Root)).Message);
    }

    [Fact]
    public void Msmt17WithoutItsListsIsNotSplitByGuess()
    {
        Msmt();
        File.Delete(_folder.File("list_query.txt"));
        Assert.Contains("missing: list_query.txt", Assert.Throws<SemblanceFormatException>(() => Msmt17.Open(_folder.Root)).Message);

        // Without any list it is still told from other folders of numbers, and what is missing is said.
        foreach (var list in Directory.GetFiles(_folder.Root, "list_*.txt"))
        {
            File.Delete(list);
        }

        Assert.Equal(Msmt17.Key, DatasetCheck.Recognise(_folder.Root));
        Assert.Contains("list_train.txt", Assert.Single(DatasetCheck.Run(_folder.Root).Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IcfgPedesGoesByItsAnnotationNotByItsFolders()
    {
        Write("imgs/test/0627/0627_010_05_0303afternoon_1591_0.jpg", 1);
        Write("imgs/train/0003/0003_000_11_0113noon_0001_2.jpg", 2);
        File.WriteAllText(
            _folder.File("ICFG_PEDES.json"),
            """
            [ {"split": "train", "captions": ["A woman."], "file_path": "test/0627/0627_010_05_0303afternoon_1591_0.jpg", "id": 0},
              {"split": "test", "captions": ["A man."], "file_path": "train/0003/0003_000_11_0113noon_0001_2.jpg", "id": 0} ]
            """);
        var set = IcfgPedes.Open(_folder.Root);
        Assert.Equal([(Split.Train, "train/0", 5), (Split.Test, "test/0", 11)], set.Records.Select(record => (record.Split, record.RawId, record.Camera!.Value)));
        Assert.Equal(["A man."], set.Records[1].Captions);
        Assert.Empty(set.Report.Problems);
    }

    [Fact]
    public void RstpReidReadsItsOwnFieldAndTheCameraOfTheName()
    {
        Write("imgs/0000_c14_0031.jpg", 1);
        File.WriteAllText(_folder.File("data_captions.json"), """[ {"id": 0, "img_path": "0000_c14_0031.jpg", "captions": ["One.", "Two."], "split": "val"} ]""");
        var record = Assert.Single(RstpReid.Open(_folder.Root).Records);
        Assert.Equal((Split.Val, "0", 14, 2), (record.Split, record.RawId, record.Camera!.Value, record.Captions.Count));
    }

    [Fact]
    public void TheOlderSplitOfRstpReidIsRefused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "imgs"));
        var json = new StringBuilder("[");
        for (var i = 0; i < 20_505; i++)
        {
            json.Append(i == 0 ? "" : ",").Append($$"""{"id": {{i / 5}}, "img_path": "{{i / 5:0000}}_c1_{{i:0000}}.jpg", "captions": [], "split": "{{(i < 19_505 ? "train" : i < 20_005 ? "val" : "test")}}"}""");
        }

        File.WriteAllText(_folder.File("data_captions.json"), json.Append(']').ToString());
        Assert.Contains("this is the older split (19,505 training", Assert.Throws<SemblanceFormatException>(() => RstpReid.Open(_folder.Root)).Message);
    }

    [Fact]
    public void RandPersonCountsCamerasOverItsScenes()
    {
        Write("randperson_subset/000000_s00_c02_f000123.jpg", 1);
        Write("randperson_subset/000007_s10_c04_f000001.png", 2);
        Write("randperson_subset/000007_s11_c04_f000001.jpg", 3);
        var set = RandPerson.Open(_folder.Root);
        Assert.Equal([("000000", 2, "s00"), ("000007", 19, "s10")], set.Records.Select(record => (record.RawId, record.Camera!.Value, record.Scene!)));
        Assert.Equal(ProblemStatus.Unexpected, Assert.Single(set.Report.Problems).Status);
    }

    [Fact]
    public void CuhkSysuCropsHaveNoCamera()
    {
        Write("cropped_images/p11422_s16929_1.jpg", 1);
        var record = Assert.Single(CuhkSysuCrops.Open(_folder.Root).Records);
        Assert.Equal(("11422", "s16929", null, Split.Train), (record.RawId, record.Scene, record.Camera, record.Split));
    }

    [Theory]
    [InlineData("0627_010_16_0303afternoon_1591_0.jpg"), InlineData("0627_010_00_0303afternoon_1591_0.jpg"), InlineData("0627_010_05_0303evening_1591_0.jpg"), InlineData("x0627_010_05_0303noon_1_0.jpg")]
    public void OtherNamesAreNotMsmt17(string name) => Assert.Null(Msmt17Name.Parse(name));

    [Fact]
    public void NamesThatAreWrittenAreReadBack()
    {
        var random = Randomness.For(11);
        for (var i = 0; i < 500; i++)
        {
            var duke = new DukeName($"{random.Next(10_000):0000}", random.Next(1, 9), random.Next(10_000_000));
            Assert.Equal(duke, DukeName.Parse(duke.ToString()));
            var cuhk = new Cuhk03Name($"{random.Next(10_000):0000}", random.Next(1, 3), random.Next(100));
            Assert.Equal(cuhk, Cuhk03Name.Parse(cuhk.ToString()));
        }
    }

    [Fact]
    public void LeaksBetweenSetsAreSaid()
    {
        Assert.Contains("icfg-pedes contains pictures of msmt17", Assert.Single(MergedDataset.OverlapsAmong(["msmt17", "icfg-pedes", "finegpr"])));
        Assert.Equal(3, MergedDataset.OverlapsAmong(["market1501", "cuhk03-np", "cuhk-sysu", "cuhk-pedes"]).Count);
        Assert.Empty(MergedDataset.OverlapsAmong(["market1501", "msmt17"]));
        Assert.Contains("both hold pictures of msmt17", Assert.Single(MergedDataset.LeaksInto("rstpreid", ["icfg-pedes", "market1501", "rstpreid"])));
        Assert.Contains("cuhk-pedes contains pictures of market1501", Assert.Single(MergedDataset.LeaksInto("market1501", ["cuhk-pedes"])));
        Assert.Empty(MergedDataset.LeaksInto("market1501", ["market1501", "msmt17"]));
    }

    private void Duke()
    {
        Write("bounding_box_train/0001_c2_f0046182.jpg", 1);
        Write("bounding_box_test/0005_c8_f0000100.jpg", 2);
        Write("query/0005_c1_f0000007.jpg", 3);
    }

    private void Cuhk03Folders(string carrier)
    {
        Write($"{carrier}/bounding_box_train/0001_c1_2.png", 1);
        Write($"{carrier}/bounding_box_test/0002_c2_6.png", 2);
        Write($"{carrier}/query/0002_c1_1.png", 3);
    }

    /// <summary>Lists with carriage returns, an empty last line, a backslash, and the number 0000 on both sides.</summary>
    private void Msmt()
    {
        string[] pictures =
        [
            "train/0000/0000_001_03_0303morning_0008_0.jpg", "train/0000/0000_000_01_0303noon_0008_0.jpg", "train/0000/0000_002_02_0113noon_0008_0_ex.jpg",
            "test/0000/0000_000_15_0114afternoon_0001_1.jpg", "test/0000/0000_001_04_0302noon_0001_1.jpg",
        ];
        for (var i = 0; i < pictures.Length; i++)
        {
            Write(pictures[i], i);
        }

        File.WriteAllText(_folder.File("list_train.txt"), "0000/0000_001_03_0303morning_0008_0.jpg 0\r\n0000\\0000_000_01_0303noon_0008_0.jpg 0 \r\n\r\n");
        File.WriteAllText(_folder.File("list_val.txt"), "0000/0000_002_02_0113noon_0008_0_ex.jpg 0\n");
        File.WriteAllText(_folder.File("list_query.txt"), "0000/0000_000_15_0114afternoon_0001_1.jpg 0\n");
        File.WriteAllText(_folder.File("list_gallery.txt"), "0000/0000_001_04_0302noon_0001_1.jpg 0  \n\n");
    }

    private void Write(string path, int look)
    {
        var picture = Fixtures.Small(look, 1);
        File.WriteAllBytes(_folder.File(path), path.EndsWith(".png", StringComparison.Ordinal) ? picture.EncodePng() : picture.EncodeJpeg(95));
    }
}
