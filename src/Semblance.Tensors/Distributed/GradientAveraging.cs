namespace Semblance.Tensors.Distributed;

/// <summary>Gives the processes of a group one gradient: the mean of what each of them found on its share of the batch.</summary>
public static class GradientAveraging
{
    /// <summary>Elements that cross at once: 64 MB of float32.</summary>
    private const long Together = 1 << 24;

    /// <summary>Replaces each gradient by its mean over the processes; a process without one adds nothing to it, and a parameter without one anywhere stays so.</summary>
    /// <param name="group">All of its processes call this.</param>
    /// <param name="parameters">The same in each, float32, in the same order, on one device.</param>
    public static void Apply(ProcessGroup group, IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        Tensor[] all = [.. parameters];
        var found = Tensor.From([.. all.Select(parameter => parameter.Grad is null ? 0L : 1L)], all.Length);
        group.Sum(found);
        var counts = found.ToArray<long>();
        var rest = all.Where((_, i) => counts[i] > 0).ToList();
        while (rest.Count > 0)
        {
            var elements = 0L;
            var some = rest.TakeWhile((parameter, i) => (elements += parameter.ElementCount) <= Together || i == 0).ToList();
            rest.RemoveRange(0, some.Count);
            Average(group, some);
        }
    }

    private static void Average(ProcessGroup group, List<Tensor> parameters)
    {
        using var scope = new TensorScope();
        var gradients = parameters.ConvertAll(parameter => parameter.Grad ?? Tensor.ZerosLike(parameter));
        var joined = Tensor.Cat([.. gradients.Select(gradient => gradient.Flatten())]);
        group.Sum(joined);
        joined = joined / group.Size;
        var from = 0L;
        for (var i = 0; i < parameters.Count; i++)
        {
            gradients[i].CopyFrom(joined.Narrow(0, from, gradients[i].ElementCount).Reshape(gradients[i].Shape));
            from += gradients[i].ElementCount;
            if (parameters[i].Grad is null)
            {
                parameters[i].Grad = gradients[i];
            }
        }
    }
}
