using System.Security.Cryptography;

namespace Semblance;

/// <summary>Finds the files under tests/golden, whose making is told by the script beside each folder.</summary>
internal static class Golden
{
    /// <summary>tests/golden of the repository that this program was built in.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Where golden cases run, as <c>Device.Parse</c> reads it: the processor, or what SEMBLANCE_TEST_DEVICE names (NVIDIA_TF32_OVERRIDE=0 beside cuda:0, for full precision).</summary>
    public static string DeviceName { get; } = Environment.GetEnvironmentVariable("SEMBLANCE_TEST_DEVICE") ?? "cpu";

    /// <summary>The path of a golden file, as in "layers/linear.safetensors".</summary>
    public static string File(string name) => Path.Combine(Folder, name);

    /// <summary>Fails when a file of the folder is not the one that SHA256SUMS was written for, or is not listed there.</summary>
    public static void AssertUntouched(string folder)
    {
        var listed = System.IO.File.ReadAllLines(Path.Combine(Folder, folder, "SHA256SUMS")).Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
        var found = Directory.GetFiles(Path.Combine(Folder, folder)).Where(path => Path.GetFileName(path) != "SHA256SUMS")
            .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path))));
        Assert.Equal(listed.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "golden")))
            {
                return Path.Combine(folder.FullName, "tests", "golden");
            }
        }

        throw new DirectoryNotFoundException($"no folder tests/golden above {AppContext.BaseDirectory}: run the tests inside the repository");
    }
}
