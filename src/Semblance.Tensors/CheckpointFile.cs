using Semblance.Core.Checkpoints;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>An open PyTorch checkpoint: reading a tensor copies the bytes that it uses once, from the file into the tensor.</summary>
/// <remarks><see cref="TorchCheckpoint"/> says what is read and what is refused.</remarks>
public sealed class CheckpointFile : IWeightsFile
{
    private readonly TorchCheckpoint _checkpoint;

    private CheckpointFile(TorchCheckpoint checkpoint) => _checkpoint = checkpoint;

    /// <summary>Every tensor by its keys from the outermost dictionary inwards, as in <c>state_dict.conv1.weight</c>.</summary>
    public IReadOnlyList<string> Names => [.. _checkpoint.Entries.Select(entry => entry.Name)];

    /// <summary>Empty: what a checkpoint holds beside tensors is not read.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Opens and proves a checkpoint.</summary>
    /// <exception cref="Core.SemblanceFormatException">The file is no checkpoint, is cut off, lies, or names something other than tensors and plain data.</exception>
    public static CheckpointFile Open(string path) => new(TorchCheckpoint.Open(path));

    /// <inheritdoc/>
    public long[] Shape(string name) => [.. _checkpoint[name].Shape];

    /// <inheritdoc/>
    public ScalarType Dtype(string name) => Safetensors.Loaded(_checkpoint[name].Dtype);

    /// <inheritdoc/>
    public Tensor Load(string name, Device device = default)
    {
        var entry = _checkpoint[name];
        using var scope = new TensorScope();
        using var nothing = Autograd.NoGrad();
        var used = ReadUsed(entry);
        var tensor = entry.IsContiguous
            ? used.Reshape([.. entry.Shape])
            : Operator.One("as_strided", used, entry.Shape.ToArray(), entry.Strides.ToArray(), 0L).Contiguous();
        return scope.Keep(device == Device.Cpu ? tensor : tensor.To(device));
    }

    public void Dispose() => _checkpoint.Dispose();

    /// <summary>The elements of the storage from the first that the tensor uses to the last: one dimension.</summary>
    private unsafe Tensor ReadUsed(CheckpointEntry entry)
    {
        var used = Tensor.Empty([entry.Extent], Safetensors.Loaded(entry.Dtype));
        var data = (byte*)Native.Data(used.Handle);
        const int chunk = 1 << 26;
        var length = entry.Extent * used.Dtype.Size();
        for (long offset = 0; offset < length; offset += chunk)
        {
            var piece = new Span<byte>(data + offset, (int)Math.Min(chunk, length - offset));
            _checkpoint.Read(entry.Name, offset, piece);
            if (used.Dtype == ScalarType.Bool && piece.ContainsAnyExceptInRange<byte>(0, 1))
            {
                throw new Core.SemblanceFormatException(_checkpoint.Path, $"\"{entry.Name}\" is BOOL but holds bytes other than 0 and 1");
            }
        }

        GC.KeepAlive(used);
        return used;
    }
}
