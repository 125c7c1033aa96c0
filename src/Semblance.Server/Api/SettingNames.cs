namespace Semblance.Server.Api;

/// <summary>What can be set.</summary>
internal static class SettingNames
{
    /// <summary>What the instance is for; stands on every page.</summary>
    public const string Banner = "banner";

    /// <summary>"true": faces are blurred in pictures of lists.</summary>
    public const string BlurFaces = "blur-faces";

    public static IReadOnlyList<string> All { get; } = [Banner, BlurFaces];

    public static string Checked(string name) => All.Contains(name, StringComparer.Ordinal) ? name : throw new ArgumentException($"there is no setting \"{name}\"; there are: {string.Join(", ", All)}");
}
