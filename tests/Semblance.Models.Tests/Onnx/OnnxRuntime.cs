using System.Diagnostics;
using System.Text.Json;

namespace Semblance.Models.Tests.Onnx;

/// <summary>The real ONNX Runtime, as npm's onnxruntime-node in artifacts/cache/node, where <c>./run test</c> puts it.</summary>
internal static class OnnxRuntime
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(Golden.Folder, "..", ".."));
    private static readonly string Modules = Path.Combine(Repository, "artifacts", "cache", "node", "node_modules");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Ends a test as skipped, with the reason, where there is no runtime.</summary>
    public static void SkipUnlessInstalled()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node"))), "node is not installed (Debian package nodejs)");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Modules, "onnxruntime-node")), $"onnxruntime-node is not in {Modules}: ./run test installs it where npm and its registry are");
    }

    /// <summary>Runs a model on several inputs, one after another.</summary>
    /// <param name="model">Path of the .onnx file.</param>
    /// <param name="input">Name of its one input.</param>
    /// <param name="feeds">Shape and elements; those of type long become int64, those of type float float32.</param>
    /// <returns>For each feed the outputs by name, as rows.</returns>
    public static IReadOnlyList<IReadOnlyDictionary<string, float[][]>> Run<T>(string model, string input, params IReadOnlyList<(long[] Shape, T[] Values)> feeds)
    {
        var path = $"{model}.feeds.json";
        var type = typeof(T) == typeof(long) ? "int64" : "float32";
        File.WriteAllText(path, JsonSerializer.Serialize(feeds.Select(feed => new Dictionary<string, Feed<T>> { [input] = new(type, feed.Shape, feed.Values) }), Json));
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(Repository, "tests", "Semblance.Models.Tests", "Onnx", "run.cjs"), model, path])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NODE_PATH"] = Modules;
        using var node = Process.Start(start)!;
        var complaint = node.StandardError.ReadToEndAsync();
        var answer = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, $"ONNX Runtime refuses {Path.GetFileName(model)}: {complaint.Result}");
        return [.. JsonSerializer.Deserialize<Dictionary<string, Result>[]>(answer, Json)!
            .Select(outputs => outputs.ToDictionary(pair => pair.Key, pair => pair.Value.Data.Chunk((int)pair.Value.Dims[^1]).ToArray()))];
    }

    private sealed record Feed<T>(string Type, long[] Dims, T[] Data);

    private sealed record Result(long[] Dims, float[] Data);
}
