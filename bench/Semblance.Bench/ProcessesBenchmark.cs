using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Bench;

/// <summary>What two processes of one machine tell each other in a training step: by memory that they share, beside libtorch's Gloo over loopback. Threads stand for the processes.</summary>
internal static class ProcessesBenchmark
{
    private const int Rounds = 15;

    public static IEnumerable<Comparison> Run()
    {
        Torch.SetThreads(1);
        var file = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"semblance-bench-{Guid.NewGuid():N}");
        using var memory = new Pair(MeetingPlace.AtFile(file));
        using var gloo = new Pair(MeetingPlace.AtPort("127.0.0.1", FreePort()));
        foreach (var (work, once, repeats) in new (string, Action<ProcessGroup>, int)[]
        {
            ("gather 129 float64 of each", _ => ProcessGroup.Gathered(Tensor.Ones([1, 129], ScalarType.Float64)), 200),
            ("sum 1,000,000 float32", group => group.Sum(Tensor.Ones([1_000_000])), 5),
            ("batch norm and gradient, 2 x [32, 64, 24, 12]", _ => Normalise(), 10),
        })
        {
            yield return Comparison.InTurn(
                work, "Semblance, shared memory", () => memory.Do(once, repeats), "libtorch 1.13's Gloo", () => Comparison.Time(() => gloo.Do(once, repeats)), Rounds, repeats);
        }
    }

    private static void Normalise()
    {
        using var norm = new BatchNorm2d(64);
        var x = Tensor.Ones([32, 64, 24, 12]);
        x.RequiresGrad = true;
        norm.Forward(x).Sum().Backward();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>This thread and another one, which does what this one does.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly BlockingCollection<(Action<ProcessGroup> Once, int Repeats)> _work = [];
        private readonly Task _other;
        private readonly ProcessGroup _group;

        public Pair(MeetingPlace place)
        {
            _other = Task.Factory.StartNew(() => Follow(place), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _group = ProcessGroup.Join(place, 0, 2, TimeSpan.FromMinutes(1));
        }

        public void Do(Action<ProcessGroup> once, int repeats)
        {
            _work.Add((once, repeats));
            Repeat(_group, once, repeats);
        }

        public void Dispose()
        {
            _work.CompleteAdding();
            _other.Wait();
            _group.Dispose();
            _work.Dispose();
        }

        private static void Repeat(ProcessGroup group, Action<ProcessGroup> once, int repeats)
        {
            using var member = group.Enter();
            for (var i = 0; i < repeats; i++)
            {
                using var scope = new TensorScope();
                once(group);
            }
        }

        private void Follow(MeetingPlace place)
        {
            using var group = ProcessGroup.Join(place, 1, 2, TimeSpan.FromMinutes(1));
            foreach (var (once, repeats) in _work.GetConsumingEnumerable())
            {
                Repeat(group, once, repeats);
            }
        }
    }
}
