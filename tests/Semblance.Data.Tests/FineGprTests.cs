using Semblance.Core;
using Semblance.Text;

namespace Semblance.Data.Tests;

public sealed class FineGprTests
{
    private const string Header = "id,gender,hair,age,glasses,short-sleeve,dress,boots,hat,bag,Top_Length,shoes,upper_color,lower_color";

    [Theory, InlineData(false), InlineData(true)]
    public void ReadsFoldersOfPeopleAndTheFlatSubset(bool flat)
    {
        using var folder = new TemporaryFolder();
        Fixtures.FineGpr(folder, flat);
        var set = FineGpr.Open(folder.Root);
        Assert.Equal(8, set.Records.Count);
        Assert.All(set.Records, record => Assert.Equal(Split.Train, record.Split));
        Assert.Equal(["0001", "0003"], set.Records.Select(record => record.RawId).Distinct());
        Assert.Equal([(1, 90), (10, 180), (19, 270), (28, 0)], set.Records.Take(4).Select(record => (record.Camera!.Value, record.Viewpoint!.Value)));
        Assert.All(set.Records, record => Assert.Equal("wild", record.Scene));
        Assert.Equal((flat ? "" : "0001/") + "0001_c01_w04_l07_p03.jpg", set.Records[0].ImagePath);
        Assert.Null(set.Records[0].Attributes);
    }

    [Fact]
    public void ParsingWhatWasWrittenGivesTheSameName()
    {
        var random = Randomness.For(8);
        for (var i = 0; i < 2000; i++)
        {
            var name = new FineGprName($"{random.Next(10_000):0000}", random.Next(1, 37), random.Next(1, 8), random.Next(1, 8), random.Next(1, 10));
            Assert.Equal(name, FineGprName.Parse(name.ToString()));
            Assert.Equal(name.Camera, FineGprName.CameraOf(name.ViewpointDegrees));
            Assert.Equal(name.Weather, FineGprName.WeatherOf(name.Surroundings.Weather));
            Assert.Equal(name.Light, FineGprName.LightOf(name.Surroundings.TimeOfDay));
        }
    }

    [Theory, InlineData("0001_c00_w01_l01_p01.jpg"), InlineData("0001_c37_w01_l01_p01.jpg"), InlineData("0001_c01_w08_l01_p01.jpg"), InlineData("0001_c01_w01_l00_p01.jpg"),
        InlineData("0001_c01_w01_l01_p00.jpg"), InlineData("a0001_c01_w01_l01_p01.jpg")]
    public void OtherNamesAreNotRead(string name) => Assert.Null(FineGprName.Parse(name));

    [Fact]
    public void CaptionsAreTakenFromTheFileWhereThereIsOne()
    {
        using var folder = new TemporaryFolder();
        Fixtures.FineGpr(folder);
        File.WriteAllText(folder.File("captions.json"), """{ "0001_c01_w04_l07_p03.jpg": ["one", "two"], "0003/0003_c01_w04_l07_p03.jpg": "three" }""");
        var set = FineGpr.Open(folder.Root);
        Assert.Equal(["one", "two"], set.Records[0].Captions);
        Assert.Equal(["three"], set.Records[4].Captions);
        Assert.Empty(set.Records[1].Captions);

        File.WriteAllText(folder.File("captions.json"), """[ { "file_path": "0001/0001_c10_w04_l07_p03.jpg", "captions": ["four"] } ]""");
        Assert.Equal(["four"], FineGpr.Open(folder.Root).Records[1].Captions);
    }

