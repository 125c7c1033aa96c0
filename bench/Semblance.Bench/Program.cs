using System.Globalization;
using System.Text.Json;
using Semblance.Bench;

(string Name, string About, Func<IEnumerable<Comparison>> Run)[] benchmarks =
[
    ("training", "MMET-default: train step and image encoder, beside PyTorch", TrainingBenchmark.Run),
    ("training-cuda", "the same on a CUDA device", TrainingBenchmark.RunCuda),
    ("operators", "what calling a small operator costs, beside libtorch's own C++ and Python", OperatorBenchmark.Run),
    ("optimiser", "a step of AdamW, beside PyTorch", OptimiserBenchmark.Run),
    ("processes", "what two processes that train together tell each other, beside Gloo", ProcessesBenchmark.Run),
    ("imaging", "decoding and varying a picture, beside Pillow and torchvision", ImagingBenchmark.Run),
    ("evaluation", "ranking and re-ranking of the size of Market-1501 and MSMT17, beside torchreid, fast-reid and the reference re-ranking", EvaluationBenchmark.Run),
    ("search", "exact search, search in 8 bits and in cells, beside FAISS", SearchBenchmark.Run),
    ("search-world", "the same on embeddings of the world's pictures, asked with embeddings of captions", SearchBenchmark.RunWorld),
    ("service", "a served gallery of 100,000 sightings over HTTP: one question, and a minute of load", ServiceBenchmark.Run),
    ("pgvector", "a gallery in PostgreSQL searched in memory and by the database", PgvectorBenchmark.Run),
    ("world", "pictures of the synthetic world a second", WorldBenchmark.Run),
];

if (args is [EvaluationBenchmark.OnceName, var folder, var piece])
{
    EvaluationBenchmark.Once(folder, piece);
    return 0;
}

var json = args.Contains("--json");
var name = args.FirstOrDefault(argument => !argument.StartsWith('-'));
if (name is null)
{
    Console.WriteLine("./run bench NAME [--json], with NAME one of");
    foreach (var benchmark in benchmarks)
    {
        Console.WriteLine($"  {benchmark.Name,-14} {benchmark.About}");
    }

    return 0;
}

var chosen = benchmarks.FirstOrDefault(benchmark => benchmark.Name == name);
if (chosen.Run is null)
{
    Console.Error.WriteLine($"there is no benchmark \"{name}\"; there are {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}");
    return 2;
}

var load = Machine.Load();
if (load > Environment.ProcessorCount * 0.5)
{
    Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"bench: others keep this machine busy (load {load:0.0} on {Environment.ProcessorCount} processors): seconds mean little, and ratios near 1 less"));
}

var rows = new List<Comparison>();
if (!json)
{
    Console.WriteLine($"{"work",-44} {"ours",-26} {"peer",-30} {"ours s",10} {"peer s",10} {"ratio",7}  limit");
}

try
{
    foreach (var row in chosen.Run())
    {
        rows.Add(row);
        if (!json)
        {
            Console.WriteLine($"{row.Work,-44} {row.Ours,-26} {row.Peer ?? "-",-30} {Seconds(row.OursSeconds),10} {Seconds(row.PeerSeconds),10} {row.Ratio,7:0.00}  {row.Limit}");
        }
    }
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine($"bench {name}: {problem.Message}");
    return 2;
}

if (json)
{
    Console.WriteLine(JsonSerializer.Serialize(new { benchmark = name, machine = Machine.Describe(), load_before = load, rows }, JsonOptions.Default));
}

return 0;

static string Seconds(double? seconds) => seconds switch
{
    null => "-",
    < 1e-3 => $"{seconds * 1e6:0.###} µs",
    < 1 => $"{seconds * 1e3:0.##} ms",
    _ => $"{seconds:0.##} s",
};
