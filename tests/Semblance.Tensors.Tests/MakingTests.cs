using static Semblance.Tensors.Tests.Numbers;

namespace Semblance.Tensors.Tests;

public sealed class MakingTests
{
    [Fact]
    public void FloatsComeBackAsTheyWentIn() => GoAndReturn([1.5f, -2f, float.PositiveInfinity, float.Epsilon], ScalarType.Float32);

    [Fact]
    public void DoublesComeBackAsTheyWentIn() => GoAndReturn([1.5, -2, Math.PI, double.MaxValue], ScalarType.Float64);

    [Fact]
    public void HalvesComeBackAsTheyWentIn() => GoAndReturn([(Half)1.5, (Half)(-2), Half.MaxValue, Half.Epsilon], ScalarType.Float16);

    [Fact]
    public void LongsComeBackAsTheyWentIn() => GoAndReturn([1, long.MinValue, long.MaxValue, 0L], ScalarType.Int64);

    [Fact]
    public void IntsComeBackAsTheyWentIn() => GoAndReturn([1, int.MinValue, int.MaxValue, 0], ScalarType.Int32);

    [Fact]
    public void ShortsComeBackAsTheyWentIn() => GoAndReturn<short>([1, short.MinValue, short.MaxValue, 0], ScalarType.Int16);

    [Fact]
    public void SignedBytesComeBackAsTheyWentIn() => GoAndReturn<sbyte>([1, sbyte.MinValue, sbyte.MaxValue, 0], ScalarType.Int8);

    [Fact]
    public void BytesComeBackAsTheyWentIn() => GoAndReturn<byte>([1, 255, 128, 0], ScalarType.Byte);

    [Fact]
    public void BooleansComeBackAsTheyWentIn() => GoAndReturn([true, false, false, true], ScalarType.Bool);

    [Fact]
    public void BFloat16TravelsAsItsBytes()
    {
        using var tensor = Tensor.FromBytes([0x80, 0x3F, 0x20, 0xC0], ScalarType.BFloat16, 2);
        Assert.Equal([1f, -2.5f], tensor.ToArray<float>());
        Assert.Equal([0x80, 0x3F, 0x20, 0xC0], tensor.ToBytes());
    }

    [Fact]
    public void ValuesThatDoNotFillTheShapeAreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2f, 3f], 2, 2));
        Assert.Contains("3 elements do not fill a tensor of shape [2, 2]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tensor.FromBytes([1, 2, 3], ScalarType.Int16, 1));
    }

    [Fact]
    public void AnEmptyTensorHasItsShapeAndNoElements()
    {
        using var tensor = Tensor.Zeros([0, 3]);
        AssertShape(tensor, 0, 3);
        Assert.Empty(tensor.ToArray<float>());
    }

    [Fact]
    public void ItemConvertsAndWantsOneElement()
    {
        using var three = Tensor.Scalar(3, ScalarType.Int64);
        Assert.Equal(3f, three.Item<float>());
        Assert.Equal(0, three.Rank);
        using var two = Tensor.Ones([2]);
        Assert.Contains("[2] Float32", Assert.Throws<InvalidOperationException>(() => two.Item<float>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MakersGiveTheirValuesTypesAndShapes()
    {
        using var scope = new TensorScope();
        AssertClose(Tensor.Arange(4), [0, 1, 2, 3]);
        Assert.Equal(ScalarType.Int64, Tensor.Arange(4).Dtype);
        AssertClose(Tensor.Arange(1.0, 2.0, 0.25, ScalarType.Float32), [1, 1.25, 1.5, 1.75]);
        AssertClose(Tensor.Linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]);
        AssertClose(Tensor.Eye(2), [1, 0, 0, 1]);
        AssertClose(Tensor.Full([2], 7, ScalarType.Int32), [7, 7]);
        AssertClose(Tensor.FullLike(Tensor.Zeros([3]), 2.5), [2.5, 2.5, 2.5]);
        AssertShape(Tensor.Empty([2, 3, 4], ScalarType.BFloat16), 2, 3, 4);
        AssertClose(Tensor.RandPerm(5).Sort().Values, [0, 1, 2, 3, 4]);
        var rolls = Tensor.RandInt(1, 7, [1000]);
        Assert.Equal((1L, 6L), (rolls.Min().Item<long>(), rolls.Max().Item<long>()));
    }

    [Theory]
    [InlineData("cpu", DeviceKind.Cpu, 0)]
    [InlineData("cuda", DeviceKind.Cuda, 0)]
    [InlineData("cuda:3", DeviceKind.Cuda, 3)]
    public void DevicesAreReadAsTheyAreWritten(string text, DeviceKind kind, int index)
    {
        Assert.Equal(new Device(kind, index), Device.Parse(text));
        Assert.Throws<FormatException>(() => Device.Parse(text + "x"));
    }

    [Fact]
    public void DtypeAndContiguityAreTold()
    {
        using var scope = new TensorScope();
        var tensor = Tensor.Zeros([2, 3]);
        Assert.Equal(Device.Cpu, tensor.Device);
        Assert.True(tensor.IsContiguous);
        Assert.False(tensor.Transpose(0, 1).IsContiguous);
        Assert.Equal(ScalarType.BFloat16, tensor.To(ScalarType.BFloat16).Dtype);
        Assert.Equal(3, tensor.Size(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Size(2));
        Assert.Equal(6, tensor.ElementCount);
    }

    private static void GoAndReturn<T>(T[] values, ScalarType type)
        where T : unmanaged
    {
        using var tensor = Tensor.From(values, 2, 2);
        Assert.Equal(type, tensor.Dtype);
        AssertShape(tensor, 2, 2);
        Assert.Equal(values, tensor.ToArray<T>());
        using var turned = tensor.Transpose(0, 1);
        Assert.Equal([values[0], values[2], values[1], values[3]], turned.ToArray<T>());
        using var again = Tensor.FromBytes(tensor.ToBytes(), type, 2, 2);
        Assert.Equal(values, again.ToArray<T>());
    }
}
