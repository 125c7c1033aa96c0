using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Data;
using Semblance.Evaluation;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Reranking;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Training.Loop;

namespace Semblance.Training;

/// <summary>Measures an encoder on the test splits of a data set, by the protocol that its splits and the task call for.</summary>
/// <remarks>Pictures are embedded once for all tasks: an evaluator remembers their embeddings, 4 KiB a picture at 512 dimensions and two spaces.</remarks>
public sealed class Evaluator(IPersonEncoder encoder, IProgress<TrainingProgress>? progress = null, TimeProvider? time = null)
{
    /// <summary>Pictures decoded at once, and handed to the encoder together.</summary>
    private const int Chunk = 64;
    private static readonly EmbeddingSpace[] PictureSpaces = [EmbeddingSpace.Image, EmbeddingSpace.Joint];
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<(IPictureSource Source, string Path), float[][]> _known = [];

    /// <summary>Embeds the queries and the gallery, and ranks.</summary>
    /// <param name="dataset">With splits query and gallery, or test.</param>
    /// <param name="task">What is searched with what.</param>
    /// <param name="cancellation">Stops between two chunks of pictures.</param>
    /// <exception cref="ArgumentException">The data set has no test split, no captions where the task needs them, or no query has a match.</exception>
    public EvaluationReport Evaluate(PersonDataset dataset, EvaluationTask task, CancellationToken cancellation = default) => Measure(Embed(dataset, task, cancellation));

    /// <summary>Ranks what is embedded, and what is asked for beside.</summary>
    /// <exception cref="ArgumentException">No query has a match, or re-ranking or expansion is asked for a late fusion, which has no one space to do it in.</exception>
    public EvaluationReport Measure(EmbeddedSplit split, EvaluationExtras? extras = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        extras ??= new EvaluationExtras();
        if (split.Texts is not null && (extras.Rerank ?? (object?)extras.ExpandQueries) is not null)
        {
            throw new ArgumentException($"task {split.Task.Key()} adds the scores of two spaces, and re-ranking and query expansion work in one: leave them out");
        }

        if (extras.Lift is not null && split.Times.Count == 0)
        {
            throw new ArgumentException($"lifting by time needs pictures whose names tell when they were taken, as those of Market-1501 and DukeMTMC-reID do: {split.Data["dataset"]} has none");
        }

        if (extras is { Lift: not null, Rerank: null })
        {
            throw new ArgumentException("temporal lifting works on re-ranked distances: ask for re-ranking too");
        }

        var start = _time.GetTimestamp();
        var (result, parts) = split.Rank();
        var seconds = split.Seconds + _time.GetElapsedTime(start).TotalSeconds;
        var rows = new Dictionary<string, RetrievalResult>(parts, StringComparer.Ordinal);
        var (queries, gallery) = (split.Queries, split.Gallery);
        if (extras.ExpandQueries is { } expansion)
        {
            (queries, gallery) = QueryExpansion.Expand(queries, gallery, expansion);
            rows[EvaluationReport.Expanded] = split.Protocol.Evaluate(queries, gallery) with { Score = expansion.Description };
        }

        if (extras.Rerank is { } reranking)
        {
            // Of the queries as they are: the two are not piled up, since together they help less than either.
            var reranked = KReciprocal.Rerank(split.Queries, split.Gallery, reranking);
            rows[EvaluationReport.Reranked] = split.Protocol.Evaluate(split.Queries.Items, split.Gallery.Items, reranked);
            if (extras.Lift is { } lifting)
            {
                IReadOnlyList<Sighting> asking = Timed(split.Queries.Items, split.Times), asked = Timed(split.Gallery.Items, split.Times);
                rows[EvaluationReport.Lifted] = split.Protocol.Evaluate(split.Queries.Items, split.Gallery.Items, TemporalLifting.Lift(reranked, asking, asked, lifting));
            }
        }

        return new EvaluationReport(split.Task, result, seconds, encoder.Fingerprint.ToString(), split.Data, rows)
        {
            Intervals = extras.Bootstrap is { } bootstrap ? Bootstrap.Of(result, bootstrap) : null,
            Similarities = extras.Calibrate ? split.Protocol.Distribution(split.Queries, split.Gallery) : null,
        };
    }

