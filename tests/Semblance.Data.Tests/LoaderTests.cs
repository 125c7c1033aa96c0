using Semblance.Core;
using Semblance.Data.Loading;

namespace Semblance.Data.Tests;

public sealed class LoaderTests
{
    private static readonly int[][] Batches = [.. Enumerable.Range(0, 40).Select(batch => Enumerable.Range(batch * 7, 1 + (batch % 7)).ToArray())];

    [Theory, InlineData(1, 1), InlineData(2, 3), InlineData(8, 4), InlineData(8, 100)]
    public void OutputDoesNotDependOnTheNumberOfThreads(int threads, int prefetch)
    {
        var loaded = Loader.Run(Batches, Item, items => string.Join(' ', items), threads, prefetch, cancellation: TestContext.Current.CancellationToken).ToArray();
        var plain = Batches.Select((batch, number) => string.Join(' ', batch.Select((index, position) => Value(new LoadPlace(number, position, index)))));
        Assert.Equal(plain, loaded);

        static ulong Item(LoadPlace place)
        {
            // Some items take longer than others, so that threads finish out of order.
            Thread.SpinWait(place.Index * 7919 % 20_000);
            return Value(place);
        }

        static ulong Value(LoadPlace place)
        {
            var random = Randomness.For(1, place.Batch, place.Position, place.Index);
            return random.NextBits();
        }
    }

    [Fact]
    public void AFailingItemSurfacesWithItsRecordWhereItsBatchComes()
    {
        var seen = 0;
        var error = Assert.Throws<LoadException>(() =>
        {
            foreach (var _ in Loader.Run(Batches, FailAt(93), items => items.Count, threads: 4, describe: index => $"query/{index}.jpg", cancellation: TestContext.Current.CancellationToken))
            {
                seen++;
            }
        });
        Assert.Equal(13, seen);
        Assert.Equal("record 93 (query/93.jpg) of batch 13: the picture is damaged", error.Message);
        Assert.Equal(new LoadPlace(13, 2, 93), error.Place);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Fact]
    public void AFailingItemCanBeSkippedAndIsRecorded()
    {
        List<LoadException> skipped = [];
        int[][] batches = [[1, 2], [100], [3, 100, 4]];
        var loaded = Loader.Run(batches, FailAt(100), items => string.Join(' ', items), threads: 3, skip: skipped.Add, cancellation: TestContext.Current.CancellationToken).ToArray();
        Assert.Equal(["1 2", "3 4"], loaded);
        Assert.Equal([new LoadPlace(1, 0, 100), new LoadPlace(2, 1, 100)], skipped.Select(failure => failure.Place));
    }

    [Fact]
    public void AnErrorInCollatingSurfaces() => Assert.Throws<NotSupportedException>(() =>
        Loader.Run<int, int>(Batches, place => place.Index, _ => throw new NotSupportedException(), cancellation: TestContext.Current.CancellationToken).ToArray());

    [Fact]
    public void AtMostPrefetchBatchesAreUnderWay()
    {
        var (started, taken, most) = (0, 0, 0);
        foreach (var _ in Loader.Run(
            Batches,
            place =>
            {
                if (place.Position == 0)
                {
                    Interlocked.Increment(ref started);
                }

                return place.Index;
            },
            items => items.Count,
            threads: 4,
            prefetch: 3,
            cancellation: TestContext.Current.CancellationToken))
        {
            most = Math.Max(most, Volatile.Read(ref started) - taken);
            taken++;
        }

        Assert.Equal(40, taken);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void NothingIsLoadedBeforeTheFirstBatchIsAskedFor()
    {
        var calls = 0;
        var run = Loader.Run(Batches, _ => Interlocked.Increment(ref calls), items => items.Count, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0, calls);
        Assert.Equal(40, run.Count());
    }

    [Fact]
    public void LeavingEarlyDisposesWhatWasPrepared()
    {
        List<Counted> made = [];
        using (var enumerator = Loader.Run(
            Batches,
            place => place.Index,
            _ =>
            {
                var batch = new Counted();
                lock (made)
                {
                    made.Add(batch);
                }

                return batch;
            },
            threads: 4,
            prefetch: 5,
            cancellation: TestContext.Current.CancellationToken).GetEnumerator())
        {
            Assert.True(enumerator.MoveNext());
            enumerator.Current.Dispose();
        }

        Assert.All(made, batch => Assert.Equal(1, batch.Disposed));
    }

    [Fact]
    public void CancellationEndsTheWaiting()
    {
        using var stop = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var run = Loader.Run(
            Batches,
            place =>
            {
                if (place.Batch == 1)
                {
                    stop.Cancel();
                    gate.Set();
                }

                return place.Index;
            },
            items => items.Count,
            threads: 1,
            prefetch: 2,
            cancellation: stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => run.Select(count => { gate.Wait(TestContext.Current.CancellationToken); return count; }).ToArray());
    }

    private static Func<LoadPlace, int> FailAt(int index) => place => place.Index == index ? throw new InvalidDataException("the picture is damaged") : place.Index;

    private sealed class Counted : IDisposable
    {
        public int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }
}
