using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Semblance.Core.Checkpoints;
using Semblance.Core.Safetensors;

namespace Semblance.Core.Tests.Checkpoints;

/// <summary>Hostile and damaged checkpoints, spelt out byte by byte; what PyTorch itself writes is read in Semblance.Tensors.Tests.</summary>
public sealed class TorchCheckpointTests : IDisposable
{
    private static readonly float[] Data = [0, 1, 2, 3, 4, 5];

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.pth");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATensorIsReadByItsName()
    {
        using var checkpoint = Open(PickleBytes.Dictionary("weight", p => p.Tensor(0, [2, 3], [3, 1], 6)));
        var entry = Assert.Single(checkpoint.Entries);
        Assert.Equal(("weight", 6, true), (entry.Name, entry.ElementCount, entry.IsContiguous));
        Assert.Equal(Data, Floats(checkpoint, "weight"));
    }

    [Fact]
    public void AViewIsReadFromItsFirstElementToItsLast()
    {
        using var checkpoint = Open(PickleBytes.Dictionary("weight", p => p.Tensor(1, [2, 2], [1, 3], 6)));
        Assert.False(checkpoint["weight"].IsContiguous);
        Assert.Equal(5, checkpoint["weight"].Extent);
        Assert.Equal([1, 2, 3, 4, 5], Floats(checkpoint, "weight"));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("weight", 4, new byte[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("weight", -1, new byte[1]));
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("torch", "load")]
    [InlineData("torch", "hub")]
    [InlineData("torch._utils", "_rebuild_device_tensor_from_numpy")]
    [InlineData("torch.FloatStorage", "from_file")]
    [InlineData("numpy.core.multiarray", "scalar")]
    [InlineData("argparse", "Namespace")]
    [InlineData("__torch__.models", "Net")]
    [InlineData("torch.jit._pickle", "build_intlist")]
    public void AnyOtherNameIsRefusedByThatName(string module, string name)
    {
        Refused(new PickleBytes().Global(module, name).Text("rm -rf ~").Raw(0x85).Op('R').Stop(), $"asks for \"{module}.{name}\"", "run code", "torch.save");
        Refused(new PickleBytes().Text(module).Text(name).Raw(0x93).Stop(), $"asks for \"{module}.{name}\"");
    }

    [Fact]
    public void ANameIsRefusedInTheOlderFormatToo()
    {
        File.WriteAllBytes(FilePath, Legacy(new PickleBytes().Global("os", "system").Text("true").Raw(0x85).Op('R').Stop(), []));
        Assert.Contains("asks for \"os.system\"", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
        File.WriteAllBytes(FilePath, new PickleBytes().Global("os", "system").Text("true").Raw(0x85).Op('R').Stop());
        Assert.Contains("asks for \"os.system\"", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Fact]
    public void ModulesOfAScriptAreReadOnlyWhereTheFileIsAScript()
    {
        var pickle = new PickleBytes().Global("__torch__.models", "Net").Op(')').Raw(0x81).Op('}').Text("weight").Tensor(0, [6], [1], 6).Op('s', 'b').Stop();
        Refused(pickle, "asks for \"__torch__.models.Net\"");
        WriteZip(pickle, ("code/__torch__.py", Encoding.UTF8.GetBytes(new string('#', 1000)), true));
        using var checkpoint = TorchCheckpoint.Open(FilePath);
        Assert.Equal(Data, Floats(checkpoint, "weight"));
        WriteZip(new PickleBytes().Global("__torch__evil", "Net").Stop(), ("code/__torch__.py", [], false));
        Assert.Contains("asks for \"__torch__evil.Net\"", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Theory]
    [InlineData(0, new long[] { 7 }, new long[] { 1 }, 6, "claims [7] with strides [1] from element 0 on, but its storage \"0\" has 6 elements")]
    [InlineData(1, new long[] { 6 }, new long[] { 1 }, 6, "from element 1 on")]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 }, 6, "offset -1")]
    [InlineData(0, new long[] { -2 }, new long[] { 1 }, 6, "expected none below 0")]
    [InlineData(0, new long[] { 2 }, new long[] { -1 }, 6, "expected none below 0")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 5, 1 }, 6, "storage \"0\" has 6 elements")]
    [InlineData(0, new long[] { 2 }, new long[] { 1, 1 }, 6, "1 sizes and 2 strides")]
    [InlineData(0, new long[] { 1L << 40 }, new long[] { 0 }, 6, "storage \"0\" has 6 elements")]
    [InlineData(0, new long[] { long.MaxValue, long.MaxValue, long.MaxValue }, new long[] { long.MaxValue, long.MaxValue, long.MaxValue }, 6, "storage \"0\" has 6 elements")]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue }, long.MaxValue / 8, "storage \"0\" has")]
    [InlineData(0, new long[] { 7 }, new long[] { 1 }, 7, "claims 7 F32 elements but has 24 bytes")]
    [InlineData(0, new long[] { 1 }, new long[] { 1 }, long.MaxValue, "claims 9223372036854775807 elements")]
    [InlineData(0, new long[] { 1 }, new long[] { 1 }, -1, "claims -1 elements")]
    public void ALyingTensorIsRefused(long offset, long[] shape, long[] strides, long count, string problem) =>
        Refused(PickleBytes.Dictionary("weight", p => p.Tensor(offset, shape, strides, count)), problem);

    [Fact]
    public void AStorageThatIsNotThereIsNamed() => Refused(PickleBytes.Dictionary("weight", p => p.Tensor(0, [6], [1], 6, key: "9")), "\"weight\" lies in storage \"9\", which the file does not hold");

    [Fact]
    public void AnUnknownElementTypeIsRefused() => Refused(PickleBytes.Dictionary("weight", p => p.Tensor(0, [3], [1], 3, storage: "ComplexFloatStorage")), "asks for \"torch.ComplexFloatStorage\"");

    [Fact]
    public void ATensorOfTooManyDimensionsIsRefused() =>
        Refused(PickleBytes.Dictionary("weight", p => p.Tensor(0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)], 6)), "65 sizes and 65 strides, expected the same number, at most 64");

    [Theory]
    [InlineData("R", "takes 2 values where the stack has 0")]
    [InlineData("t", "closes a container that it never opened")]
    [InlineData("(N00", "takes a value from an empty stack")]
    [InlineData("N(0", "takes a value from an empty stack")]
    [InlineData("NNa", "appends to something that is no list")]
    [InlineData("NNs", "takes a value from an empty stack")]
    [InlineData("NNNs", "sets items of something that is no dictionary")]
    [InlineData("NN\u0086R", "takes 2 values")]
    [InlineData("N)R", "calls something other than a name")]
    [InlineData("N)\u0081", "makes an object of something other than a name")]
    [InlineData("]Nb", "sets attributes of something that has none")]
    [InlineData("h\u0007", "reads memo 7, which it never wrote")]
    [InlineData("NQ", "refers to data by something other than")]
    [InlineData("i", "operation 0x69, which no state dict needs")]
    [InlineData("P", "operation 0x50")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "claims 4294967295 bytes but 1 follow")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "claims 18446744073709551615 bytes")]
    [InlineData("\u008b\u0000\u0002\u0000\u0000", "claims 512 bytes but 1 follow")]
    [InlineData("cos", "cut off inside a name")]
    [InlineData("\u0080\u0001", "protocol 1, expected 2 to 5")]
    public void AStackThatDoesNotFitIsRefused(string operations, string problem) => Refused(new PickleBytes().Op(operations.ToCharArray()).Stop(), problem);

    [Fact]
    public void AContainerThatHoldsItselfIsRefused() => Refused(new PickleBytes().Op(']', 'q', '\0', 'h', '\0', 'a').Stop(), "nests deeper than 32");

    /// <summary>Thirty lists that each hold the one before ten times: a few hundred bytes, 10³⁰ values.</summary>
    [Fact]
    public void ContainersThatShareThemselvesOverAndOverAreRefused()
    {
        var pickle = new PickleBytes().Op(']', 'q', '\0');
        for (var i = 0; i < 30; i++)
        {
            pickle.Op(']', '(');
            for (var j = 0; j < 10; j++)
            {
                pickle.Op('h', (char)i);
            }

            pickle.Op('e', 'q', (char)(i + 1));
        }

        Refused(pickle.Stop(), "holds more than 2000000 values");
    }

    [Fact]
    public void AContainerThatIsCopiedIntoItselfOverAndOverIsRefused()
    {
        var pickle = new PickleBytes().Global("__torch__", "Net").Op(')').Raw(0x81).Op('q', '\0').Op('}').Text("a").Op('N', 's', 'b');
        for (var i = 0; i < 60; i++)
        {
            pickle.Op('h', '\0', 'b');
        }

        WriteZip(pickle.Stop(), ("code/__torch__.py", [], false));
        Assert.Contains("copies more than 8000000 values", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Fact]
    public void AParameterOfAnOldCheckpointIsItsTensor()
    {
        using var checkpoint = Open(PickleBytes.Dictionary("weight", p => p.Global("torch.nn.parameter", "Parameter").Op('(').Tensor(0, [6], [1], 6).Raw(0x88).Raw(0x89).Op('t', 'R')));
        Assert.Equal(Data, Floats(checkpoint, "weight"));
    }

    [Fact]
    public void AStackThatOnlyGrowsIsRefused()
    {
        var bytes = new byte[1_100_000];
        Array.Fill(bytes, (byte)'N');
        Refused(new PickleBytes().Raw(bytes).Stop(), "stacks more than 1000000 values");
    }

    [Fact]
    public void ANameLongerThanAnyIsRefused() => Refused(PickleBytes.Dictionary(new string('x', 5000), p => p.Tensor(0, [6], [1], 6)), "a name of 5000 letters");

    [Fact]
    public void TwoTensorsOfOneNameAreRefused()
    {
        var pickle = new PickleBytes().Op('}').Text("a.b").Tensor(0, [6], [1], 6).Op('s').Text("a").Op('}').Text("b").Tensor(0, [6], [1], 6).Op('s', 's').Stop();
        Refused(pickle, "\"a.b\" appears twice");
    }

    [Fact]
    public void CompressedDataIsRefusedBeforeItIsUnpacked()
    {
        using (var zip = ZipFile.Open(FilePath, ZipArchiveMode.Create))
        {
            Put(zip, "m/data.pkl", PickleBytes.Dictionary("weight", p => p.Tensor(0, [250000], [1], 250000)), compress: false);
            Put(zip, "m/data/0", new byte[1_000_000], compress: true);
        }

        Assert.Contains("\"m/data/0\" is compressed", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Fact]
    public void AZipWithTheSizesOfALargeOneIsReadAndEveryTruncationOfItRefused()
    {
        File.WriteAllBytes(FilePath, Zip64(("m/data.pkl", PickleBytes.Dictionary("weight", p => p.Tensor(0, [6], [1], 6))), ("m/data/0", MemoryMarshal.AsBytes(Data.AsSpan()).ToArray())));
        using (var checkpoint = TorchCheckpoint.Open(FilePath))
        {
            Assert.Equal(Data, Floats(checkpoint, "weight"));
        }

        TruncationsAreRefused();
    }

    [Fact]
    public void AZipThatIsNoCheckpointIsRefused()
    {
        using (var zip = ZipFile.Open(FilePath, ZipArchiveMode.Create))
        {
            Put(zip, "readme.txt", [1, 2, 3], compress: false);
        }

        Assert.Contains("0 entries data.pkl, expected one", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Fact]
    public void AnotherByteOrderIsRefused()
    {
        WriteZip(PickleBytes.Dictionary("weight", p => p.Tensor(0, [6], [1], 6)), ("byteorder", "big"u8.ToArray(), false));
        Assert.Contains("byte order", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Fact]
    public void EveryTruncationOfAZipIsRefused()
    {
        WriteZip(PickleBytes.Dictionary("weight", p => p.Tensor(0, [6], [1], 6)));
        TruncationsAreRefused();
    }

    [Fact]
    public void TheOlderFormatIsReadAndEveryTruncationOfItRefused()
    {
        File.WriteAllBytes(FilePath, Legacy(PickleBytes.Dictionary("weight", p => p.Tensor(0, [2, 3], [3, 1], 6, withView: true)), Data));
        using (var checkpoint = TorchCheckpoint.Open(FilePath))
        {
            Assert.Equal(Data, Floats(checkpoint, "weight"));
        }

        TruncationsAreRefused();
    }

    [Fact]
    public void TheOlderFormatIsRefusedWhereItsStorageIsOfAnotherSize()
    {
        File.WriteAllBytes(FilePath, Legacy(PickleBytes.Dictionary("weight", p => p.Tensor(0, [4], [1], 4, withView: true)), Data));
        Assert.Contains("storage \"0\" should have 4 elements here", Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath)).Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnyChangedByteEitherReadsInsideTheFileOrIsRefused(bool zip)
    {
        var pickle = PickleBytes.Dictionary("weight", p => p.Tensor(1, [2, 2], [1, 2], 6, withView: !zip));
        if (zip)
        {
            WriteZip(pickle);
        }
        else
        {
            File.WriteAllBytes(FilePath, Legacy(pickle, Data));
        }

        var whole = File.ReadAllBytes(FilePath);
        Prop.ForAll<byte, ushort>((value, place) =>
        {
            var bytes = whole.ToArray();
            bytes[place % bytes.Length] = value;
            File.WriteAllBytes(FilePath, bytes);
            try
            {
                using var checkpoint = TorchCheckpoint.Open(FilePath);
                foreach (var entry in checkpoint.Entries)
                {
                    Bytes(checkpoint, entry.Name);
                }
            }
            catch (SemblanceFormatException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private TorchCheckpoint Open(byte[] pickle)
    {
        WriteZip(pickle);
        return TorchCheckpoint.Open(FilePath);
    }

    private void Refused(byte[] pickle, params string[] parts)
    {
        WriteZip(pickle);
        var error = Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath));
        Assert.Equal(FilePath, error.Path);
        Assert.All(parts, part => Assert.Contains(part, error.Problem));
    }

    private void TruncationsAreRefused()
    {
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole.AsSpan(0, length));
            Assert.Throws<SemblanceFormatException>(() => TorchCheckpoint.Open(FilePath));
        }
    }

    private void WriteZip(byte[] pickle, params (string Name, byte[] Bytes, bool Compress)[] more)
    {
        File.Delete(FilePath);
        using var zip = ZipFile.Open(FilePath, ZipArchiveMode.Create);
        Put(zip, "m/data.pkl", pickle, compress: false);
        Put(zip, "m/data/0", MemoryMarshal.AsBytes(Data.AsSpan()).ToArray(), compress: false);
        foreach (var (name, bytes, compress) in more)
        {
            Put(zip, $"m/{name}", bytes, compress);
        }
    }

    /// <summary>A stored zip that says every size in 64 bits, as one of more than four gigabytes must.</summary>
    private static byte[] Zip64(params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        using var directory = new MemoryStream();
        using var listing = new BinaryWriter(directory);
        foreach (var (name, bytes) in entries)
        {
            listing.Write(0x02014b50u);
            listing.Write(new byte[16]);                                    // versions, flags, method 0, time, checksum
            listing.Write(uint.MaxValue);
            listing.Write(uint.MaxValue);
            listing.Write((ushort)name.Length);
            listing.Write((ushort)(4 + 24));
            listing.Write(new byte[10]);                                    // comment, disk, attributes
            listing.Write(uint.MaxValue);
            listing.Write(Encoding.ASCII.GetBytes(name));
            listing.Write((ushort)1);
            listing.Write((ushort)24);
            listing.Write((long)bytes.Length);
            listing.Write((long)bytes.Length);
            listing.Write(stream.Position);
            writer.Write(0x04034b50u);
            writer.Write(new byte[22]);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)0);
            writer.Write(Encoding.ASCII.GetBytes(name));
            writer.Write(bytes);
        }

        var start = stream.Position;
        writer.Write(directory.ToArray());
        var end = stream.Position;
        writer.Write(0x06064b50u);
        writer.Write(44L);
        writer.Write(new byte[12]);
        writer.Write((long)entries.Length);
        writer.Write((long)entries.Length);
        writer.Write(directory.Length);
        writer.Write(start);
        writer.Write(0x07064b50u);
        writer.Write(0u);
        writer.Write(end);
        writer.Write(1u);
        writer.Write(0x06054b50u);
        writer.Write(0u);
        writer.Write(ushort.MaxValue);
        writer.Write(ushort.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)0);
        return stream.ToArray();
    }

    private static void Put(ZipArchive zip, string name, byte[] bytes, bool compress)
    {
        using var stream = zip.CreateEntry(name, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
        stream.Write(bytes);
    }

    /// <summary>The format before PyTorch 1.6: magic number, protocol, machine, object, keys, and then the storage.</summary>
    private static byte[] Legacy(byte[] pickle, float[] data)
    {
        Span<byte> count = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(count, data.Length);
        var magic = BigInteger.Parse("01950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber).ToByteArray();
        return
        [
            .. new PickleBytes().Raw(0x8a, (byte)magic.Length).Raw(magic).Stop(),
            .. new PickleBytes().Number(1001).Stop(),
            .. new PickleBytes().Op('}').Text("little_endian").Raw(0x88).Op('s').Stop(),
            .. pickle,
            .. (data.Length > 0 ? new PickleBytes().Op(']').Text("0").Op('a') : new PickleBytes().Op(']')).Stop(),
            .. data.Length > 0 ? count.ToArray() : [],
            .. MemoryMarshal.AsBytes(data.AsSpan()),
        ];
    }

    private static float[] Floats(TorchCheckpoint checkpoint, string name) => MemoryMarshal.Cast<byte, float>(Bytes(checkpoint, name)).ToArray();

    private static byte[] Bytes(TorchCheckpoint checkpoint, string name)
    {
        var bytes = new byte[checkpoint[name].Extent * checkpoint[name].Dtype.ByteSize()];
        checkpoint.Read(name, 0, bytes);
        return bytes;
    }
}
