using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

/// <summary>On a file in the form of cuhk-03.mat that h5py made (tests/golden/make_cuhk03.py).</summary>
public sealed class Cuhk03ClassicTests
{
    private static string Mat => Golden.File("cuhk-03-mini.mat");

    [Fact]
    public void PicturesAndTestSetsComeOutOfThePublishedFile()
    {
        using var folder = new TemporaryFolder();
        var counts = Cuhk03Release.Extract(Mat, folder.Root);
        Assert.Equal((67, 67), (counts["images_detected"], counts["images_labeled"]));
        Assert.False(File.Exists(Path.Combine(folder.Root, "images_detected", "1_002_1_05.png")));
        Assert.Equal("[[[1,1],[2,1]],[[1,2],[1,4]]]", File.ReadAllText(Path.Combine(folder.Root, "testsets.json")));

        // The person's and the picture's numbers are in the colour, and one pixel tells rows from columns.
        var picture = PictureReader.Read(Path.Combine(folder.Root, "images_labeled", "2_002_2_07.png"));
        Assert.Equal((4, 10), (picture.Width, picture.Height));
        Assert.Equal([80, 100, 140], picture.Rgb[..3]);
        Assert.Equal([255, 255, 255], picture.Rgb[3..6]);
        Assert.Equal([80, 100, 140], picture.Rgb[12..15]);
    }

    /// <summary>The new protocol as most public code has it: lists over the extracted pictures, with paths and numbers of the machine that wrote them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheNewProtocolIsReadFromListsOverTheSamePictures(bool json)
    {
        using var folder = new TemporaryFolder();
        Cuhk03Release.Extract(Mat, folder.Root);
        File.Delete(Path.Combine(folder.Root, "testsets.json"));
        if (json)
        {
            File.WriteAllText(folder.File("splits_new_labeled.json"), """
                [{"train": [["/home/x/images_labeled/1_001_1_01.png", 0, 0], ["C:\\x\\1_001_2_06.png", 0, 1]],
                  "query": [["1_002_1_01.png", 2, 0], ["2_001_1_02.png", 3, 0]], "gallery": [["1_002_2_06.png", 2, 1], ["2_001_2_07.png", 3, 1]], "num_train_pids": 1}]
                """);
        }
        else
        {
            File.Copy(Golden.File("matlab/cuhk03-config.mat"), folder.File("cuhk03_new_protocol_config_labeled.mat"));
        }

        Assert.Equal(Cuhk03.Key, DatasetCheck.Recognise(folder.Root));
        foreach (var root in new[] { folder.Root, Path.Combine(folder.Root, "images_labeled") + "/" })
        {
            var set = Cuhk03.Open(root, new DatasetOptions { AllowIncomplete = true });
            Assert.Equal(
                [(Split.Train, "1_001", 1), (Split.Train, "1_001", 2), (Split.Query, "1_002", 1), (Split.Query, "2_001", 1), (Split.Gallery, "1_002", 2), (Split.Gallery, "2_001", 2)],
                set.Records.Select(record => (record.Split, record.RawId, record.Camera!.Value)));
            Assert.Equal(4, set.Pictures.LoadPicture(set.Records[0]).Width);
            Assert.Equal(7_368, set.Report.Published["train images"]);
        }

        // With the first protocol's test sets beside them the folder is what it was; with both kinds of lists one has to be named.
        File.WriteAllText(folder.File("testsets.json"), "[[[1,1],[2,1]]]");
        Assert.Equal(Cuhk03Classic.Key, DatasetCheck.Recognise(folder.Root));
        File.WriteAllText(folder.File("splits_new_detected.json"), "[{}]");
        Assert.Contains("two forms of the same people", Assert.Throws<SemblanceFormatException>(() => Cuhk03.Open(folder.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("no object with train, query and gallery", Assert.Throws<SemblanceFormatException>(() => Cuhk03.Open(Path.Combine(folder.Root, "images_detected"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1_001 2_001", 48, 19)]
    [InlineData(2, "1_002 1_004", 49, 18)]
    public void TheReaderDealsPeopleOutByTheTestSet(int testSet, string test, int train, int tested)
    {
        using var folder = new TemporaryFolder();
        Cuhk03Release.Extract(Mat, folder.Root);
        var set = DataLayout.Open("cuhk03-classic", Path.Combine(folder.Root, "images_detected"), new DatasetOptions { TestSet = testSet });
        Assert.Equal(test, string.Join(' ', set.Of(Split.Test).Select(record => record.RawId).Distinct()));
        Assert.Equal((train, tested), (set.Of(Split.Train).Count, set.Of(Split.Test).Count));
        Assert.All(set.Records, record => Assert.Equal(int.Parse(record.ImagePath[^6..^4]) <= 5 ? 1 : 2, record.Camera));
        Assert.Equal(4, set.Pictures.LoadPicture(set.Records[0]).Width);
    }

    /// <summary>Caches of public code hold whole paths of another machine, in either spelling.</summary>
    [Fact]
    public void SplitCachesOfPublicCodeAreReadByTheNamesOfTheirFiles()
    {
        using var folder = new TemporaryFolder();
        Cuhk03Release.Extract(Mat, folder.Root);
        File.Delete(Path.Combine(folder.Root, "testsets.json"));
        File.WriteAllText(Path.Combine(folder.Root, "splits_classic_labeled.json"), """
            [ { "train": [], "query": [ ["/home/x/run_1_c2/images_labeled/1_003_1_01.png", 0, 0], ["C:\\data\\1_003_2_06.png", 0, 1] ], "gallery": [] } ]
            """);
        var set = Cuhk03Classic.Open(Path.Combine(folder.Root, "images_labeled"));
        Assert.Equal("1_003", Assert.Single(set.Of(Split.Test).Select(record => record.RawId).Distinct()));
    }

    [Fact]
    public void WhatIsWrongIsSaid()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no HDF5 file", Assert.Throws<SemblanceFormatException>(() => Cuhk03Release.Extract(Golden.File("make_cuhk03.py"), folder.Root)).Message, StringComparison.Ordinal);
        Cuhk03Release.Extract(Mat, folder.Root);
        Assert.Contains("name one of them", Assert.Throws<SemblanceFormatException>(() => Cuhk03Classic.Open(folder.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("test set 3 is asked for, there are 2", Assert.Throws<SemblanceFormatException>(
            () => Cuhk03Classic.Open(Path.Combine(folder.Root, "images_labeled"), new DatasetOptions { TestSet = 3 })).Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(folder.Root, "images_labeled"), recursive: true);
        Assert.Equal("cuhk03-classic", DatasetCheck.Recognise(folder.Root));
        Assert.DoesNotContain(DatasetCheck.Run(folder.Root).Problems, problem => problem.Status != ProblemStatus.Suspicious);
        File.Delete(Path.Combine(folder.Root, "testsets.json"));
        Assert.Contains("nobody knows who is for testing", Assert.Throws<SemblanceFormatException>(() => Cuhk03Classic.Open(folder.Root)).Message, StringComparison.Ordinal);
    }

    /// <summary>A damaged file of a stranger: an error that names the file, never anything else.</summary>
    [Fact]
    public void DamagedFilesAreErrorsAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Mat);
        var path = Path.Combine(folder.Root, "damaged.mat");
        for (var i = 0; i < 60; i++)
        {
            var random = Randomness.For(41, i);
            var bytes = i % 3 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var k = 0; k < 1 + (i % 5) && bytes.Length > 0; k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, bytes);
            try
            {
                Cuhk03Release.Extract(path, Path.Combine(folder.Root, "out"));
            }
            catch (SemblanceFormatException)
            {
            }
        }
    }
}
