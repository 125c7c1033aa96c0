using Semblance.Tensors;

namespace Semblance.Models;

/// <summary>How a trained model is run.</summary>
public sealed record EncoderOptions
{
    private const string Variable = "SEMBLANCE_DEVICE";

    /// <summary>What holds where nobody says otherwise: the processor, or the device that SEMBLANCE_DEVICE names.</summary>
    /// <exception cref="ArgumentException">That device is not there.</exception>
    public static EncoderOptions FromEnvironment() => new() { Device = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Device.Find(name, Variable, "leave it empty") : Device.Cpu };

    /// <summary>Items that go through the network together; a matter of memory and speed alone.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Float32, or BFloat16 for products under autocast: faster where the processor has it, with embeddings equal to about three digits.</summary>
    public ScalarType Precision { get; init; } = ScalarType.Float32;

    /// <summary>Where it runs.</summary>
    public Device Device { get; init; } = Device.Cpu;
}
