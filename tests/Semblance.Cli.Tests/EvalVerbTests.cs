using System.Text.Json;

namespace Semblance.Cli.Tests;

public sealed class EvalVerbTests(Workshop workshop) : IDisposable
{
    private static readonly string[] Fractions = ["rank1", "rank5", "rank10", "map", "map_trap", "minp"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("image")]
    [InlineData("text-to-image")]
    [InlineData("image-to-text")]
    [InlineData("image+text")]
    public void MeasuresEveryTaskAsOneJsonObject(string task)
    {
        var report = Eval(workshop.Run, "--task", task, "--json").Json();

        Assert.Equal(task, report.GetProperty("task").GetString());
        Assert.True(report.GetProperty("queries").GetInt32() > 0);
        Assert.True(report.GetProperty("skipped").GetInt32() >= 0);
        Assert.True(report.GetProperty("gallery").GetInt32() > 0);
        Assert.All(Fractions, key => Assert.InRange(report.GetProperty(key).GetDouble(), 0, 1));
        Assert.True(report.GetProperty("rank1").GetDouble() <= report.GetProperty("rank5").GetDouble());
        Assert.True(report.GetProperty("rank5").GetDouble() <= report.GetProperty("rank10").GetDouble());
        Assert.True(report.GetProperty("map").GetDouble() > 0);
        Assert.True(report.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(Fingerprint(), report.GetProperty("fingerprint").GetString());
        Assert.Equal(JsonValueKind.Object, report.GetProperty("data").ValueKind);
    }

    [Fact]
    public void PrintsATableWithoutJson()
    {
        var said = Eval(workshop.Run, "--task", "text-to-image").Done();

        Assert.Contains("text-to-image:", said.Output, StringComparison.Ordinal);
        Assert.Contains("rank-1", said.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n +\d+\.\d\d +\d+\.\d\d", said.Output);
    }

    [Theory]
    [InlineData("text-to-other-image", "semblance/text-to-other-image")]
    [InlineData("text-to-other-camera", "semblance/text-to-other-camera")]
    public void MeasuresWordsOnOtherPicturesUnderAnotherName(string task, string protocol) =>
        Assert.Equal(protocol, Eval(workshop.Run, "--task", task, "--json").Json().GetProperty("protocol").GetString());

    [Fact]
    public void AddsRowsIntervalsAndThresholdsOnRequest()
    {
        var plain = Eval(workshop.Run, "--task", "image", "--json").Json();
        var report = Eval(workshop.Run, "--task", "image", "--rerank", "4,2,0.5", "--expand-queries", "--bootstrap", "200", "--calibrate", "--json").Json();

        Assert.All(Fractions, key => Assert.Equal(plain.GetProperty(key).GetDouble(), report.GetProperty(key).GetDouble()));
        Assert.All(["reranked", "expanded"], row => Assert.All(Fractions, key => Assert.InRange(report.GetProperty(row).GetProperty(key).GetDouble(), 0, 1)));
        Assert.Contains("k1 4, k2 2, λ 0.5", report.GetProperty("reranked").GetProperty("how").GetString(), StringComparison.Ordinal);
        Assert.Contains("α 3, 5 neighbours", report.GetProperty("expanded").GetProperty("how").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, report.GetProperty("intervals").GetProperty("samples").GetInt32());
        Assert.InRange(report.GetProperty("map").GetDouble(), report.GetProperty("intervals").GetProperty("map").GetProperty("low").GetDouble(), report.GetProperty("intervals").GetProperty("map").GetProperty("high").GetDouble());
        Assert.InRange(report.GetProperty("thresholds").GetProperty("equal_error_rate").GetDouble(), 0, 1);
        Assert.True(report.GetProperty("thresholds").GetProperty("points").GetArrayLength() > 0);
        Assert.False(plain.TryGetProperty("intervals", out _));
    }

    [Fact]
    public void WritesAPageWithCurvesListsAndAMap()
    {
        var page = Path.Combine(_folder.Root, "eval.html");
        var said = Eval(workshop.Run, "--task", "text-to-image", "--rerank", "--bootstrap", "--calibrate", "--report", page).Done();

        Assert.Contains("reranked", said.Output, StringComparison.Ordinal);
        Assert.Contains("equal error rate", said.Output, StringComparison.Ordinal);
        var html = File.ReadAllText(page);
        Assert.All(["CMC", "Precision by recall", "Errors by threshold", "<blockquote>", "class=\"right\"", "class=\"wrong\"", "t-SNE of", "rendered and show nobody"], part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rerank", "20,6", "expected K1,K2,LAMBDA, such as 20,6,0.3")]
    [InlineData("--rerank", "20,6.5,0.3", "a whole number of 1 or more")]
    [InlineData("--expand-queries", "5,alpha", "expected NEIGHBOURS,ALPHA, such as 5,3")]
    [InlineData("--bootstrap", "0", "a whole number of 1 or more")]
    public void RefusesNumbersThatAreNone(string option, string value, string said) => Eval(workshop.Run, "--task", "image", option, value).Refused(2, said);

    [Fact]
    public void RefusesToReRankTheSumOfTwoSpaces() => Eval(workshop.Run, "--task", "image+text", "--rerank").Refused(2, "adds the scores of two spaces");

    [Fact]
    public void OffersTheTaskThatWasMeant() => Eval(workshop.Run, "--task", "text-to-imge").Refused(2, "text-to-imge", "did you mean \"text-to-image\"", "image+text");

    [Fact]
    public void OffersTheLayoutThatWasMeant() =>
        SemblanceProgram.Run("eval", workshop.Run, "--data", workshop.World, "--layout", "market1502", "--task", "image").Refused(2, "market1502", "did you mean \"market1501\"", "cuhk-pedes");

    [Fact]
    public void RefusesToMeasureOnPicturesOfNobodyInParticular() =>
        SemblanceProgram.Run("eval", workshop.Run, "--data", workshop.World, "--layout", "images", "--task", "image").Refused(2, "names nobody", "expected one of market1501, dukemtmc-reid, msmt17, cuhk03-np, cuhk03-classic, cuhk-pedes, icfg-pedes, rstpreid, cuhk-sysu, randperson, finegpr, manifest");

    [Fact]
    public void SaysWhatADataSetWithoutCaptionsLacks()
    {
        var world = Copy(workshop.World, "world");
        File.Delete(Path.Combine(world, "captions.json"));

        SemblanceProgram.Run("eval", workshop.Run, "--data", world, "--layout", "market1501", "--task", "text-to-image").Refused(2, world, "no captions", "text-to-image");
    }

    [Fact]
    public void SaysWhatAnEmptyDataDirectoryShouldHold()
    {
        var nothing = Directory.CreateDirectory(Path.Combine(_folder.Root, "nothing")).FullName;

        SemblanceProgram.Run("eval", workshop.Run, "--data", nothing, "--layout", "market1501", "--task", "image").Refused(3, nothing, "an empty folder", "expected", "bounding_box_test");
    }

    [Fact]
    public void RefusesADataSetWithAnEmptyPicture()
    {
        var world = Copy(workshop.World, "world");
        File.WriteAllBytes(Directory.GetFiles(Path.Combine(world, "query"))[0], []);

        SemblanceProgram.Run("eval", workshop.Run, "--data", world, "--layout", "market1501", "--task", "image").Refused(3, "1 of", "query", "0 bytes");
    }

    [Fact]
    public void SaysThatThereIsNoSuchRun()
    {
        var none = Path.Combine(_folder.Root, "none");

        Eval(none, "--task", "image").Refused(2, none, "no such directory", "semblance train");
    }

    [Fact]
    public void SaysThatAFolderHoldsNoRun() => Eval(_folder.Root, "--task", "image").Refused(2, _folder.Root, "holds no run");

    [Fact]
    public void RefusesWeightsThatAreCutOff()
    {
        var run = Copy(workshop.Run, "run");
        var weights = Weights(run);
        using (var file = File.OpenWrite(weights))
        {
            file.SetLength(file.Length * 3 / 5);
        }

        Eval(run, "--task", "image").Refused(3, weights, "cut off");
    }

    [Fact]
    public void RefusesWeightsWhoseHeaderLiesAboutOffsets()
    {
        var run = Copy(workshop.Run, "run");
        var bytes = File.ReadAllBytes(Weights(run));
        var header = System.Text.Encoding.ASCII.GetString(bytes, 8, (int)BitConverter.ToUInt64(bytes));
        var at = header.IndexOf("\"data_offsets\":[", StringComparison.Ordinal) + "\"data_offsets\":[".Length;
        at += header.AsSpan(at).IndexOf(']') - 1;
        bytes[8 + at] = (byte)(bytes[8 + at] == '9' ? '1' : '9');
        File.WriteAllBytes(Weights(run), bytes);

        Eval(run, "--task", "image").Refused(3, Weights(run), "bytes");
    }

    [Fact]
    public void RefusesAModelFileThatNamesAnotherArchitecture()
    {
        var run = Copy(workshop.Run, "run");
        Replace(Facts(run), "\"mlp_width\": 128", "\"mlp_width\": 64");

        Eval(run, "--task", "image").Refused(3, Weights(run), "another architecture", "[64, 64]", "[128, 64]");
    }

    [Fact]
    public void RefusesTheWeightsOfAnotherModel()
    {
        var run = Copy(workshop.Run, "run");
        var bytes = File.ReadAllBytes(Weights(run));
        bytes[^2] ^= 0x01;
        File.WriteAllBytes(Weights(run), bytes);

        Eval(run, "--task", "image").Refused(3, "fingerprint", "changed after training", "take the folder whole");
    }

    [Fact]
    public void RefusesAModelFileOfAnotherFormat()
    {
        var run = Copy(workshop.Run, "run");
        Replace(Facts(run), "semblance mmet 1", "semblance mmet 9");

        Eval(run, "--task", "image").Refused(3, Facts(run), "semblance mmet 9", "expected \"semblance mmet 1\"");
    }

    private static string Weights(string run) => Path.Combine(run, "model", "model.safetensors");

    private static string Facts(string run) => Path.Combine(run, "model", "model.json");

    private static void Replace(string path, string old, string now)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, now, StringComparison.Ordinal));
    }

    private Said Eval(string run, params string[] more) => SemblanceProgram.Run(["eval", run, "--data", workshop.World, "--layout", "market1501", .. more]);

    private string Fingerprint() => JsonDocument.Parse(File.ReadAllText(Facts(workshop.Run))).RootElement.GetProperty("fingerprint").GetString()!;

    private string Copy(string from, string name)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.Contains("checkpoints", StringComparison.Ordinal)))
        {
            File.Copy(file, _folder.File($"{name}/{Path.GetRelativePath(from, file)}"));
        }

        return Path.Combine(_folder.Root, name);
    }
}
