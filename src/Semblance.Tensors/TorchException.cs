namespace Semblance.Tensors;

/// <summary>libtorch refused an operation. The message holds libtorch's own words.</summary>
public sealed class TorchException : Exception
{
    /// <param name="operation">The operator's name, as in "linear".</param>
    /// <param name="shapes">What it was given, as in "[2, 3] Float32, [4, 5] Float32"; empty when it was given no tensor.</param>
    /// <param name="reason">What libtorch said.</param>
    public TorchException(string operation, string shapes, string reason)
        : base(shapes.Length == 0 ? $"{operation}: {reason}" : $"{operation}({shapes}): {reason}")
    {
        Operation = operation;
        Shapes = shapes;
    }

    public string Operation { get; }

    public string Shapes { get; }
}
