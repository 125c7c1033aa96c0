using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class TestListTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("semblance-list-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AListIsReadResolvedAndWrittenAgain()
    {
        var list = TestList.Read(Write("""
            { "name": "mine", "version": "2", "source": "by hand", "base": "cuhk-pedes",
              "queries": [ { "image": "CUHK01/a.png", "captionIndex": 1, "id": 7, "view": "front" }, { "image": "imgs/CUHK01/b.png", "id": "7", "view": "back" } ],
              "gallery": [ { "image": "CUHK01/a.png", "id": 7, "view": "front" }, { "image": "CUHK01/b.png", "id": 7, "view": "back" }, { "image": "CUHK01/c.png", "id": 8 } ],
              "rules": { "excludeOwnImage": true, "excludeSameView": true, "captionsPerImage": "1" },
              "expected": { "queries": 2, "gallery": 3, "ids": 2 } }
            """));
        var (queries, gallery) = list.Resolve(Pedes());
        Assert.Equal([("imgs/CUHK01/a.png", "front", "1"), ("imgs/CUHK01/b.png", "back", "0")], queries.Select(query => (query.Record.ImagePath, query.View!, string.Join(',', query.Captions))));
        Assert.Equal(["7", "7", "8"], gallery.Select(picture => picture.Record.RawId));
        Assert.Equal(64, list.Hash.Length);
        var copy = Path.Combine(_directory, "copy.json");
        list.Write(copy);
        var again = TestList.Read(copy);
        Assert.Equal(list.Queries, again.Queries);
        Assert.Equal((list.Name, list.Version, list.Source, list.Rules, list.Expected), (again.Name, again.Version, again.Source, again.Rules, again.Expected));
    }

    [Theory]
    [InlineData("\"image\": \"CUHK01/nobody.png\", \"id\": 7", "query 0: CUHK01/nobody.png is no picture of the set")]
    [InlineData("\"image\": \"CUHK01/a.png\", \"id\": 9", "is person 9 in the list and 7 in the set")]
    [InlineData("\"image\": \"CUHK01/a.png\", \"id\": 7, \"captionIndex\": 5", "caption 5 of CUHK01/a.png, which has 2")]
    [InlineData("\"image\": \"CUHK01/a.png\", \"id\": 7, \"view\": \"back\"", "query 0: no gallery picture of person 7 is left after the rules")]
    [InlineData("\"image\": \"CUHK01/a.png\", \"id\": 7", "1 queries, 2 gallery pictures and 2 people, expected 2, 2 and 2")]
    public void WhatDoesNotFitTheSetIsNamed(string query, string expected)
    {
        var list = TestList.Read(Write($$"""
            { "name": "mine", "base": "cuhk-pedes", "queries": [ { {{query}} } ],
              "gallery": [ { "image": "CUHK01/b.png", "id": 7, "view": "back" }, { "image": "CUHK01/c.png", "id": 8 } ], "expected": { "queries": 2, "gallery": 2, "ids": 2 } }
            """));
        Assert.Contains(expected, Assert.Throws<SemblanceFormatException>(() => list.Resolve(Pedes())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"name\": \"x\", \"base\": \"cuhk-pedes\", \"queries\": [], \"gallery\": [] }", "0 queries and 0 gallery pictures")]
    [InlineData("{ \"name\": \"x\", \"base\": \"cuhk-pedes\", \"querys\": [] }", "querys")]
    [InlineData("[1", "no list of queries")]
    public void AFileThatIsNoListIsRefused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<SemblanceFormatException>(() => TestList.Read(Write(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void PeopleOfCuhkSysuAreAskedForAcrossScenes()
    {
        var list = TestList.CuhkSysuAcrossScenes(Pedes());
        Assert.Equal(["imgs/test_query/p3_s10.jpg", "imgs/test_query/p3_s11.jpg"], list.Queries.Select(item => item.Image));
        Assert.Equal(3, list.Gallery.Count);
        Assert.Equal(["s10", "s11"], list.Resolve(Pedes()).Queries.Select(query => query.View!));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_directory, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static PersonDataset Pedes()
    {
        PersonRecord Of(string path, string id) => new() { Dataset = CuhkPedes.Key, Split = Split.Test, ImagePath = $"imgs/{path}", RawId = id, Captions = ["one", "two"] };
        return new PersonDataset(
            CuhkPedes.Key,
            "memory",
            [Of("CUHK01/a.png", "7"), Of("CUHK01/b.png", "7"), Of("CUHK01/c.png", "8"), Of("test_query/p3_s10.jpg", "12"), Of("test_query/p3_s11.jpg", "12"), Of("test_query/p4_s10.jpg", "13")],
            new NoPictures(),
            new DatasetReport(new Dictionary<string, int>(), []))
        {
            Notice = DataNotice.CuhkPedes,
        };
    }

    private sealed class NoPictures : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => throw new NotSupportedException();

        public LabelMap? LoadMask(PersonRecord record) => null;
    }
}
