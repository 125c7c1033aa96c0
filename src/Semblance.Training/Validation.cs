using System.Text.Json.Nodes;
using Semblance.Data;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Methods;
using Semblance.Training.Metrics;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training;

/// <summary>Measures the model on the people held out of the sources, and puts the figures into the curves. It looks, and changes nothing.</summary>
internal sealed class Validation
{
    private readonly PersonDataset _people;
    private readonly IReadOnlyList<EvaluationTask> _tasks;
    private readonly IMethod _method;
    private readonly RunCurves _curves;
    private readonly EncoderOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly TimeProvider _time;

    public Validation(
        ValidationRecipe recipe, MethodWork work, IMethod method, RunCurves curves, IProgress<TrainingProgress>? progress, TimeProvider time)
    {
        _people = HeldOutPeople.AsDataset(work.Samples, work.Pictures, recipe, work.Recipe.Seed);
        var captions = work.Samples.HeldOut.Any(sample => sample.Record.Captions.Count > 0);
        _tasks = [.. recipe.Tasks.Select(EvaluationTasks.Parse).Where(task => captions || task is EvaluationTask.Image or EvaluationTask.WithinImage)];
        _options = new EncoderOptions { Device = Device.Parse(work.Recipe.Device) };
        (_method, _curves, _progress, _time) = (method, curves, progress, time);
    }

    public void Run(long step)
    {
        using var encoder = _method.Encoder(_options);
        var evaluator = new Evaluator(encoder, _progress, _time);
        var line = new JsonObject { ["step"] = step, ["stage"] = "validation" };
        var points = new List<KeyValuePair<string, double>>();
        foreach (var task in _tasks)
        {
            var figures = evaluator.Evaluate(_people, task).ToJson();
            foreach (var name in new[] { "rank1", "map", "minp" })
            {
                var curve = $"{task.Key()}/{name}";
                line[curve] = figures[name]!.DeepClone();
                points.Add(new($"validation/{curve}", (double)figures[name]!));
            }
        }

        _curves.Metrics.Write(line);
        _curves.Board.Scalars(step, points);
    }
}
