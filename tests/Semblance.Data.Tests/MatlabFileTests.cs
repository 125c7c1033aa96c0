using System.IO.Compression;
using System.Text;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data.Tests;

public sealed class MatlabFileTests
{
    [Theory]
    [InlineData("values.mat")]
    [InlineData("values-compressed.mat")]
    public void EveryKindIsReadAsSciPyWroteIt(string name)
    {
        var values = MatlabFile.Read(Golden(name));

        var doubles = Assert.IsType<MatlabNumbers>(values["doubles"]);
        Assert.Equal([2, 3], doubles.Dimensions);
        Assert.Equal([1.5, 4, -2, 5, 3, 6.25], doubles.Values);
        Assert.Equal([-2, -1, 0, 1, 2], Assert.IsType<MatlabNumbers>(values["whole"]).Values);
        Assert.Equal([1099511627776, 7], Assert.IsType<MatlabNumbers>(values["large"]).Values);
        Assert.Equal(["a woman in a red coat"], Assert.IsType<MatlabText>(values["text"]).Rows);
        Assert.Equal(["ab", "cd"], Assert.IsType<MatlabText>(values["lines"]).Rows);
        var cells = Assert.IsType<MatlabCells>(values["cells"]);
        Assert.Equal(["one"], Assert.IsType<MatlabText>(cells.Values[0]).Rows);
        Assert.Equal([2], Assert.IsType<MatlabNumbers>(cells.Values[1]).Values);
        Assert.Equal(["deeper"], Assert.IsType<MatlabText>(Assert.IsType<MatlabCells>(cells.Values[2]).Values[0]).Rows);
        var structure = Assert.Single(Assert.IsType<MatlabStructs>(values["structure"]).Values);
        Assert.Equal(["x"], Assert.IsType<MatlabText>(structure["name"]).Rows);
        Assert.Equal([128, 64], Assert.IsType<MatlabNumbers>(structure["size"]).Values);
        Assert.Empty(Assert.IsType<MatlabNumbers>(values["empty"]).Values);
    }

    [Fact]
    public void TheOtherByteOrderIsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.mat"), BigEndian([Element(6, [0, 0, 0, 6, 0, 0, 0, 0]), Element(5, [0, 0, 0, 1, 0, 0, 0, 2]), Short(1, "ab"u8), Element(4, [1, 2, 0, 3])]));
        Assert.Equal([258, 3], Assert.IsType<MatlabNumbers>(MatlabFile.Read(folder.File("a.mat"))["ab"]).Values);
    }

    [Fact]
    public void WhatCannotBeReadSaysWhy()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Golden("values.mat"));
        Refused([.. Encoding.ASCII.GetBytes("MATLAB 7.3 MAT-file".PadRight(128))], "HDF5", "-v7");
        Refused([1, 2, 3], "3 bytes, shorter than its header");
        Refused(new byte[200], "without the mark of the byte order");
        Refused(whole[..^40], "cut off");
        Refused(BigEndian([Element(6, [0, 0, 0, 5, 0, 0, 0, 0]), Element(5, [0, 0, 0, 1, 0, 0, 0, 1]), Short(1, "s"u8)]), "\"s\" is a sparse matrix");
        Refused(BigEndian([Element(6, [0, 0, 0, 6, 0, 0, 0, 0]), Element(5, [0x7F, 0, 0, 0, 0x7F, 0, 0, 0]), Short(1, "b"u8)]), "dimensions of 2130706432 x 2130706432");
        Refused(BigEndian([Element(6, [0, 0, 0, 1, 0, 0, 0, 0]), Element(5, [0, 0, 0x80, 0, 0, 0, 0x80, 0]), Short(1, "c"u8)]), "32768 x 32768 items");
        Refused(BigEndian([Element(6, [0, 0, 0, 6, 0, 0, 0, 0]), Element(5, [0, 0, 0, 1, 0, 0, 0, 9]), Short(1, "d"u8), Element(4, [1, 2, 0, 3])]), "1 x 9 but has 2 numbers");

        // A chain of cells, each in the one before.
        byte[] deep = [];
        for (var i = 0; i < 40; i++)
        {
            deep = Element(14, [.. Element(6, [0, 0, 0, 1, 0, 0, 0, 0]), .. Element(5, [0, 0, 0, 1, 0, 0, 0, 1]), .. Short(1, "e"u8), .. deep]);
        }

        Refused([.. Header(), .. deep], "nested deeper than 32");

        using var bomb = new MemoryStream();
        using (var zlib = new ZLibStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
            {
                zlib.Write(zeros);
            }
        }

        Refused([.. Header(), .. Element(15, bomb.ToArray())], "unpacks to more than");
        Refused([.. Header(), .. Element(15, [1, 2, 3, 4, 5, 6, 7, 8])], "cannot be unpacked");

        void Refused(byte[] bytes, params string[] said)
        {
            File.WriteAllBytes(folder.File("bad.mat"), bytes);
            var message = Assert.Throws<SemblanceFormatException>(() => MatlabFile.Read(folder.File("bad.mat"))).Message;
            Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }

    /// <summary>Whatever bytes are changed or cut, a message comes, never another exception.</summary>
    [Fact]
    public void AlteredFilesNeverCrashTheReader()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("altered.mat");
        foreach (var name in new[] { "values.mat", "values-compressed.mat", "attributes.mat" })
        {
            var whole = File.ReadAllBytes(Golden(name));
            for (var trial = 0; trial < 700; trial++)
            {
                var random = Randomness.For(11, Randomness.Key(name), trial);
                var bytes = whole.ToArray();
                for (var change = 0; change <= random.Next(4); change++)
                {
                    bytes[random.Next(124, bytes.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(path, trial % 5 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
                try
                {
                    MatlabFile.Read(path);
                }
                catch (SemblanceFormatException)
                {
                }
            }
        }
    }

    internal static string Golden(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Semblance.slnx")))
        {
            root = root.Parent;
        }

        return Path.Combine(root?.FullName ?? throw new DirectoryNotFoundException("Semblance.slnx was not found above the test program"), "tests", "golden", "matlab", name);
    }

    private static byte[] BigEndian(byte[][] parts) => [.. Header(), .. Element(14, [.. parts.SelectMany(part => part)])];

    private static byte[] Header() => [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 1, 0, (byte)'M', (byte)'I'];

    private static byte[] Element(int type, byte[] body) => [.. Number(type), .. Number(body.Length), .. body, .. new byte[type == 15 ? 0 : (8 - (body.Length % 8)) % 8]];

    private static byte[] Short(int type, ReadOnlySpan<byte> body) => [0, (byte)body.Length, 0, (byte)type, .. body, .. new byte[4 - body.Length]];

    private static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
