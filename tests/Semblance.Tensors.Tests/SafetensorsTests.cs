using Semblance.Core;
using Semblance.Core.Safetensors;

namespace Semblance.Tensors.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("file.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void EveryElementTypeSurvivesAFile(ScalarType dtype)
    {
        using var scope = new TensorScope();
        var tensor = Tensor.From([0f, 1f, 2.5f, 100f, 1f, 0f], 2, 3).To(dtype);
        Safetensors.Write(FilePath, new Dictionary<string, Tensor> { ["turned"] = tensor.T(), ["scalar"] = tensor[0, 1], ["empty"] = tensor.Narrow(0, 0, 0) });
        using var file = Safetensors.Open(FilePath);
        Assert.Equal(dtype, file.Dtype("turned"));
        Assert.Equal([3, 2], file.Shape("turned"));
        var loaded = file.Load("turned");
        Assert.Equal(dtype, loaded.Dtype);
        Assert.Equal(tensor.T().Contiguous().ToBytes(), loaded.ToBytes());
        Assert.Equal([], file.Load("scalar").Shape);
        Assert.Equal(1, file.Load("scalar").Item<double>());
        Assert.Equal([0, 3], file.Load("empty").Shape);
    }

    [Fact]
    public void ALoadedTensorOutlivesTheFile()
    {
        using var scope = new TensorScope();
        Safetensors.Write(FilePath, new Dictionary<string, Tensor> { ["a"] = Tensor.Arange(1000) }, new Dictionary<string, string> { ["k"] = "v" });
        Tensor loaded;
        using (var file = Safetensors.Open(FilePath))
        {
            Assert.Equal("v", file.Metadata["k"]);
            Assert.Equal(["a"], file.Names);
            loaded = file.Load("a");
        }

        File.Delete(FilePath);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), loaded.ToArray<long>());
    }

    [Fact]
    public void ATruncatedFileAMissingNameAndAStrangeBoolAreRefused()
    {
        using var scope = new TensorScope();
        Safetensors.Write(FilePath, new Dictionary<string, Tensor> { ["weight"] = Tensor.Ones([4]) });
        using (var file = Safetensors.Open(FilePath))
        {
            Assert.Contains("did you mean \"weight\"?", Assert.Throws<SemblanceFormatException>(() => file.Load("wight")).Message);
        }

        File.WriteAllBytes(FilePath, File.ReadAllBytes(FilePath)[..^1]);
        Assert.Throws<SemblanceFormatException>(() => Safetensors.Open(FilePath));

        // A bool that is neither 0 nor 1 has no meaning in libtorch, so it may not enter.
        SafetensorsWriter.Write(FilePath, [new SafetensorsItem("flags", SafetensorsDtype.Bool, [2], stream => stream.Write([1, 2]))]);
        Assert.Contains("bytes other than 0 and 1", Assert.Throws<SemblanceFormatException>(() => Safetensors.Load(FilePath)).Message);
    }
}
