using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Semblance.Data.Loading;

/// <summary>Prepares batches ahead of their use on threads of its own: the order and content of the output do not depend on how many.</summary>
/// <remarks>
/// Items, not batches, go to the threads, so that the first batch comes soon. The thread that finishes a batch's last item collates it. The one who enumerates
/// hands out the work, so at most <c>prefetch</c> batches are in memory, and nothing runs before the first is asked for.
/// </remarks>
public static class Loader
{
    /// <summary>Loads and collates batches.</summary>
    /// <param name="batches">Indices of each batch; enumerated lazily, always by the caller's thread.</param>
    /// <param name="load">Loads one item, on any thread: a pure function of its place, with <c>Randomness.For(seed, epoch, ...)</c> for what is random.</param>
    /// <param name="collate">Makes a batch of its items, in the order of the indices; on any thread.</param>
    /// <param name="threads">Threads; 0 for one per processor.</param>
    /// <param name="prefetch">Batches under way, 1 or more.</param>
    /// <param name="describe">Names a record for error messages, usually by its path.</param>
    /// <param name="skip">When given, an item that fails is left out of its batch and handed to this, in order, on the thread that enumerates; a batch without items is left out. When null, the first failure, in order, is thrown.</param>
    /// <param name="cancellation">Ends the loading.</param>
    /// <returns>The batches in their order. Enumerate it once; leaving early stops the threads and disposes what was prepared.</returns>
    /// <exception cref="LoadException">An item failed; thrown where its batch would have come.</exception>
    public static IEnumerable<TBatch> Run<TItem, TBatch>(
        IEnumerable<IReadOnlyList<int>> batches,
        Func<LoadPlace, TItem> load,
        Func<IReadOnlyList<TItem>, TBatch> collate,
        int threads = 0,
        int prefetch = 4,
        Func<int, string>? describe = null,
        Action<LoadException>? skip = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(collate);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(prefetch);
        return Enumerate(batches, new Work<TItem, TBatch>(load, collate, describe, skip), threads == 0 ? Environment.ProcessorCount : threads, prefetch, cancellation);
    }

    private static IEnumerable<TBatch> Enumerate<TItem, TBatch>(
        IEnumerable<IReadOnlyList<int>> batches, Work<TItem, TBatch> work, int threads, int prefetch, CancellationToken cancellation)
    {
        using var source = batches.GetEnumerator();
        using var jobs = new BlockingCollection<(PendingBatch<TItem, TBatch> Batch, int Position)>(new ConcurrentQueue<(PendingBatch<TItem, TBatch>, int)>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<PendingBatch<TItem, TBatch>> pending = new();
        var crew = Enumerable.Range(0, threads).Select(i => new Thread(() => Serve(jobs, work, stop.Token)) { IsBackground = true, Name = $"loader {i}" }).ToArray();
        try
        {
            foreach (var thread in crew)
            {
                thread.Start();
            }

            for (var number = 0; ;)
            {
                while (pending.Count < prefetch && source.MoveNext())
                {
                    var batch = new PendingBatch<TItem, TBatch>(number++, source.Current);
                    pending.Enqueue(batch);
                    if (source.Current.Count == 0)
                    {
                        throw new ArgumentException($"batch {batch.Number} is empty, expected one index or more", nameof(batches));
                    }

                    for (var position = 0; position < source.Current.Count; position++)
                    {
                        jobs.Add((batch, position), CancellationToken.None);
                    }
                }

                if (pending.Count == 0)
                {
                    yield break;
                }

                var next = pending.Peek();
                next.Done.Wait(stop.Token);
                pending.Dequeue();
                next.Failure?.Throw();
                next.Failures().ForEach(failure => work.Skip!(failure));
                if (next.HasResult)
                {
                    yield return next.Result!;
                }
            }
        }
        finally
        {
            stop.Cancel();
            jobs.CompleteAdding();
            foreach (var thread in crew)
            {
                if (thread.ThreadState != ThreadState.Unstarted)
                {
                    thread.Join();
                }
            }

            foreach (var batch in pending)
            {
                batch.Discard();
            }
        }
    }

    private static void Serve<TItem, TBatch>(BlockingCollection<(PendingBatch<TItem, TBatch> Batch, int Position)> jobs, Work<TItem, TBatch> work, CancellationToken stop)
    {
        try
        {
            foreach (var (batch, position) in jobs.GetConsumingEnumerable(stop))
            {
                work.Load(batch, position);
            }
        }
        catch (OperationCanceledException)
        {
            // The enumeration has ended; what is left is discarded by its owner.
        }
    }

    private sealed class Work<TItem, TBatch>(Func<LoadPlace, TItem> load, Func<IReadOnlyList<TItem>, TBatch> collate, Func<int, string>? describe, Action<LoadException>? skip)
    {
        public Action<LoadException>? Skip => skip;

        public void Load(PendingBatch<TItem, TBatch> batch, int position)
        {
            var place = new LoadPlace(batch.Number, position, batch.Indices[position]);
            try
            {
                batch.Keep(position, load(place));
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to this record and is thrown or reported where its batch comes.
            catch (Exception error)
            {
                batch.Fail(position, new LoadException(place, describe?.Invoke(place.Index) ?? "", error));
            }
#pragma warning restore CA1031

            if (batch.FinishOne())
            {
                Collate(batch);
            }
        }

        private void Collate(PendingBatch<TItem, TBatch> batch)
        {
            try
            {
                var failures = batch.Failures();
                if (failures.Count > 0 && Skip is null)
                {
                    batch.Discard();
                    batch.Failure = ExceptionDispatchInfo.Capture(failures[0]);
                    return;
                }

                var items = batch.Items();
                if (items.Count > 0)
                {
                    batch.Result = collate(items);
                    batch.HasResult = true;
                }
            }
#pragma warning disable CA1031 // Collating is the caller's code: its error is thrown where the batch would have come.
            catch (Exception error)
            {
                batch.Failure = ExceptionDispatchInfo.Capture(error);
            }
#pragma warning restore CA1031
            finally
            {
                batch.Done.Set();
            }
        }
    }

    private sealed class PendingBatch<TItem, TBatch>(int number, IReadOnlyList<int> indices)
    {
        private readonly TItem?[] _items = new TItem?[indices.Count];
        private readonly bool[] _loaded = new bool[indices.Count];
        private readonly LoadException?[] _failures = new LoadException?[indices.Count];
        private int _left = indices.Count;

        public int Number => number;

        public IReadOnlyList<int> Indices => indices;

        public ManualResetEventSlim Done { get; } = new(initialState: false);

        public ExceptionDispatchInfo? Failure { get; set; }

        public TBatch? Result { get; set; }

        public bool HasResult { get; set; }

        public void Keep(int position, TItem item) => (_items[position], _loaded[position]) = (item, true);

        public void Fail(int position, LoadException failure) => _failures[position] = failure;

        /// <summary>True for the item that was the last of its batch.</summary>
        public bool FinishOne() => Interlocked.Decrement(ref _left) == 0;

        public List<LoadException> Failures() => [.. _failures.Where(failure => failure is not null).Cast<LoadException>()];

        public List<TItem> Items() => [.. _items.Where((_, i) => _loaded[i]).Cast<TItem>()];

        /// <summary>Frees what nobody will take.</summary>
        public void Discard()
        {
            if (HasResult)
            {
                (Result as IDisposable)?.Dispose();
                return;
            }

            foreach (var item in Items())
            {
                (item as IDisposable)?.Dispose();
            }
        }
    }
}
