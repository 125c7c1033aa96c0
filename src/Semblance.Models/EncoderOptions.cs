using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>How a trained model is run.</summary>
public sealed record EncoderOptions
{
    /// <summary>Items that go through the network together; a matter of memory and speed alone.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Float32, or BFloat16 for products under autocast: faster where the processor has it, with embeddings equal to about three digits.</summary>
    public ScalarType Precision { get; init; } = ScalarType.Float32;

    /// <summary>Where it runs.</summary>
    public Device Device { get; init; } = Device.Cpu;
}
