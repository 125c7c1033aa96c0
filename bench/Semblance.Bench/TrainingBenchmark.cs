using System.Globalization;
using System.Text.Json;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Tensors.Optimisers;

namespace Semblance.Bench;

/// <summary>
/// MMET-default beside the same model in PyTorch: the image encoder, and a whole step of identity training (stage B). First with the same precision, threads and
/// BLAS kernels on both sides, then each side as it comes.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Classes = 1150;
    private const int CheckedSamples = 8;
    private const int ShortCaption = 40;
    private const double AskedAlike = 1.0;
    private const double AskedByDefault = 2.8;

    public static IEnumerable<Comparison> Run() => Run(new Place(Device.Cpu, Pictures: 16, Samples: 8, PictureRounds: 5, StepRounds: 3, ProductSide: 2048));

    /// <summary>The same on the first CUDA device, with batches that fill it.</summary>
    /// <exception cref="InvalidOperationException">libtorch finds no such device.</exception>
    public static IEnumerable<Comparison> RunCuda() => Device.HasCuda
        ? Run(new Place(Device.Cuda(), Pictures: 256, Samples: 64, PictureRounds: 11, StepRounds: 11, ProductSide: 8192))
        : throw new InvalidOperationException($"libtorch {Torch.Version} finds no CUDA device: name a libtorch with CUDA in SEMBLANCE_LIBTORCH, and a Python that has PyTorch with CUDA in SEMBLANCE_PYTHON");

    private static IEnumerable<Comparison> Run(Place place)
    {
        var threads = Torch.Threads;
        var blas = Torch.BlasKernels;
        CheckSameComputation(place, threads, blas);
        var rates = new Dictionary<Precision, double>
        {
            [Precision.Fp32] = Machine.ProductRate(ScalarType.Float32, place.Device, place.ProductSide),
            [Precision.Bf16] = Machine.ProductRate(ScalarType.BFloat16, place.Device, place.ProductSide),
        };

        TorchRandom.Seed(0);
        var options = MmetOptions.Default;
        using var identification = new MmetIdentification(new Mmet(options), Classes);
        identification.To(place.Device);
        using var optimiser = new AdamW([new ParameterGroup(identification.Parameters()) { LearningRate = 1e-5, WeightDecay = 0.1 }], 0.9, 0.98, 1e-6);
        using var batch = RandomBatch(options, place.Samples, place.Device);
        using var pictures = Tensor.Randn([place.Pictures, 3, options.Height, options.Width], device: place.Device);
        var step = $"train step, {place.Samples} pairs";
        var infer = $"image encoder, {place.Pictures} pictures";
        void Infer(Precision precision) => TrainingBenchmark.Infer(identification, pictures, precision);
        void Step(Precision precision) => TrainingBenchmark.Step(identification, optimiser, batch, precision, place.Device);

        using (var alike = new Peer("training", Arguments(options, threads, place.Device), blas))
        {
            foreach (var precision in Enum.GetValues<Precision>())
            {
                var settings = place.Device == Device.Cpu ? $"{Word(precision)}, {blas ?? "OpenBLAS's kernels"}, {threads} threads" : $"{Word(precision)}, {place.Device}";
                yield return Comparison.InTurn(
                    infer, $"Semblance {settings}", () => Infer(precision), "PyTorch, the same", () => alike.Run($"infer {Word(precision)} {place.Pictures}"), place.PictureRounds)
                    .Against(row => Limit(row, AskedAlike, place.Pictures * PictureWork(options), rates[precision], place));
                yield return Comparison.InTurn(
                    step, $"Semblance {settings}", () => Step(precision), "PyTorch, the same", () => alike.Run($"step {Word(precision)} {place.Samples}"), place.StepRounds)
                    .Against(row => Limit(row, AskedAlike, 3 * place.Samples * PairWork(options), rates[precision], place));
            }
        }

        if (place.Device != Device.Cpu)
        {
            yield break;
        }

        // Where OpenBLAS finds the right kernels by itself, products gain this much from the shorter type, and no more.
        var ceiling = $"a 2048³ product in bf16 is {rates[Precision.Bf16] / rates[Precision.Fp32]:0.0} times its fp32";
        using var standard = new Peer("training", Arguments(options, threads, place.Device));
        yield return Comparison.InTurn(
            infer, "Semblance as it comes", () => Infer(AsItComes), $"PyTorch as it comes (fp32, {threads} threads)", () => standard.Run($"infer fp32 {place.Pictures}"), place.PictureRounds)
            .Asked(AskedByDefault, ceiling);
        yield return Comparison.InTurn(
            step, "Semblance as it comes", () => Step(AsItComes), $"PyTorch as it comes (fp32, {threads} threads)", () => standard.Run($"step fp32 {place.Samples}"), place.StepRounds)
            .Asked(AskedByDefault, ceiling);
    }

    private static void Infer(MmetIdentification identification, Tensor pictures, Precision precision)
    {
        identification.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        using var autocast = Begin(precision, pictures.Device);
        identification.Model.EncodeImages(pictures, classTokenOnly: true).ClassToken();
        Torch.Synchronize(pictures.Device);
    }

    private static void Step(MmetIdentification identification, AdamW optimiser, IdentityBatch batch, Precision precision, Device device)
    {
        identification.Train();
        using var scope = new TensorScope();
        optimiser.ZeroGrad();
        IdentificationLosses losses;
        using (Begin(precision, device))
        {
            losses = identification.Forward(batch);
        }

        losses.Total.Backward();
        GradientClipping.ByNorm(optimiser.Parameters, 1);
        optimiser.Step();
        Torch.Synchronize(device);
    }

    private static IDisposable? Begin(Precision precision, Device device) => precision == Precision.Bf16 ? Autocast.To(ScalarType.BFloat16, device) : null;

    /// <summary>Proves on a small model that the peer computes what we do: our weights and one batch give the same loss and gradient norm there.</summary>
    private static void CheckSameComputation(Place place, int threads, string? blas)
    {
        TorchRandom.Seed(1);
        var options = MmetOptions.Tiny with { TextHeadWeight = 0.5, NormEpsilon = 1e-12, StochasticDepth = 0 };
        using var identification = new MmetIdentification(new Mmet(options), Classes);
        using var batch = RandomBatch(options, CheckedSamples, place.Device);
        identification.To(place.Device);
        using var scratch = new Scratch();
        using var scope = new TensorScope();
        var file = scratch.At("check.safetensors");
        Safetensors.Write(file, new Dictionary<string, Tensor>(identification.StateDict())
        {
            ["input.images"] = batch.Images!,
            ["input.tokens"] = batch.Tokens!,
            ["input.attention"] = batch.Attention!,
            ["input.identities"] = batch.Identities,
        });
        identification.Train();
        var loss = identification.Forward(batch).Total;
        loss.Backward();
        var norm = GradientClipping.ByNorm(identification.Parameters(), double.MaxValue);
        using var peer = new Peer("training", Arguments(options, threads, place.Device), blas);
        var theirs = peer.Numbers($"check {file}");
        if (!(Math.Abs((loss.Item<float>() / theirs[0]) - 1) < 1e-4 && Math.Abs((norm / theirs[1]) - 1) < 1e-3))
        {
            throw new InvalidOperationException(
                $"the same weights and batch give loss {loss.Item<float>()} and gradient norm {norm} here, {theirs[0]} and {theirs[1]} in the peer: they are not the same model");
        }
    }

    private static IdentityBatch RandomBatch(MmetOptions options, int count, Device device)
    {
        var tokens = new long[count, options.TextLength];
        var attention = new bool[count * options.TextLength];
        for (var row = 0; row < count; row++)
        {
            // One caption of full length keeps the batch at L; most are shorter.
            var length = row == 0 ? options.TextLength : Math.Min(ShortCaption, options.TextLength - 1);
            for (var i = 0; i < length; i++)
            {
                tokens[row, i] = 1 + ((7919L * ((row * options.TextLength) + i)) % (options.VocabularySize - 1));
                attention[(row * options.TextLength) + i] = true;
            }
        }

        return new IdentityBatch
        {
            Images = Tensor.Randn([count, 3, options.Height, options.Width], device: device),
            Tokens = Tensor.From<long>(tokens.Cast<long>().ToArray(), count, options.TextLength).To(device),
            Attention = Tensor.From<bool>(attention, count, options.TextLength).To(device),
            Identities = Tensor.From<long>([.. Enumerable.Range(0, count).Select(i => i / 4L)], count).To(device),
        };
    }

    private static string[] Arguments(MmetOptions options, int threads, Device device) =>
    [
        JsonSerializer.Serialize(new Dictionary<string, double>
        {
            ["image_height"] = options.Height,
            ["image_width"] = options.Width,
            ["patch"] = options.Patch,
            ["width"] = options.HiddenWidth,
            ["heads"] = options.Heads,
            ["mlp"] = options.MlpWidth,
            ["image_layers"] = options.ImageLayers,
            ["text_layers"] = options.TextLayers,
            ["fusion_layers"] = options.FusionLayers,
            ["text_length"] = options.TextLength,
            ["text_positions"] = options.TextPositions,
            ["vocabulary"] = options.VocabularySize,
            ["classes"] = Classes,
            ["epsilon"] = options.NormEpsilon,
            ["stochastic_depth"] = options.StochasticDepth,
        }),
        threads.ToString(CultureInfo.InvariantCulture),
        device.ToString(),
    ];

    private static string Limit(Comparison row, double asked, double work, double rate, Place place) =>
        row.Asked(asked, $"{work / row.OursSeconds / 1e9:0} GFLOP/s of the {rate / 1e9:0} of a {place.ProductSide}³ product").Limit!;

    /// <summary>Multiplications and additions of one picture's forward pass, every token computed: linear layers and attention; norms and activations are left out.</summary>
    private static double PictureWork(MmetOptions options) =>
        (2.0 * options.Grid.Count * 3 * options.Patch * options.Patch * options.HiddenWidth) + BlockWork(options, options.ImageLayers, 1 + options.Grid.Count);

    private static double PairWork(MmetOptions options) =>
        PictureWork(options) + BlockWork(options, options.TextLayers, options.TextLength) + BlockWork(options, options.FusionLayers, options.FusionLength)
        + (2.0 * (options.FusionLength - 1) * options.HiddenWidth * options.HiddenWidth);

    private static double BlockWork(MmetOptions options, int layers, double length) =>
        layers * ((2 * length * options.HiddenWidth * ((4.0 * options.HiddenWidth) + (2.0 * options.MlpWidth))) + (4 * length * length * options.HiddenWidth));

    private static string Word(Precision precision) => precision == Precision.Bf16 ? "bf16" : "fp32";

    /// <summary>What <c>precision: auto</c> chooses on this processor.</summary>
    private static Precision AsItComes => Autocast.IsFast(ScalarType.BFloat16) ? Precision.Bf16 : Precision.Fp32;

    private enum Precision { Fp32, Bf16 }

    /// <summary>Where it runs, and how much of it.</summary>
    private sealed record Place(Device Device, int Pictures, int Samples, int PictureRounds, int StepRounds, int ProductSide);
}
