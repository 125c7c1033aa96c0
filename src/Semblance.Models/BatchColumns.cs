using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>The tensors that batches are put together from; the scope around <c>scope</c> frees them, or their batch does. Words are padded to the longest sample, or to <c>atLeast</c>.</summary>
internal sealed class BatchColumns(IReadOnlyList<PreparedSample> samples, int height, int width, int cells, int paddingId, Device device, TensorScope scope, int atLeast = 0)
{
    private readonly int _longest = Math.Max(atLeast, samples.Max(sample => sample.Tokens?.Length ?? 0));

    /// <summary>The same kind of columns of other samples.</summary>
    public BatchColumns Of(IReadOnlyList<PreparedSample> others) => new(others, height, width, cells, paddingId, device, scope);

    public Tensor Images() => Put(Tensor.From(Joined(sample => sample.Pixels, "picture", 3 * height * width), samples.Count, 3, height, width));

    public Tensor Masked() => Put(Tensor.From(Joined(sample => sample.Masked, "image mask", cells), samples.Count, cells));

    public Tensor Tokens() => Padded(sample => sample.Tokens, paddingId);

    public Tensor MaskedTokens() => Padded(sample => sample.MaskedTokens, paddingId);

    public Tensor Labels() => Padded(sample => sample.Labels, -1);

    public Tensor Identities() => Put(Tensor.From([.. samples.Select(sample => sample.Identity)]));

    public Tensor CaptionKeys() => Put(Tensor.From([.. samples.Select(sample => sample.CaptionKey)]));

    public Tensor Attention()
    {
        var all = new bool[samples.Count * _longest];
        for (var b = 0; b < samples.Count; b++)
        {
            all.AsSpan(b * _longest, samples[b].Tokens?.Length ?? 0).Fill(true);
        }

        return Put(Tensor.From(all, samples.Count, _longest));
    }

    public Tensor Put(Tensor tensor) => scope.Keep(device == Device.Cpu ? tensor : tensor.To(device));

    private T[] Joined<T>(Func<PreparedSample, T[]?> part, string name, int each)
    {
        var all = new T[samples.Count * each];
        for (var b = 0; b < samples.Count; b++)
        {
            var values = part(samples[b]);
            if (values?.Length != each)
            {
                throw new ArgumentException($"sample {b} has {(values is null ? $"no {name}" : $"a {name} of {values.Length} values")}, expected {each}: prepare all samples of a batch for the same kind");
            }

            values.CopyTo(all, b * each);
        }

        return all;
    }

    private Tensor Padded(Func<PreparedSample, int[]?> part, int padding)
    {
        var all = new long[samples.Count * _longest];
        Array.Fill(all, padding);
        for (var b = 0; b < samples.Count; b++)
        {
            var values = part(samples[b]) ?? throw new ArgumentException($"sample {b} has no such words: prepare all samples of a batch for the same kind");
            for (var t = 0; t < values.Length; t++)
            {
                all[(b * _longest) + t] = values[t];
            }
        }

        return Put(Tensor.From(all, samples.Count, _longest));
    }
}