    /// <summary>Embeds the queries and the gallery of a test split.</summary>
    /// <param name="dataset">With splits query and gallery, or test.</param>
    /// <param name="task">What is searched with what.</param>
    /// <param name="cancellation">Stops between two chunks of pictures.</param>
    /// <exception cref="ArgumentException">The data set has no test split, or no captions where the task needs them.</exception>
    public EmbeddedSplit Embed(PersonDataset dataset, EvaluationTask task, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var start = _time.GetTimestamp();
        var embedded = Embedded(dataset, task, cancellation);
        return embedded with { Times = SightingTimes.Of(dataset), Seconds = _time.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>Embeds the queries and the gallery that a list names.</summary>
    /// <param name="dataset">The set that the list chooses from.</param>
    /// <param name="list">Read from a file, or made.</param>
    /// <param name="task">Text to image, or image: captions or pictures of the list's queries ask.</param>
    /// <param name="cancellation">Stops between two chunks of pictures.</param>
    /// <exception cref="SemblanceFormatException">The list does not fit the set.</exception>
    /// <exception cref="ArgumentException">Another task, or none of the queries has a caption where captions ask.</exception>
    public EmbeddedSplit Embed(PersonDataset dataset, TestList list, EvaluationTask task = EvaluationTask.TextToImage, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(list);
        if (task is not (EvaluationTask.TextToImage or EvaluationTask.Image))
        {
            throw new ArgumentException($"task {task.Key()} with the list {list.Name}: expected {EvaluationTask.TextToImage.Key()} or {EvaluationTask.Image.Key()}");
        }

        var (queries, pictures) = list.Resolve(dataset);
        var start = _time.GetTimestamp();
        var views = queries.Concat(pictures).Select(chosen => chosen.View).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select((view, i) => (view, i)).ToDictionary(pair => pair.view, pair => pair.i, StringComparer.Ordinal);
        LabelledEmbeddings Seen(IEnumerable<TestList.Chosen> items, LabelledEmbeddings of) => new(
            [.. items.Select(one => new Sighting(one.Record.RawId, one.View is null ? null : views[one.View], GalleryRole.Person, one.Record.ImagePath))], of.Rows, of.Width, of.Fingerprint);
        LabelledEmbeddings Shown(IReadOnlyList<TestList.Chosen> items, EmbeddingSpace space) => Seen(items, Pictures(dataset, [.. items.Select(one => one.Record)], space, cancellation));

        var asked = queries.SelectMany(query => query.Captions.Select(caption => (Query: query, Text: query.Record.Captions[caption]))).ToList();
        if (task == EvaluationTask.TextToImage && asked.Count == 0)
        {
            throw new ArgumentException($"none of the {queries.Count} queries of {list.Name} has a caption, so no words can ask");
        }

        var data = new JsonObject
        {
            ["dataset"] = dataset.Key,
            ["root"] = dataset.Root,
            ["list"] = list.Name,
            ["list_version"] = list.Version,
            ["list_source"] = list.Source,
            ["list_sha256"] = list.Hash,
            ["captions_per_image"] = list.Rules.CaptionsPerImage,
            ["problems"] = dataset.Report.Problems.Count,
            ["notice"] = dataset.Notice,
        };
        var protocol = new ListedProtocol(list.Name, list.Rules.ExcludeOwnImage, list.Rules.ExcludeSameView);
        var space = task == EvaluationTask.Image ? EmbeddingSpace.Image : EmbeddingSpace.Joint;
        var gallery = Shown(pictures, space);
        var split = task == EvaluationTask.Image
            ? new EmbeddedSplit(task, protocol, Shown(queries, space), gallery, [], data, Seconds: 0)
            : new EmbeddedSplit(
                task, protocol,
                Seen(asked.Select(pair => pair.Query), Texts([.. asked.Select(pair => (pair.Query.Record, pair.Text))], space)),
                gallery, [.. asked.Select(pair => pair.Text)], data, Seconds: 0);
        return split with { Seconds = _time.GetElapsedTime(start).TotalSeconds };
    }

    /// <summary>CUHK03's first protocol.</summary>
    /// <param name="sets">The same pictures with one test set after another; each is embedded once.</param>
    /// <param name="options">Draws, their seed, and whose rule.</param>
    /// <param name="cancellation">Stops between two chunks of pictures.</param>
    /// <exception cref="ArgumentException">It is another data set, which has another protocol.</exception>
    public SingleShotReport EvaluateSingleShot(IReadOnlyList<(int TestSet, PersonDataset Dataset)> sets, SingleShotOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        ArgumentOutOfRangeException.ThrowIfZero(sets.Count);
        var start = _time.GetTimestamp();
        var results = new List<(int, SingleShotResult)>();
        foreach (var (number, dataset) in sets)
        {
            if (dataset.Key != Cuhk03Classic.Key)
            {
                throw new ArgumentException($"task {SingleShotReport.Task} is the first protocol of CUHK03 alone ({Cuhk03Classic.Key}), this is {dataset.Key}: its figures there would compare with nothing");
            }

            results.Add((number, SingleShot.Evaluate(Pictures(dataset, dataset.Of(Split.Test), EmbeddingSpace.Image, cancellation), options)));
        }

        var first = sets[0].Dataset;
        var data = new JsonObject { ["dataset"] = first.Key, ["root"] = first.Root, ["problems"] = first.Report.Problems.Count, ["notice"] = first.Notice };
        return new SingleShotReport(results, _time.GetElapsedTime(start).TotalSeconds, encoder.Fingerprint.ToString(), data);
    }

    private EmbeddedSplit Embedded(PersonDataset dataset, EvaluationTask task, CancellationToken cancellation)
    {
        if (dataset.Key == Cuhk03Classic.Key && task is (EvaluationTask.Image or EvaluationTask.WithinImage))
        {
            throw new ArgumentException($"{dataset.Key} has a protocol of its own, task {SingleShotReport.Task}: by the rules of {task.Key()} its figures would compare with nothing");
        }

        var split = TestSplit(dataset);
        var captions = Captions(split.All);
        if (captions.Count == 0 && task is not (EvaluationTask.Image or EvaluationTask.MultiQuery or EvaluationTask.WithinImage))
        {
            throw new ArgumentException($"{dataset.Key} in {dataset.Root} has no captions in its test split, which task {task.Key()} needs");
        }

        var data = new JsonObject
        {
            ["dataset"] = dataset.Key,
            ["root"] = dataset.Root,
            ["pictures"] = split.All.Count,
            ["identities"] = split.People.Select(record => record.RawId).Distinct(StringComparer.Ordinal).Count(),
            ["captions"] = captions.Count,
            ["problems"] = dataset.Report.Problems.Count,
            ["standard"] = dataset.Report.Standard,
            ["notice"] = dataset.Notice,
        };
        IReadOnlyList<string> words = [.. captions.Select(caption => caption.Caption)];
        LabelledEmbeddings Shown(IReadOnlyList<PersonRecord> records, EmbeddingSpace space) => Pictures(dataset, records, space, cancellation);
        EmbeddedSplit Of(RetrievalProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery, IReadOnlyList<string>? words = null) =>
            new(task, protocol, queries, gallery, words ?? [], data, Seconds: 0);
        EmbeddedSplit Within(WithinModality modality, LabelledEmbeddings items, IReadOnlyList<string>? words = null) => Of(new WithinModalityProtocol(modality), items, items, words);
        switch (task)
        {
            case EvaluationTask.Image when split.Queries.Count > 0:
                return Of(new ImageProtocol(), Shown(split.Queries, EmbeddingSpace.Image), Shown(split.Gallery, EmbeddingSpace.Image));
            case EvaluationTask.Image or EvaluationTask.WithinImage:
                return Within(WithinModality.Image, Shown(split.All, EmbeddingSpace.Image));
            case EvaluationTask.MultiQuery:
                var boxes = dataset.Of(Split.Boxes);
                if (boxes.Count == 0 || split.Queries.Count == 0)
                {
                    throw new ArgumentException($"{dataset.Key} in {dataset.Root} has {split.Queries.Count} queries and {boxes.Count} boxes to pool for them (Market-1501's gt_bbox), expected both");
                }

                data["boxes"] = boxes.Count;
                return Of(
                    new MultiQueryProtocol(), MultiQueryProtocol.Pool([.. split.Queries.Select(Describe)], Shown(boxes, EmbeddingSpace.Image)), Shown(split.Gallery, EmbeddingSpace.Image));
            case EvaluationTask.TextToImage:
                return Of(new TextToImageProtocol(), Texts(captions, EmbeddingSpace.Joint), Shown(split.All, EmbeddingSpace.Joint), words);
            case EvaluationTask.TextToOtherImage or EvaluationTask.TextToOtherCamera:
                return Of(
                    new TextToOtherImageProtocol(acrossCameras: task == EvaluationTask.TextToOtherCamera), Texts(captions, EmbeddingSpace.Joint), Shown(split.All, EmbeddingSpace.Joint), words);
            case EvaluationTask.ImageToText:
                return Of(new ImageToTextProtocol(), Shown(split.People, EmbeddingSpace.Joint), Texts(captions, EmbeddingSpace.Joint));
            case EvaluationTask.ImageAndText:
                var protocol = new ImageAndTextProtocol();
                var (images, texts) = (Shown(split.All, EmbeddingSpace.Image), Texts(captions, EmbeddingSpace.Joint));
                var pairs = protocol.Pairs(images.Items, texts.Items, CaptionSource.Own);
                return Of(protocol, Rows(images, [.. pairs.Select(pair => pair.Image)]), images, [.. pairs.Select(pair => words[pair.Caption])]) with
                {
                    Texts = Rows(texts, [.. pairs.Select(pair => pair.Caption)]),
                    GalleryForTexts = Shown(split.All, EmbeddingSpace.Joint),
                };
            case EvaluationTask.WithinText:
                return Within(WithinModality.Text, Texts(captions, EmbeddingSpace.Text), words);
            default:
                PersonRecord[] captioned = [.. split.People.Where(record => record.Captions.Count > 0)];
                return Within(WithinModality.Pair, Pairs(dataset, captioned, cancellation), [.. captioned.Select(record => record.Captions[0])]);
        }
    }

    private static (IReadOnlyList<PersonRecord> Queries, IReadOnlyList<PersonRecord> Gallery, IReadOnlyList<PersonRecord> All, IReadOnlyList<PersonRecord> People) TestSplit(
        PersonDataset dataset)
    {
        // Whom nobody named may be anybody: such a picture is neither right nor wrong.
        IReadOnlyList<PersonRecord> Named(Split split) => [.. dataset.Of(split).Select(record => record is { Role: Role.Person, RawId: "" } ? record with { Role = Role.Junk } : record)];
        var (queries, gallery) = (Named(Split.Query), Named(Split.Gallery));
        IReadOnlyList<PersonRecord> all = queries.Count > 0 || gallery.Count > 0 ? [.. queries, .. gallery] : Named(Split.Test);
        return all.Count > 0
            ? (queries, gallery, all, [.. all.Where(record => record.Role == Role.Person)])
            : throw new ArgumentException($"{dataset.Key} in {dataset.Root} has no test split: {dataset.Records.Count} pictures, none of them query, gallery or test");
    }

    private static List<(PersonRecord Record, string Caption)> Captions(IEnumerable<PersonRecord> records) =>
        [.. records.Where(record => record.Role == Role.Person).SelectMany(record => record.Captions.Select(caption => (record, caption)))];

    private static Sighting[] Timed(IReadOnlyList<Sighting> items, IReadOnlyDictionary<string, double> times) =>
        [.. items.Select(item => item.Picture is { } picture && times.TryGetValue(picture, out var time) ? item with { Time = time } : item)];

    private static Sighting Describe(PersonRecord record) => new(
        record.RawId,
        record.Camera,
        record.Role switch { Role.Junk => GalleryRole.Junk, Role.Distractor => GalleryRole.Distractor, _ => GalleryRole.Person },
        record.ImagePath);

    private LabelledEmbeddings Texts(IReadOnlyList<(PersonRecord Record, string Caption)> captions, EmbeddingSpace space) => LabelledEmbeddings.From(
        [.. captions.Select(caption => Describe(caption.Record))],
        InChunks(captions, "captions", chunk => encoder.EncodeTexts([.. chunk.Select(caption => caption.Caption)], space), default),
        encoder.Fingerprint.ToString());

    private LabelledEmbeddings Pictures(PersonDataset dataset, IReadOnlyList<PersonRecord> records, EmbeddingSpace space, CancellationToken cancellation) => LabelledEmbeddings.From(
        [.. records.Select(Describe)], Rows(dataset, records, Array.IndexOf(PictureSpaces, space), cancellation), encoder.Fingerprint.ToString());

    private LabelledEmbeddings Pairs(PersonDataset dataset, IReadOnlyList<PersonRecord> records, CancellationToken cancellation) => LabelledEmbeddings.From(
        [.. records.Select(Describe)],
        InChunks(records, "embedding", chunk => encoder.EncodePairs(Load(dataset, chunk), [.. chunk.Select(record => record.Captions[0])]), cancellation),
        encoder.Fingerprint.ToString());

    private static LabelledEmbeddings Rows(LabelledEmbeddings of, IReadOnlyList<int> rows) => LabelledEmbeddings.From(
        [.. rows.Select(row => of.Items[row])], [.. rows.Select(row => of.Rows.Slice(row * of.Width, of.Width).ToArray())], of.Fingerprint);

    private List<float[]> Rows(PersonDataset dataset, IReadOnlyList<PersonRecord> records, int space, CancellationToken cancellation)
    {
        var unknown = records.Where(record => !_known.ContainsKey((dataset.Pictures, record.ImagePath))).ToList();
        InChunks(unknown, "embedding", chunk =>
        {
            var rows = encoder.EncodePictures(Load(dataset, chunk), PictureSpaces);
            for (var i = 0; i < chunk.Count; i++)
            {
                _known[(dataset.Pictures, chunk[i].ImagePath)] = [.. rows.Select(one => one[i])];
            }

            return [];
        }, cancellation);
        return [.. records.Select(record => _known[(dataset.Pictures, record.ImagePath)][space])];
    }

    private static Picture[] Load(PersonDataset dataset, IReadOnlyList<PersonRecord> records)
    {
        var pictures = new Picture[records.Count];
        try
        {
            Parallel.For(0, pictures.Length, i => pictures[i] = dataset.Pictures.LoadPicture(records[i]));
        }
        catch (AggregateException several) when (several.Flatten().InnerExceptions is [SemblanceFormatException first, ..])
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return pictures;
    }

    private List<float[]> InChunks<T>(IReadOnlyList<T> items, string what, Func<IReadOnlyList<T>, float[][]> encode, CancellationToken cancellation)
    {
        var meter = new ProgressMeter(what, 0, items.Count, progress, _time);
        var rows = new List<float[]>(items.Count);
        foreach (var chunk in items.Chunk(Chunk))
        {
            cancellation.ThrowIfCancellationRequested();
            rows.AddRange(encode(chunk));
            meter.Advance(chunk.Length);
        }

        return rows;
    }
}
