using System.Collections.Concurrent;
using Semblance.Core;
using Semblance.Data.Loading;
using Semblance.Data.Sampling;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Tensors.Distributed;
using Semblance.Text;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training.Methods;

/// <summary>What every method learns from: the samples, their pixels and their words.</summary>
/// <param name="Recipe">The resolved recipe.</param>
/// <param name="Samples">What is learnt from.</param>
/// <param name="Pictures">Their pixels.</param>
/// <param name="Tokenizer">The vocabulary.</param>
internal record MethodWork(Recipe Recipe, SampleSet Samples, PictureStore Pictures, ITokenizer Tokenizer)
{
    /// <summary>How training pictures are varied, at this size.</summary>
    public AugmentationOptions Augmentation(MethodOptions options) => new()
    {
        Width = options.Width,
        Height = options.Height,
        FlipProbability = Recipe.Augmentation.FlipProbability,
        Padding = Recipe.Augmentation.Padding ?? (int)Math.Round(10 * options.Height / 256.0),
        CameraStrength = Recipe.Augmentation.Camera,
        ErasingProbability = Recipe.Augmentation.ErasingProbability,
    };

    /// <summary>P people with K pictures each, or P·K pictures of anybody, in the order that the seed and the stage's name give.</summary>
    public BatchStream Identities(string stage)
    {
        var seed = Randomness.For((ulong)Recipe.Seed, Randomness.Key($"{stage} order")).NextBits();
        if (Recipe.StageB.Order == IdentificationOrder.Random)
        {
            return new BatchStream(new ShuffledSampler(Samples.Training.Count, Recipe.StageB.Identities * Recipe.StageB.ImagesPerIdentity, seed).Batches);
        }

        var sampler = new IdentitySampler(
            [.. Samples.Training.Select(sample => sample.Labelled)],
            new IdentitySamplerOptions
            {
                Persons = Recipe.StageB.Identities,
                PicturesPerPerson = Recipe.StageB.ImagesPerIdentity,
                ViewpointSectors = Recipe.StageB.ViewpointSectors,
                BatchesPerEpoch = Recipe.StageB.BatchesPerEpoch,
            },
            seed);
        return new BatchStream(sampler.Batches) { Repeats = Recipe.StageB.BatchesPerEpoch is not null };
    }

    /// <summary>A sample, which of its captions is read (-1 for none), and the stream that varies it. Any thread; the same for the same keys.</summary>
    public (Sample Sample, int Caption, Randomness Random) Draw(string stage, MmetBatchKind kind, long epoch, int index, bool withCaption)
    {
        var sample = Samples.Training[index];
        var random = Randomness.For((ulong)Recipe.Seed, Randomness.Key(stage), (long)kind, epoch, index);
        return (sample, withCaption ? random.Next(sample.Record.Captions.Count) : -1, random);
    }

    /// <summary>The samples of a batch that are this process's to compute: all of them, or an even part where several train together.</summary>
    private static IReadOnlyList<int> Share(IReadOnlyList<int> batch)
    {
        if (ProcessGroup.Current is not { Size: > 1 } group)
        {
            return batch;
        }

        var size = batch.Count / group.Size;
        return batch.Count % group.Size == 0 ? [.. batch.Skip(size * group.Rank).Take(size)]
            : throw new ArgumentException($"a batch of {batch.Count} cannot be shared evenly by {group.Size} processes: take another batch size, or other \"processes\"");
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
                return Share(order.Samples);
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
