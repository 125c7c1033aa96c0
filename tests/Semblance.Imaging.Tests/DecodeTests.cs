using System.Diagnostics;
using Semblance.Core;

namespace Semblance.Imaging.Tests;

public sealed class DecodeTests
{
    public static TheoryData<string> Formats => ["jpeg", "png", "bmp", "webp"];

    [Theory, MemberData(nameof(Formats))]
    public void EveryFormatComesBackAsItWasWritten(string format)
    {
        var picture = Pictures.Smooth(61, 47);
        var read = PictureReader.Decode(Files.Encode(picture, format), "made by code");
        var mean = Pictures.MeanDifference(picture, read);
        Assert.InRange(mean, 0, format is "png" or "bmp" ? 0 : 1.5);
        Assert.Equal(format, PictureHeader.Read(Files.Encode(picture, format), "made by code").Format.ToString().ToLowerInvariant());
    }

    [Fact]
    public void AHigherQualityIsNearerAndLarger()
    {
        var picture = Pictures.Busy(64, 64);
        Assert.True(picture.EncodeJpeg(95).Length > picture.EncodeJpeg(40).Length);
        Assert.True(Pictures.MeanDifference(picture, PictureReader.Decode(picture.EncodeJpeg(95), "95")) < Pictures.MeanDifference(picture, PictureReader.Decode(picture.EncodeJpeg(40), "40")));
        Assert.True(picture.EncodeWebp(95).Length > picture.EncodeWebp(40).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.EncodeJpeg(0));
    }

