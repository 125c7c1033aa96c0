namespace Semblance.Tensors;

/// <summary>Opens weights by what the file holds, not by how it is called.</summary>
public static class WeightsFile
{
    /// <summary>Opens a safetensors file or a PyTorch checkpoint (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>; zip, older format or TorchScript archive). Nothing in it is ever run.</summary>
    /// <exception cref="Core.SemblanceFormatException">The file is damaged, lies, or is of another format.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IWeightsFile Open(string path) => IsCheckpoint(path) ? CheckpointFile.Open(path) : Safetensors.Open(path);

    private static bool IsCheckpoint(string path)
    {
        Span<byte> head = stackalloc byte[9];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);

        // Safetensors begins with a length of eight bytes, which may look like anything, and then a brace.
        return !(length == head.Length && head[8] == (byte)'{') && (head.StartsWith("PK\u0003\u0004"u8) || (length > 0 && head[0] == 0x80));
    }
}
