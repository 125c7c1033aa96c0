using Semblance.Core;

namespace Semblance.Data.Tests;

public sealed class ManifestTests
{
    [Fact]
    public void ATableNamesPeopleCamerasSplitsAndCaptions()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "a/1.jpg", "a/2.jpg", "b/3.jpg", "4.jpg");
        File.WriteAllText(folder.File("manifest.csv"), """"
            image,identity,camera,split,caption,caption2,frame,attribute:hat,role
            a/1.jpg,ann,gate,query,"a woman in a red coat, with ""a bag""",second,7,1,
            a/2.jpg,ann,yard,gallery,,,,0,
            b/3.jpg,bob,gate,train,"two
            lines",,,,
            a/1.jpg,ann,gate,query,third,,,,
            4.jpg,,yard,,,,,,distractor
            """");
        var set = Manifest.Open(folder.Root);

        Assert.Empty(set.Report.Problems);
        Assert.Equal(["a/1.jpg", "a/2.jpg", "b/3.jpg", "4.jpg"], set.Records.Select(record => record.ImagePath));
        Assert.Equal(["a woman in a red coat, with \"a bag\"", "second", "third"], set.Records[0].Captions);
        Assert.Equal("two\nlines", set.Records[2].Captions[0].ReplaceLineEndings("\n"));
        Assert.Equal([1, 2, 1, 2], set.Records.Select(record => record.Camera!.Value));
        Assert.Equal([Split.Query, Split.Gallery, Split.Train, Split.Gallery], set.Records.Select(record => record.Split));
        Assert.Equal((7, 1), (set.Records[0].Frame, set.Records[0].Attributes!["hat"]));
        Assert.Equal(Role.Distractor, set.Records[3].Role);
        Assert.Equal(4, DataLayout.Open("manifest", Path.Combine(folder.Root, "manifest.csv")).Records.Count);
        Assert.Equal("manifest", DatasetCheck.Recognise(folder.Root));
    }

    [Fact]
    public void JsonSaysTheSame()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "1.jpg", "2.jpg");
        File.WriteAllText(folder.File("manifest.json"), """
            [ { "image": "1.jpg", "identity": 12, "camera": 3, "split": "test", "captions": ["one", "two"], "attributes": { "hat": 1 } },
              { "image": "2.jpg", "identity": "12", "camera": 9, "split": "test", "caption": "three" } ]
            """);
        var set = Manifest.Open(folder.Root);

        Assert.Empty(set.Report.Problems);
        Assert.Equal(["12", "12"], set.Records.Select(record => record.RawId));
        Assert.Equal([3, 9], set.Records.Select(record => record.Camera!.Value));
        Assert.Equal([2, 1], set.Records.Select(record => record.Captions.Count));
    }

    [Theory]
    [InlineData("1.jpg,ann,gat", "line 2: 3 cells, the header has 4")]
    [InlineData("../1.jpg,ann,gate,gallery", "line 2: ")]
    [InlineData("1.jpg,ann,gate,tran", "split is \"tran\" (did you mean \"train\"?)")]
    [InlineData("1.jpg,,gate,train", "nobody is named")]
    [InlineData("2.jpg,bob,gate,gallery", "is identity \"ann\", camera \"gate\", Gallery here and \"bob\"")]
    public void ABadLineIsNamedAndTheRestGoesOn(string bad, string said)
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "1.jpg", "2.jpg");
        File.WriteAllText(folder.File("manifest.csv"), $"image;identity;camera;split\n{bad.Replace(',', ';')}\n2.jpg;ann;gate;gallery\n");
        var set = Manifest.Open(folder.Root);

        Assert.Equal("2.jpg", Assert.Single(set.Records).ImagePath);
        Assert.Contains(said, Assert.Single(set.Report.Problems, problem => problem.Status == ProblemStatus.Line).Reason, StringComparison.Ordinal);
        Assert.Contains(DatasetCheck.Run(folder.Root).Problems, problem => problem.Status == ProblemStatus.Line);
    }

    [Fact]
    public void AnUnknownColumnOffersTheNearest()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "1.jpg");
        File.WriteAllText(folder.File("manifest.csv"), "image\tidentiy\n1.jpg\tann\n");
        Assert.Contains("\"identiy\" is not known (did you mean \"identity\"?)", Assert.Single(Manifest.Open(folder.Root).Report.Problems).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("picture,identity\n1.jpg,ann\n", "expected at least the column image")]
    [InlineData("", "the table is empty")]
    [InlineData("image,identity\n\"1.jpg,ann\n", "a quoted cell that begins here does not end")]
    [InlineData("image,identity\n", "no line names a picture")]
    public void ATableThatIsNoneIsRefused(string text, string said)
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "1.jpg");
        File.WriteAllText(folder.File("manifest.csv"), text);
        Assert.Contains(said, Assert.Throws<SemblanceFormatException>(() => Manifest.Open(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureThatIsNotThereIsMissingWithItsLine()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "One.jpg");
        File.WriteAllText(folder.File("manifest.csv"), "image,identity\none.jpg,ann\ntwo.jpg,ann\n");
        var problems = DatasetCheck.Run(folder.Root).Problems;
        Assert.Contains(problems, problem => problem.Path == "one.jpg" && problem.Reason.Contains("on the disk it is written One.jpg", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Path == "two.jpg" && problem.Reason.Contains("line 3", StringComparison.Ordinal));
    }

    [Fact]
    public void PeopleInTrainingAndTestingAreReported()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder, "1.jpg", "2.jpg");
        File.WriteAllText(folder.File("manifest.csv"), "image,identity,split\n1.jpg,ann,train\n2.jpg,ann,query\n");
        Assert.Equal(ProblemStatus.Overlap, Assert.Single(Manifest.Open(folder.Root).Report.Problems).Status);
    }

    private static void Pictures(TemporaryFolder folder, params string[] paths)
    {
        for (var i = 0; i < paths.Length; i++)
        {
            File.WriteAllBytes(folder.File(paths[i]), Fixtures.Small((byte)i, 3).EncodeJpeg());
        }
    }
}
