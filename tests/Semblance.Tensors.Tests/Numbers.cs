namespace Semblance.Tensors.Tests;

/// <summary>Comparisons shared by the tensor tests.</summary>
internal static class Numbers
{
    /// <summary>Fails unless the tensor has exactly this shape.</summary>
    internal static void AssertShape(Tensor tensor, params long[] shape) => Assert.Equal(shape, tensor.Shape);

    /// <summary>Fails unless every element is within <paramref name="tolerance"/> of the one expected.</summary>
    internal static void AssertClose(Tensor actual, double[] expected, double tolerance = 1e-6)
    {
        var values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - expected[i]) <= tolerance, $"element {i} is {values[i]}, {expected[i]} was expected (tolerance {tolerance})");
        }
    }

    /// <summary>Checks the gradient of a scalar function in float64 against central differences, element by element.</summary>
    internal static void AssertGradient(Func<Tensor, Tensor> function, double[] at, long[] shape, double tolerance = 1e-6)
    {
        using var scope = new TensorScope();
        var input = Tensor.From(at, shape);
        input.RequiresGrad = true;
        var gradient = Autograd.Grad(function(input), [input])[0].ToArray<double>();
        const double Step = 1e-5;
        for (var i = 0; i < at.Length; i++)
        {
            var wanted = (Value(i, Step) - Value(i, -Step)) / (2 * Step);
            Assert.True(Math.Abs(gradient[i] - wanted) <= tolerance, $"gradient {i} is {gradient[i]}, differences give {wanted}");
        }

        double Value(int i, double step)
        {
            var moved = (double[])at.Clone();
            moved[i] += step;
            return function(Tensor.From(moved, shape)).Item<double>();
        }
    }
}