    [Fact]
    public void AttributesBecomeADescriptionThatCaptionsAreWrittenFrom()
    {
        using var folder = new TemporaryFolder();
        Fixtures.FineGpr(folder);
        File.WriteAllText(folder.File("attributes.csv"), $"{Header}\r\n0001,2,1,3,1,1,2,1,2,1,1,1,7,9\r\n0003,1,2,1,2,2,2,2,1,2,2,2,3,1\r\n");
        var set = FineGpr.Open(folder.Root);
        var first = set.Records[0];
        Assert.Equal((2, 1, 1, 0, 7), (first.Attributes!["gender"], first.Attributes["glasses"], first.Attributes["boots"], first.Attributes["hat"], first.Attributes["upper_colour"]));
        var description = first.Description!;
        Assert.Equal(
            (Gender.Female, HairLength.Long, AgeGroup.Elder, true, SleeveLength.Short, GarmentLength.Long, ColourName.Blue, ColourName.Brown, Footwear.Boots, Tone.Dark, true, Headwear.None),
            (description.Gender, description.HairLength, description.Age, description.Glasses, description.Sleeves, description.UpperLength, description.UpperColour!.Value,
                description.LowerColour!.Value, description.Footwear, description.FootwearTone, description.Bag, description.Headwear));
        Assert.Equal(new SceneDescription("foggy", "night", "wild", 90), description.Scene);
        Assert.Equal((Headwear.Hat, ColourName.Red), (set.Records[4].Description!.Headwear, set.Records[4].Description!.UpperColour!.Value));

        Assert.Empty(first.Captions);
        Assert.Equal(
            ["An older woman wears a short-sleeved blue top, brown trousers and dark boots, with glasses and with a bag."],
            WrittenCaptions.For(set, CaptionStyle.Fixed, 5, seed: 1).Records[0].Captions);
        var plain = WrittenCaptions.For(set, CaptionStyle.Plain, 5, seed: 1);
        Assert.Equal(5, plain.Records[0].Captions.Count);
        Assert.InRange(plain.Records[0].Captions.Distinct().Count(), 3, 5);
        Assert.Equal(plain.Records[0].Captions, WrittenCaptions.For(set, CaptionStyle.Plain, 5, seed: 1).Records[0].Captions);
        Assert.NotEqual(plain.Records[0].Captions, WrittenCaptions.For(set, CaptionStyle.Plain, 5, seed: 2).Records[0].Captions);
        var given = set with { Records = [first with { Captions = ["given"] }, first with { Description = null }] };
        Assert.Equal([["given"], []], WrittenCaptions.For(given, CaptionStyle.Plain, 5, seed: 1).Records.Select(record => record.Captions));
    }

    [Fact]
    public void ColumnsCanBeMapped()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.csv"), Header.Replace("gender", "sex").Replace(',', ';') + "\n0001;1;1;3;1;1;2;1;2;1;1;1;7;9\n");
        Assert.Contains("no column \"gender\" for the attribute gender; the header names sex, hair", Assert.Throws<SemblanceFormatException>(() => FineGprAttributes.Read(folder.File("a.csv"))).Message);
        Assert.Equal(1, FineGprAttributes.Read(folder.File("a.csv"), new Dictionary<string, string> { ["gender"] = "Sex" })["0001"]["gender"]);
    }

    [Theory]
    [InlineData("0001,3,1,3,1,1,2,1,2,1,1,1,7,9", "gender is \"3\", expected 1 to 2")]
    [InlineData("0001,1,1,3,1,1,2,1,2,1,1,1,10,9", "upper_colour is \"10\", expected 1 to 9")]
    [InlineData("0001,1,1,3,0,1,2,1,2,1,1,1,1,9", "glasses is \"0\", expected 1 to 2")]
    [InlineData("0001,1,1", "3 cells, the header has 14")]
    public void ValuesOutsideTheCodesAreRefusedWithTheirLine(string line, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.csv"), $"{Header}\n\n{line}\n");
        var error = Assert.Throws<SemblanceFormatException>(() => FineGprAttributes.Read(folder.File("a.csv")));
        Assert.Contains(message, error.Message);
        Assert.Equal(3, error.Position);
    }

    [Fact]
    public void APersonTwiceInTheTableIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.csv"), $"{Header}\n0001,1,1,3,1,1,2,1,2,1,1,1,7,9\n0001,1,1,3,1,1,2,1,2,1,1,1,7,9\n");
        Assert.Contains("person 0001 occurs twice", Assert.Throws<SemblanceFormatException>(() => FineGprAttributes.Read(folder.File("a.csv"))).Message);
    }

    [Fact]
    public void APictureInAnotherPersonsFolderIsReported()
    {
        using var folder = new TemporaryFolder();
        Fixtures.FineGpr(folder);
        File.Move(folder.File("0001/0001_c01_w04_l07_p03.jpg"), folder.File("0003/0001_c01_w04_l07_p03.jpg"));
        var problem = Assert.Single(FineGpr.Open(folder.Root).Report.Problems);
        Assert.Equal(("0003/0001_c01_w04_l07_p03.jpg", "the name says person 0001, the folder 0003; read as 0001"), (problem.Path, problem.Reason));
    }

    [Fact]
    public void AnEmptyFolderIsNamedWithWhatWasExpected()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith($"{folder.Root}: FineGPR: found an empty folder; expected folders 0001/, 0003/", Assert.Throws<SemblanceFormatException>(() => FineGpr.Open(folder.Root)).Message);
    }
}
