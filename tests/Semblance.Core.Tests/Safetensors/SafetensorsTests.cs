using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Semblance.Core.Safetensors;

namespace Semblance.Core.Tests.Safetensors;

public sealed class SafetensorsTests : IDisposable
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("file.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        SafetensorsWriter.Write(
            FilePath,
            [
                SafetensorsItem.From<float>("weight", new[] { 1f, -2f, float.NaN, float.PositiveInfinity, 0.5f, -0f }, 2, 3),
                SafetensorsItem.From<long>("count", new[] { long.MinValue }),
                SafetensorsItem.From<byte>("mask", new byte[] { 1, 2, 3 }, 3),
                SafetensorsItem.From<bool>("flag", new[] { true, false }, 2),
                SafetensorsItem.From<Half>("half", new[] { (Half)1.5 }, 1),
                SafetensorsItem.From<double>("empty", ReadOnlyMemory<double>.Empty, 0, 7),
                new SafetensorsItem("brain", SafetensorsDtype.BF16, [1], stream => stream.Write([0x80, 0x3f])),
            ],
            new Dictionary<string, string> { ["format"] = "pt", ["Übung"] = "\"quoted\"" });

        using var file = SafetensorsReader.Open(FilePath);
        Assert.Equal([1f, -2f, float.NaN, float.PositiveInfinity, 0.5f, -0f], file.ToArray<float>("weight"));
        Assert.Equal([2, 3], file["weight"].Shape);
        Assert.Equal(long.MinValue, Assert.Single(file.ToArray<long>("count")));
        Assert.Empty(file["count"].Shape);
        Assert.Equal([1, 2, 3], file.ToArray<byte>("mask"));
        Assert.Equal([true, false], file.ToArray<bool>("flag"));
        Assert.Equal((Half)1.5, Assert.Single(file.ToArray<Half>("half")));
        Assert.Empty(file.ToArray<double>("empty"));
        Assert.Equal(SafetensorsDtype.BF16, file["brain"].Dtype);
        Assert.Equal([0x80, 0x3f], file.Bytes("brain").ToArray());
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["Übung"] = "\"quoted\"" }, file.Metadata);
        Assert.All(file.Entries, entry => Assert.Equal(0, entry.Offset % entry.Dtype.ByteSize()));
    }

    [Fact]
    public void OrderOfItemsDoesNotChangeTheBytes()
    {
        SafetensorsItem[] items =
        [
            SafetensorsItem.From<float>("b", new[] { 1f }, 1),
            SafetensorsItem.From<byte>("a", new byte[] { 1, 2, 3 }, 3),
            SafetensorsItem.From<long>("c", new[] { 5L }, 1),
        ];
        byte[] Bytes(IEnumerable<SafetensorsItem> order, params (string Key, string Value)[] words)
        {
            using var stream = new MemoryStream();
            SafetensorsWriter.Write(stream, order, words.ToDictionary(word => word.Key, word => word.Value));
            return stream.ToArray();
        }

        Assert.Equal(Bytes(items, ("x", "1"), ("y", "2")), Bytes(items.Reverse(), ("y", "2"), ("x", "1")));
    }

    [Fact]
    public void AFileOfTheFormatsOwnLibraryIsRead()
    {
        // Headers elsewhere may end without padding and list tensors in any order.
        WriteRaw("""{"__metadata__":{"format":"pt"},"b":{"shape":[3],"data_offsets":[8,11],"dtype":"U8"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  """, 11);
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Equal(["a", "b"], file.Entries.Select(entry => entry.Name));
        Assert.Equal([8, 9, 10], file.ToArray<byte>("b"));
    }

    [Fact]
    public void AFailedItemLeavesTheOldFile()
    {
        SafetensorsWriter.Write(FilePath, [SafetensorsItem.From<int>("a", new[] { 1 }, 1)]);
        var before = File.ReadAllBytes(FilePath);
        var error = Assert.Throws<InvalidOperationException>(() =>
            SafetensorsWriter.Write(FilePath, [new SafetensorsItem("a", SafetensorsDtype.I32, [2], stream => stream.Write([1, 2, 3, 4]))]));
        Assert.Contains("\"a\" wrote 4 bytes, I32 [2] has 8", error.Message);
        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void ANameCanBeUsedOnce()
    {
        var item = SafetensorsItem.From<int>("a", new[] { 1 }, 1);
        Assert.Contains("\"a\" is used twice", Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(FilePath, [item, item])).Message);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(FilePath, [item with { Name = "__metadata__" }]));
        Assert.Throws<ArgumentException>(() => SafetensorsItem.From<int>("a", new[] { 1 }, 2));
    }

    [Fact]
    public void AMissingTensorIsNamedWithTheNearest()
    {
        WriteRaw("""{"weight":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Contains("did you mean \"weight\"?", Assert.Throws<SemblanceFormatException>(() => file["wieght"]).Message);
    }

    [Fact]
    public void AnotherElementTypeIsNotConvertedInSilence()
    {
        WriteRaw(Good, 11);
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Contains("\"a\" is stored as F32, expected F64", Assert.Throws<SemblanceFormatException>(() => file.ToArray<double>("a")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read("a", 4, new byte[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read("a", -1, new byte[1]));
    }

    [Fact]
    public void AClosedFileRefusesToBeRead()
    {
        WriteRaw(Good, 11);
        var file = SafetensorsReader.Open(FilePath);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.ToArray<float>("a"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype \"F33\", known are BOOL", 22)]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "F32 [3], which does not fill its 8 bytes", 9)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "does not fill its 8 bytes", 9)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "lies at bytes 8 to 0", 9)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "lies at bytes 0 to 8 of 7 bytes", 9)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", 8, "lies at bytes 9223372036854775799", 9)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "goes on for 1 bytes that belong to no tensor", 70)]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}""", 7, "\"b\" starts at byte 3 of the data, expected 4: tensors overlap", 61)]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9, "tensors leave a hole", 61)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "\"a\" appears twice", 61)]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "shape of \"a\" holds number where a whole number from 0", 36)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "where a whole number from 0", 36)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "1 data_offsets, expected a begin and an end", 9)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", 1, "holds more than 2 numbers", 59)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "\"a\" lacks data_offsets", 9)]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "gives its dtype twice", 27)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}""", 1, "has a field \"x\"", 60)]
    [InlineData("""{"__metadata__":{"epoch":3}}""", 0, "__metadata__ \"epoch\" as a string", 33)]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "__metadata__ holds \"k\" twice", 33)]
    [InlineData("""[1,2]""", 0, "expected an object of tensors", 8)]
    [InlineData("""{"a":""", 0, "the header is not JSON", null)]
    [InlineData("""{} {}""", 0, "the header is not JSON", null)]
    [InlineData("", 0, "the header is not JSON", null)]
    [InlineData("""{"a":{"dtype":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{}}}}}}}}}}""", 0, "expected the dtype of \"a\" as a string", 22)]
    public void ALyingHeaderIsRefusedWithItsPlace(string header, int dataBytes, string problem, int? position)
    {
        WriteRaw(header, dataBytes);
        var error = Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath));
        Assert.Contains(problem, error.Problem);
        Assert.Equal(FilePath, error.Path);
        Assert.NotNull(error.Position);
        if (position is { } expected)
        {
            Assert.Equal(expected, error.Position);
        }
    }

    [Fact]
    public void TextThatIsNotUtf8IsRefused()
    {
        WriteRaw([.. "{\""u8, 0xC3, 0x28, .. "\":{}}"u8], 0);
        Assert.Contains("not", Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath)).Problem);
        WriteRaw("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0);
        Assert.Contains("not UTF-8", Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath)).Problem);
    }

    [Fact]
    public void AHeaderLengthBeyondTheBoundIsRefusedBeforeItIsAllocated()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        File.WriteAllBytes(FilePath, bytes);
        Assert.Contains("at most 100000000 are read", Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath)).Problem);

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 57);
        File.WriteAllBytes(FilePath, bytes);
        Assert.Contains("only 56 follow", Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath)).Problem);
    }

    [Fact]
    public void EveryTruncationOfAFileIsRefused()
    {
        WriteRaw(Good, 11);
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole.AsSpan(0, length));
            Assert.Throws<SemblanceFormatException>(() => SafetensorsReader.Open(FilePath));
        }
    }

    [Fact]
    public void AnyChangedByteOfTheHeaderEitherReadsInsideTheFileOrIsRefused() => Prop.ForAll<byte, ushort>((value, place) =>
    {
        WriteRaw(Good, 11);
        var bytes = File.ReadAllBytes(FilePath);
        bytes[place % (8 + Good.Length)] = value;
        File.WriteAllBytes(FilePath, bytes);
        try
        {
            using var file = SafetensorsReader.Open(FilePath);
            return file.Entries.All(entry => file.Bytes(entry.Name).Length == entry.ByteLength);
        }
        catch (SemblanceFormatException)
        {
            return true;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private void WriteRaw(string header, int dataBytes) => WriteRaw(Encoding.UTF8.GetBytes(header), dataBytes);

    private void WriteRaw(byte[] header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, 8);
        for (var i = 0; i < dataBytes; i++)
        {
            bytes[8 + header.Length + i] = (byte)i;
        }

        File.WriteAllBytes(FilePath, bytes);
    }
}
