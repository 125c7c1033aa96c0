using System.Collections.Concurrent;
using Semblance.Core;
using Semblance.Data.Loading;
using Semblance.Models;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training.Methods;

/// <summary>What both stages of MMET share: the samples, their pixels, and how they become batches.</summary>
/// <param name="Recipe">The resolved recipe.</param>
/// <param name="Options">Its model options, with the vocabulary's size.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Pictures">Their pixels.</param>
/// <param name="Preparation">From picture and caption to numbers.</param>
internal sealed record MmetWork(Recipe Recipe, MmetOptions Options, SampleSet Samples, PictureStore Pictures, MmetPreparation Preparation)
{
    /// <summary>One sample as a kind of batch needs it: augmented, tokenised, masked. Any thread; the same for the same keys.</summary>
    public PreparedSample Prepare(string stage, MmetBatchKind kind, long epoch, int index, bool withPicture, bool withCaption)
    {
        var sample = Samples.Training[index];
        var random = Randomness.For((ulong)Recipe.Seed, Randomness.Key(stage), (long)kind, epoch, index);
        var captions = sample.Record.Captions;
        var caption = withCaption ? captions[random.Next(captions.Count)] : null;
        var (picture, mask) = withPicture ? Pictures.Load(sample) : (null, null);
        return Preparation.Prepare(kind, picture, mask, caption, sample.Identity, ref random);
    }

    /// <summary>Prepares the batches of a stage in order with the loader's threads.</summary>
    /// <param name="orders">Enumerated by the training thread, a few ahead of their use.</param>
    /// <param name="prepare">Makes a sample of an order; on any thread.</param>
    /// <param name="cancellation">Ends the loading.</param>
    /// <exception cref="LoadException">A picture is damaged; the message names it.</exception>
    public IEnumerable<LoadedBatch> Load(IEnumerable<BatchOrder> orders, Func<BatchOrder, int, (PreparedSample Sample, PreparedSample? Hidden)> prepare, CancellationToken cancellation)
    {
        var underWay = new ConcurrentDictionary<int, BatchOrder>();
        var handedOut = 0;
        return Loader.Run(
            orders.Select(order =>
            {
                underWay[handedOut++] = order;
                return order.Samples;
            }),
            place => (place.Batch, Prepared: prepare(underWay[place.Batch], place.Index)),
            items => underWay.TryRemove(items[0].Batch, out var order)
                ? new LoadedBatch(order, [.. items.Select(item => item.Prepared.Sample)], items[0].Prepared.Hidden is null ? null : [.. items.Select(item => item.Prepared.Hidden!)])
                : throw new InvalidOperationException($"batch {items[0].Batch} was prepared twice"),
            Recipe.Loader.Threads,
            Recipe.Loader.Ahead,
            index => Samples.Training[index].Record.ImagePath,
            cancellation: cancellation);
    }
}
