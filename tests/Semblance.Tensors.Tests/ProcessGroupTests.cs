using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Tensors.Tests;

/// <summary>Threads stand for processes: each joins by itself, in memory that they share or at a port.</summary>
public sealed class ProcessGroupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GatheredRowsComeInOrderAndTheirGradientsGoHomeSummedOverAllLosses(bool port)
    {
        var answers = await Together(port, 3, group =>
        {
            using var scope = new TensorScope();
            var own = Tensor.From([group.Rank + 1f, 10f * (group.Rank + 1)], 2, 1);
            own.RequiresGrad = true;
            var all = ProcessGroup.Gathered(own);
            (all * all * (group.Rank + 1)).Sum().Backward();
            return (Rows: all.ToArray<float>(), Gradient: own.Grad!.ToArray<float>());
        });
        for (var rank = 0; rank < 3; rank++)
        {
            Assert.Equal([1f, 10f, 2f, 20f, 3f, 30f], answers[rank].Rows);
            Assert.Equal([12f * (rank + 1), 120f * (rank + 1)], answers[rank].Gradient);    // (1 + 2 + 3) · 2 x
        }
    }

    [Theory]
    [InlineData(ScalarType.Int64, false)]
    [InlineData(ScalarType.Bool, false)]
    [InlineData(ScalarType.BFloat16, false)]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.Int64, true)]
    [InlineData(ScalarType.Bool, true)]
    [InlineData(ScalarType.BFloat16, true)]
    [InlineData(ScalarType.Float64, true)]
    public async Task EveryTypeThatALossComparesIsGathered(ScalarType type, bool port)
    {
        var answers = await Together(port, 2, group =>
        {
            using var scope = new TensorScope();
            var all = ProcessGroup.Gathered(Tensor.From([group.Rank, 1L], 2).To(type));
            return (all.Dtype, Values: all.To(ScalarType.Int64).ToArray<long>());
        });
        Assert.All(answers, answer => Assert.Equal(type, answer.Dtype));
        Assert.All(answers, answer => Assert.Equal([0L, 1, 1, 1], answer.Values));
    }

    /// <summary>The plain twin is the layer on one thread that has the whole batch.</summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public async Task ABatchNormOfSharesIsThatOfTheWholeBatch(int rank, bool port)
    {
        long[] Shape(int rows) => rank == 2 ? [rows, 3] : [rows, 3, 5, 2];
        Tensor whole, wish;
        using (var scope = new TensorScope())
        {
            TorchRandom.Seed(5);
            whole = scope.Keep((Tensor.Randn(Shape(8)) * 3) + 7);
            wish = scope.Keep(Tensor.Randn(Shape(8)));
        }

        Result Normalise(int from, int count)
        {
            using var scope = new TensorScope();
            using BatchNorm norm = rank == 2 ? new BatchNorm1d(3) : new BatchNorm2d(3);
            using (Autograd.NoGrad())
            {
                norm.Weight.CopyFrom(Tensor.From([0.5f, 1, 2], 3));
            }

            var x = whole.Narrow(0, from, count).Clone();
            x.RequiresGrad = true;
            var y = norm.Forward(x);
            (y * wish.Narrow(0, from, count)).Sum().Backward();
            return new Result(
                y.ToArray<float>(), x.Grad!.ToArray<float>(), norm.Weight.Grad!.ToArray<float>(), norm.Bias.Grad!.ToArray<float>(),
                norm.RunningMean.ToArray<float>(), norm.RunningVariance.ToArray<float>());
        }

        var expected = Normalise(0, 8);
        var answers = await Together(port, 2, group => group.IsFirst ? Normalise(0, 3) : Normalise(3, 5));
        whole.Dispose();
        wish.Dispose();
        Close([.. answers[0].Output, .. answers[1].Output], expected.Output);
        Close([.. answers[0].Gradient, .. answers[1].Gradient], expected.Gradient);
        Close([.. answers[0].Weight.Zip(answers[1].Weight, (a, b) => a + b)], expected.Weight);
        Close([.. answers[0].Bias.Zip(answers[1].Bias, (a, b) => a + b)], expected.Bias);
        Assert.All(answers, answer => Close(answer.Mean, expected.Mean));
        Assert.All(answers, answer => Close(answer.Variance, expected.Variance));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SumsCopiesAndQuestionsReachEverybody(bool port)
    {
        var answers = await Together(port, 3, group =>
        {
            using var scope = new TensorScope();
            Tensor sum = Tensor.From([1f, group.Rank], 2), copy = Tensor.From([group.Rank + 5L], 1);
            group.Sum(sum);
            group.Spread(copy);
            return (Sum: sum.ToArray<float>(), Copy: copy.Item<long>(), OneSaysYes: group.Any(group.Rank == 2), NobodyDoes: group.Any(false));
        });
        Assert.All(answers, answer => Assert.Equal([3f, 3f], answer.Sum));
        Assert.All(answers, answer => Assert.Equal((5L, true, false), (answer.Copy, answer.OneSaysYes, answer.NobodyDoes)));
    }

    [Fact]
    public void AloneAThreadGathersNothing()
    {
        using var rows = Tensor.Ones([2, 2]);
        Assert.Null(ProcessGroup.Current);
        Assert.Same(rows, ProcessGroup.Gathered(rows));
    }

    [Fact]
    public void WhoeverWaitsForNobodyIsToldSo()
    {
        using var directory = new TemporaryFolder();
        var place = MeetingPlace.AtFile(directory.File("place"));
        var error = Assert.Throws<TorchException>(() => ProcessGroup.Join(place, 0, 2, TimeSpan.FromSeconds(1)));
        Assert.Contains("rank 0 of 2", error.Message, StringComparison.Ordinal);
    }

    /// <summary>More than one piece of what is shared at once, and not a multiple of it.</summary>
    [Fact]
    public async Task LargeTensorsCrossWhole()
    {
        const int Count = 1_000_001;
        var answers = await Together(port: false, 2, group =>
        {
            using var scope = new TensorScope();
            Tensor sum = Tensor.Arange(Count, ScalarType.Float64) * (group.Rank + 1), copy = Tensor.Full([Count], group.Rank + 5L, ScalarType.Int64);
            group.Sum(sum);
            group.Spread(copy);
            var all = ProcessGroup.Gathered(Tensor.Full([Count], group.Rank, ScalarType.Int64));
            var rows = all.Narrow(0, Count * group.Rank, Count);
            return (Sum: sum.Eq(Tensor.Arange(Count, ScalarType.Float64) * 3).All().Item<bool>(), Copy: copy.Eq(5).All().Item<bool>(), Rows: rows.Eq(group.Rank).All().Item<bool>());
        });
        Assert.All(answers, answer => Assert.Equal((true, true, true), answer));
    }

    [Fact]
    public async Task GradientsAreAveragedAndWhatNobodyLearntStaysUntouched()
    {
        var answers = await Together(port: false, 2, group =>
        {
            using var scope = new TensorScope();
            Tensor[] parameters = [Parameter(2), Parameter(3), Parameter(1)];
            ((parameters[0] * (group.Rank + 1)).Sum() + (group.IsFirst ? parameters[2] : Tensor.Zeros([1])).Sum()).Backward();
            GradientAveraging.Apply(group, parameters);
            return parameters.Select(parameter => parameter.Grad?.ToArray<float>()).ToArray();
        });
        foreach (var gradients in answers)
        {
            Assert.Equal([1.5f, 1.5f], gradients[0]!);
            Assert.Null(gradients[1]);
            Assert.Equal([0.5f], gradients[2]!);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoeverLosesAProcessIsToldSo(bool port)
    {
        var error = await Assert.ThrowsAsync<TorchException>(() => Together(port, 2, group =>
        {
            group.Meet();
            if (group.IsFirst)
            {
                group.Meet();
            }

            return 0;
        }));
        Assert.Contains("sum over processes", error.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Tensor Parameter(int size)
    {
        var parameter = Tensor.Ones([size]);
        parameter.RequiresGrad = true;
        return parameter;
    }

    private static async Task<T[]> Together<T>(bool port, int size, Func<ProcessGroup, T> work)
    {
        using var directory = new TemporaryFolder();
        var place = port ? MeetingPlace.AtPort("127.0.0.1", FreePort()) : MeetingPlace.AtFile(directory.File("place"));
        return await Task.WhenAll(Enumerable.Range(0, size).Select(rank => OnAThread(() =>
        {
            using var group = ProcessGroup.Join(place, rank, size, Patience);
            using var _ = group.Enter();
            return work(group);
        })));
    }

    /// <summary>A thread of its own for each: one that waits for the others must not keep them from starting.</summary>
    private static Task<T> OnAThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Close(float[] actual, float[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4f * (1 + Math.Abs(expected[i])));
        }
    }

    private sealed record Result(float[] Output, float[] Gradient, float[] Weight, float[] Bias, float[] Mean, float[] Variance);
}
