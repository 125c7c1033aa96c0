namespace Semblance.Tensors;

/// <summary>An open file of named tensors, whatever its format; tensors are loaded one by one.</summary>
public interface IWeightsFile : IDisposable
{
    /// <summary>Every tensor, in the order of the file.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The words kept beside the tensors; empty where the format has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="Core.SemblanceFormatException">There is no such tensor; the message offers the nearest name.</exception>
    long[] Shape(string name);

    /// <exception cref="Core.SemblanceFormatException">There is no such tensor; the message offers the nearest name.</exception>
    ScalarType Dtype(string name);

    /// <summary>A tensor in its own element type; the caller, or the open scope, owns it.</summary>
    /// <exception cref="Core.SemblanceFormatException">There is no such tensor; the message offers the nearest name.</exception>
    Tensor Load(string name, Device device = default);
}
