using Semblance.Data;

namespace Semblance.Cli.Tests;

public sealed class WorldVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("market1501", "bounding_box_test")]
    [InlineData("cuhk-pedes", "imgs")]
    [InlineData("finegpr", "")]
    public void WritesAWorldThatItsReaderTakes(string layout, string pictures)
    {
        var directory = Path.Combine(_folder.Root, layout);
        var made = Workshop.Make(directory, layout).Json();

        Assert.Equal((48, 12, layout, 7), (made.GetProperty("pictures").GetInt32(), made.GetProperty("identities").GetInt32(), made.GetProperty("layout").GetString(), made.GetProperty("seed").GetInt32()));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(directory, pictures), "*.jpg", SearchOption.AllDirectories));
        // Market-1501 has nobody's pictures too.
        var people = DataLayout.Open(layout, directory).Records.Where(record => record.Role == Role.Person).ToArray();
        Assert.Equal(48, people.Length);
        Assert.All(people, record => Assert.NotEmpty(record.Captions));
    }

    [Fact]
    public void CaptionsAreAsManyAndAsSlipshodAsAsked()
    {
        double Words(string missing)
        {
            var directory = Path.Combine(_folder.Root, $"missing-{missing}");
            SemblanceProgram.Run(
                "world", "make", directory, "--domain", "plaza", "--identities", "8", "--images", "2", "--size", "64x32", "--layout", "cuhk-pedes", "--captions", "3", "--wrong-facts", "0", "--missing-facts", missing).Done();
            var records = DataLayout.Open("cuhk-pedes", directory).Records;
            Assert.All(records, record => Assert.Equal(3, record.Captions.Count));
            return records.SelectMany(record => record.Captions).Average(caption => caption.Split(' ').Length);
        }

        Assert.InRange(Words("0.9"), 1, 0.8 * Words("0"));
        SemblanceProgram.Run("world", "make", Path.Combine(_folder.Root, "none"), "--domain", "plaza", "--wrong-facts", "2").Refused(2, "WrongFacts is 2, expected 0 to 1");
    }

    [Fact]
    public void ListsItsDomainsForPeopleAndForPrograms()
    {
        var domains = SemblanceProgram.Run("world", "list", "--json").Json().GetProperty("domains").EnumerateArray().ToArray();

        Assert.True(domains.Length >= 6);
        Assert.All(domains, domain => Assert.True(domain.GetProperty("cameras").GetInt32() > 1));
        var table = SemblanceProgram.Run("world", "list").Done().Output;
        Assert.All(domains, domain => Assert.Contains(domain.GetProperty("name").GetString()!, table, StringComparison.Ordinal));
    }

    [Fact]
    public void OffersTheDomainThatWasMeant() =>
        SemblanceProgram.Run("world", "make", Path.Combine(_folder.Root, "w"), "--domain", "plazza").Refused(2, "plazza", "did you mean \"plaza\"", "station");

    [Fact]
    public void OffersTheLayoutThatWasMeant() =>
        SemblanceProgram.Run("world", "make", Path.Combine(_folder.Root, "w"), "--domain", "plaza", "--layout", "market").Refused(2, "\"market\" is no layout", "expected one of market1501, dukemtmc-reid, msmt17, cuhk03-np, cuhk-pedes, icfg-pedes, rstpreid, finegpr");

    [Fact]
    public void RefusesASizeThatIsNone() =>
        SemblanceProgram.Run("world", "make", Path.Combine(_folder.Root, "w"), "--domain", "plaza", "--size", "256").Refused(2, "--size is \"256\"", "HEIGHTxWIDTH");

    [Fact]
    public void RefusesAFileWhereAFolderShouldGo()
    {
        var file = _folder.File("notes.txt");
        File.WriteAllText(file, "mine");

        SemblanceProgram.Run("world", "make", file, "--domain", "plaza").Refused(2, file, "is a file", "expected a folder");
    }

    [Fact]
    public void RefusesNobody() =>
        SemblanceProgram.Run("world", "make", Path.Combine(_folder.Root, "w"), "--domain", "plaza", "--identities", "0").Refused(2, "Identities is 0", "expected 1 to");

    [Fact]
    public void NeverWritesOverWhatIsThere()
    {
        var own = _folder.File("mine/holiday.jpg");
        File.WriteAllText(own, "mine");

        SemblanceProgram.Run("world", "make", Path.GetDirectoryName(own)!, "--domain", "plaza").Refused(2, "is not empty", "new or an empty directory");

        Assert.Equal(own, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(own)!)));
    }
}
