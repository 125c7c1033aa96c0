namespace Semblance.Training.Recipes;

/// <summary>Number format of the passes under autocast.</summary>
public enum Precision
{
    /// <summary>Bfloat16 where the device computes in it, else Float32: without such instructions bfloat16 is many times slower. A run keeps what it began with.</summary>
    Auto,

    Float32,

    Bfloat16,

    /// <summary>Float16 with dynamic loss scaling; CUDA alone.</summary>
    Float16,
}
