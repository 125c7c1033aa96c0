using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Explanation;
using Semblance.Imaging;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance explain RUN --image FILE [--text "..."] --out FILE.png</c></summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run." };
        var image = new Option<string>("--image") { Description = "The picture to explain.", HelpName = "FILE", Required = true };
        var text = new Option<string?>("--text") { Description = "Words: where does the picture fit them? Without words: what makes up the person's own feature.", HelpName = "WORDS" };
        var output = new Option<string>("--out") { Description = "A PNG of panels: the picture, Grad-CAM over it, guided Grad-CAM, and attention rollout where the network has attention.", HelpName = "FILE.png", Required = true };
        var regions = new Option<string?>("--words") { Description = "Also a PNG that shows for each of the words that add most where in the picture it is found.", HelpName = "FILE.png" };
        var json = new Option<bool>("--json") { Description = "Prints score and word shares as one JSON object." };
        var command = new Verb(
            "explain",
            "Shows what the model looked at in a picture.",
            "semblance explain out/run --image photo.jpg --out why.png",
            "semblance explain out/run --image photo.jpg --text \"a man in a blue jacket\" --out why.png --words words.png")
        {
            run, image, text, output, regions, json,
        };
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(regions) is not null && parsed.GetValue(text) is null)
            {
                throw new ArgumentException("--words shows where words are found, and there are none: give --text");
            }

            using var encoder = TrainedModel.Open(parsed.GetRequiredValue(run));
            var picture = PictureReader.Read(parsed.GetRequiredValue(image), PictureReaderOptions.Photo);
            var explainer = new Explainer(encoder);
            var words = parsed.GetValue(text);
            if (words is not null && encoder.Warning(words) is { } warning)
            {
                Talk.Line(warning);
            }

            var explanation = words is null ? explainer.ForItself(picture) : explainer.ForText(picture, words);
            var shares = words is null ? [] : explainer.Words(picture, words);
            var path = parsed.GetRequiredValue(output);
            explanation.Panels().Save(path);
            var sheet = parsed.GetValue(regions);
            if (sheet is not null)
            {
                explainer.Regions(picture, words!).Sheet().Save(sheet);
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { question = explanation.Question, score = explanation.Score, words = shares, file = path, words_file = sheet }));
                return Task.FromResult(0);
            }

            Console.Out.WriteLine($"{path}: {explanation.Question}, score {explanation.Score:0.000}");
            foreach (var share in shares.OrderByDescending(share => share.Share).Take(5))
            {
                // Rounded first: a small negative share would print as "-+0.000".
                Console.Out.WriteLine($"  {share.Word,-16} {Math.Round(share.Share, 3) + 0.0:+0.000;-0.000;0.000}");
            }

            if (sheet is not null)
            {
                Console.Out.WriteLine($"{sheet}: where the words that add most are found");
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