    [Theory, MemberData(nameof(Formats))]
    public void AFileCutAnywhereIsRefusedWithItsNameAndTheReason(string format)
    {
        var whole = Files.Encode(Pictures.Busy(40, 30), format);
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 97))
        {
            var error = Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(whole.AsSpan(0, length), "gallery/0007_c3.img"));
            Assert.StartsWith("gallery/0007_c3.img", error.Message, StringComparison.Ordinal);
            if (length > 16)
            {
                Assert.Contains("truncated", error.Message);
            }
        }
    }

    [Fact]
    public void AJpegThatLacksOnlyItsEndMarkIsTruncated()
    {
        var whole = Pictures.Busy(40, 30).EncodeJpeg();
        Assert.Contains("truncated", Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(whole.AsSpan(0, whole.Length - 2), "x.jpg")).Message);
    }

    [Fact]
    public void ATruncatedJpegIsTakenWhenAskedWithItsTopRight()
    {
        var picture = Pictures.Smooth(64, 128);
        var cut = picture.EncodeJpeg(90);
        var taken = PictureReader.Decode(cut.AsSpan(0, cut.Length * 6 / 10), "x.jpg", new() { AcceptTruncated = true });
        Assert.Equal((64, 128), (taken.Width, taken.Height));
        Assert.InRange(Pictures.WorstDifference(picture.Crop(new Box(0, 0, 64, 16)), taken.Crop(new Box(0, 0, 64, 16))), 0, 12);
    }

    [Fact]
    public void DataLostInTheMiddleOfAJpegIsNoticedAlthoughItsEndIsThere()
    {
        var whole = Pictures.Busy(64, 64).EncodeJpeg();
        byte[] holed = [.. whole[..(whole.Length / 2)], .. whole[(whole.Length * 3 / 4)..]];
        Assert.Contains("damaged", Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(holed, "x.jpg")).Message);
    }

    [Fact]
    public void AnEmptyFileSaysSo()
    {
        var path = Path.Combine(Path.GetTempPath(), $"semblance-empty-{Guid.NewGuid():N}.jpg");
        File.WriteAllBytes(path, []);
        try
        {
            var error = Assert.Throws<SemblanceFormatException>(() => PictureReader.Read(path));
            Assert.Equal(path, error.Path);
            Assert.Contains("0 bytes", error.Message);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => PictureReader.Read(path));
    }

    public static TheoryData<string> Bombs => ["png", "jpeg", "bmp", "webp"];

    [Theory, MemberData(nameof(Bombs))]
    public void APictureThatDeclaresBillionsOfPixelsIsRefusedBeforeItIsDecoded(string format)
    {
        var bomb = Files.Declaring(format, format == "webp" ? 16000 : 60000, format == "webp" ? 16000 : 60000);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(bomb, "bomb"));
        Assert.Contains(format == "webp" ? "16000 x 16000" : "60000 x 60000", error.Message);
        Assert.Contains("MaxPixels", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 250);
    }

    [Fact]
    public void LimitsCanBeSet()
    {
        var bytes = Pictures.Busy(40, 30).EncodePng();
        Assert.NotNull(PictureReader.Decode(bytes, "x", new() { MaxPixels = 1200, MaxBytes = bytes.Length }));
        Assert.Contains("1199", Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(bytes, "x", new() { MaxPixels = 1199 })).Message);
        Assert.Contains("MaxBytes", Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(bytes, "x", new() { MaxBytes = bytes.Length - 1 })).Message);
    }

    [Fact]
    public void AnotherFormatIsNamed()
    {
        Assert.Contains("GIF", Message("GIF89a-----------"u8.ToArray()));
        Assert.Contains("TIFF", Message([(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0]));
        Assert.Contains("HTML", Message("<!doctype html>"u8.ToArray()));
        Assert.Contains("00112233", Message([0x00, 0x11, 0x22, 0x33]));

        static string Message(byte[] bytes) => Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(bytes, "x.jpg")).Message;
    }

    [Fact]
    public void TheContentDecidesNotTheExtension()
    {
        var path = Path.Combine(Path.GetTempPath(), $"semblance-{Guid.NewGuid():N}.jpg");
        File.WriteAllBytes(path, Pictures.Busy(5, 6).EncodePng());
        try
        {
            Assert.True(PictureReader.Read(path).HasSamePixels(Pictures.Busy(5, 6)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void GreyPaletteAlphaAndSixteenBitPngsBecomeRgb()
    {
        Assert.Equal([7, 7, 7, 200, 200, 200], Png(2, 1, depth: 8, colour: 0, [7, 200]).Rgb);
        Assert.Equal([255, 0, 0, 0, 0, 255], Png(2, 1, depth: 8, colour: 3, [1, 0], palette: [0, 0, 255, 255, 0, 0]).Rgb);

        // 16 bits are divided by 257 and rounded, not cut: 0x80FF is 128.49 and becomes 128, 0x8101 is 128.502 and becomes 129.
        Assert.Equal([255, 128, 129], Png(1, 1, depth: 16, colour: 2, [0xFF, 0xFF, 0x80, 0xFF, 0x81, 0x01]).Rgb);

        // Over white: clear is white, half red is pink, opaque stays.
        Assert.Equal([255, 255, 255, 255, 127, 127, 10, 20, 30], Png(3, 1, depth: 8, colour: 6, [9, 9, 9, 0, 255, 0, 0, 128, 10, 20, 30, 255]).Rgb);
        Assert.Equal([130, 130, 130], Png(1, 1, depth: 8, colour: 4, [5, 128]).Rgb);

        // One bit a pixel.
        Assert.Equal([255, 255, 255, 0, 0, 0], Png(2, 1, depth: 1, colour: 0, [0b1000_0000]).Rgb);

        static Picture Png(int width, int height, byte depth, byte colour, byte[] row, byte[]? palette = null) =>
            PictureReader.Decode(Files.Png(width, height, depth, colour, row, palette), "made by code");
    }

    [Theory, InlineData("cmyk", 4), InlineData("grey", 1)]
    public void CmykAndGreyJpegsBecomeRgb(string name, int channels)
    {
        // Flat colour: CMYK (0, 255, 255, 0) and grey 100, written by Pillow.
        var picture = PictureReader.Read(Pictures.Golden($"pictures/{name}.jpg"));
        var middle = picture.At(8, 8);
        var expected = channels == 4 ? new Colour(255, 0, 0) : new Colour(100, 100, 100);
        Assert.InRange(Math.Abs(middle.Red - expected.Red) + Math.Abs(middle.Green - expected.Green) + Math.Abs(middle.Blue - expected.Blue), 0, 6);
    }

    [Fact]
    public void AProgressiveJpegIsTheSamePicture()
    {
        var baseline = PictureReader.Read(Pictures.Golden("pictures/baseline.jpg"));
        Assert.True(baseline.HasSamePixels(PictureReader.Read(Pictures.Golden("pictures/progressive.jpg"))));
        Assert.Contains("truncated", Assert.Throws<SemblanceFormatException>(
            () => PictureReader.Decode(File.ReadAllBytes(Pictures.Golden("pictures/progressive.jpg")).AsSpan()[..^40], "x.jpg")).Message);
    }

    [Theory, InlineData("jpeg"), InlineData("png"), InlineData("webp")]
    public void ExifOrientationIsAppliedOnlyWhenAsked(string format)
    {
        var stored = Pictures.Smooth(24, 16);
        foreach (var little in new[] { true, false })
        {
            for (var orientation = 1; orientation <= 8; orientation++)
            {
                var bytes = Files.WithOrientation(stored, format, orientation, little);
                var asStored = PictureReader.Decode(bytes, "photo");
                var upright = PictureReader.Decode(bytes, "photo", PictureReaderOptions.Photo);
                Assert.Equal((24, 16), (asStored.Width, asStored.Height));
                Assert.Equal(orientation, PictureHeader.Read(bytes, "photo").Orientation);
                Assert.True(upright.HasSamePixels(asStored.Upright(orientation)), $"{format}, orientation {orientation}");
            }
        }
    }

    [Theory, InlineData("jpeg"), InlineData("png"), InlineData("webp")]
    public void ExifSaysWhenAPhotoWasTaken(string format)
    {
        var photo = Pictures.Smooth(24, 16);
        foreach (var little in new[] { true, false })
        {
            DateTimeOffset? Taken(string? changed, string? original, string? zone) => PictureHeader.Read(Files.WithExif(photo, format, Files.Times(changed, original, zone, little)), "photo").Taken;
            Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)), Taken("2025:01:01 00:00:00", "2024:05:06 07:08:09", "+02:00"));
            var here = new DateTime(2024, 5, 6, 7, 8, 9);
            Assert.Equal(new DateTimeOffset(here, TimeZoneInfo.Local.GetUtcOffset(here)), Taken(null, "2024:05:06 07:08:09", null));
            Assert.Equal(2025, Taken("2025:01:01 12:00:00", null, null)!.Value.Year);
            Assert.Equal(2025, Taken("2025:01:01 12:00:00", "0000:00:00 00:00:00", null)!.Value.Year);
            Assert.Null(Taken(null, "last summer, in May", "+02:00"));
            Assert.Null(Taken(null, null, null));
        }

        Assert.Null(PictureHeader.Read(Files.Encode(photo, format), "photo").Taken);
    }

    /// <summary>Whatever stands in the block, the picture is read and its time is a time or none.</summary>
    [Fact]
    public void DamagedExifCostsNoPicture()
    {
        var photo = Pictures.Smooth(24, 16);
        var whole = Files.Times("2025:01:01 12:00:00", "2024:05:06 07:08:09", "+02:00", littleEndian: true);
        for (var i = 0; i < whole.Length; i++)
        {
            foreach (var value in new byte[] { 0, 0x7F, 0xFF })
            {
                var damaged = whole.ToArray();
                damaged[i] = value;
                var bytes = Files.WithExif(photo, "jpeg", damaged);
                PictureHeader.Read(bytes, "photo");
                Assert.Equal((24, 16), (PictureReader.Decode(bytes, "photo").Width, PictureReader.Decode(bytes, "photo").Height));
            }
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void TwoThousandMutationsNeitherCrashNorHang(string format)
    {
        var whole = Files.Encode(Pictures.Smooth(24, 20), format);
        var watch = Stopwatch.StartNew();
        var refused = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var randomness = Randomness.For((ulong)seed, Randomness.Key(format));
            var bytes = whole.ToArray();
            var changes = 1 + randomness.Next(8);
            for (var i = 0; i < changes; i++)
            {
                // Half of them in the header, where lies have consequences.
                bytes[randomness.Next(randomness.Chance(0.5) ? Math.Min(bytes.Length, 64) : bytes.Length)] = (byte)randomness.Next(256);
            }

            var length = randomness.Chance(0.3) ? randomness.Next(bytes.Length) : bytes.Length;
            try
            {
                var picture = PictureReader.Decode(bytes.AsSpan(0, length), "mutated", new() { MaxPixels = 1 << 20 });
                Assert.InRange(picture.Width * picture.Height, 1, 1 << 20);
            }
            catch (SemblanceFormatException error)
            {
                Assert.StartsWith("mutated", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 500, 2000);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void RandomBytesAreRefused()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var randomness = Randomness.For((ulong)seed, 5);
            var bytes = new byte[randomness.Next(1, 400)];
            foreach (ref var value in bytes.AsSpan())
            {
                value = (byte)randomness.Next(256);
            }

            Assert.Throws<SemblanceFormatException>(() => PictureReader.Decode(bytes, "random"));
        }
    }

    [Fact]
    public void LabelMapsComeBackExactlyAndOtherPicturesAreRefused()
    {
        var map = Pictures.Labels(19, 31, seed: 8);
        Assert.Equal(map.Labels, LabelMap.Decode(map.EncodePng(), "mask").Labels);
        Assert.Contains("3 channels", Assert.Throws<SemblanceFormatException>(() => LabelMap.Decode(Pictures.Busy(4, 4).EncodePng(), "mask")).Message);
        Assert.Contains("Jpeg", Assert.Throws<SemblanceFormatException>(() => LabelMap.Decode(Pictures.Busy(4, 4).EncodeJpeg(), "mask")).Message);
        Assert.Throws<SemblanceFormatException>(() => LabelMap.Decode(map.EncodePng().AsSpan()[..^5], "mask"));
    }

    [Fact]
    public void SaveChoosesTheFormatByTheExtension()
    {
        var folder = Directory.CreateTempSubdirectory("semblance-");
        try
        {
            foreach (var (extension, format) in new[] { (".jpg", PictureFormat.Jpeg), (".PNG", PictureFormat.Png), (".webp", PictureFormat.Webp) })
            {
                var path = Path.Combine(folder.FullName, "sub", "p" + extension);
                Pictures.Busy(8, 8).Save(path);
                Assert.Equal(format, PictureHeader.Read(File.ReadAllBytes(path), path).Format);
            }

            Assert.Contains(".gif", Assert.Throws<ArgumentException>(() => Pictures.Busy(8, 8).Save("p.gif")).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
