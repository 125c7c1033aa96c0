using Semblance.Core;

namespace Semblance.Training;

/// <summary>The tasks by the words that the command line and result files use.</summary>
public static class EvaluationTasks
{
    private static readonly Dictionary<string, EvaluationTask> ByKey = new(StringComparer.Ordinal)
    {
        ["image"] = EvaluationTask.Image,
        ["text-to-image"] = EvaluationTask.TextToImage,
        ["text-to-other-image"] = EvaluationTask.TextToOtherImage,
        ["text-to-other-camera"] = EvaluationTask.TextToOtherCamera,
        ["image-to-text"] = EvaluationTask.ImageToText,
        ["image+text"] = EvaluationTask.ImageAndText,
        ["multi-query"] = EvaluationTask.MultiQuery,
        ["within-image"] = EvaluationTask.WithinImage,
        ["within-text"] = EvaluationTask.WithinText,
        ["within-pair"] = EvaluationTask.WithinPair,
    };

    /// <summary>All of them, the usual ones first.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. ByKey.Keys];

    public static string Key(this EvaluationTask task) => ByKey.First(pair => pair.Value == task).Key;

    /// <summary>The task of a word.</summary>
    /// <exception cref="ArgumentException">There is none; the message offers the nearest.</exception>
    public static EvaluationTask Parse(string key) => ByKey.TryGetValue(key, out var task) ? task
        : throw new ArgumentException($"\"{key}\" is no task{Suggestion.DidYouMean(key, Keys)}: expected one of {string.Join(", ", Keys)}", nameof(key));
}
