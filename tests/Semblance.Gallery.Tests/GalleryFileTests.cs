using System.Text.Json.Nodes;
using Semblance.Core;
using static Semblance.Gallery.Tests.Galleries;

namespace Semblance.Gallery.Tests;

public sealed class GalleryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void WhatIsSavedIsOpenedAgain()
    {
        var builder = new GalleryBuilder(_folder.Path, Encoder, new GallerySpace("image", 3), new GallerySpace("joint", 2));
        var picture = builder.StorePicture(new byte[] { 1, 2, 3 });
        Assert.Equal(picture, builder.StorePicture(new byte[] { 1, 2, 3 }));
        var item = new GalleryItem
        {
            Id = "a",
            Picture = picture,
            Source = "street.avi",
            Camera = "c1",
            Identity = "7",
            Box = new GalleryBox(10, 20, 30, 60),
            Frame = 12,
            Time = TimeSpan.FromSeconds(1.5),
            Notes = "naïve “words” 外套",
        };
        builder.Add(item, In("image", 3, 0, 4), In("joint", 0, 2));
        builder.Add(new GalleryItem { Id = "b" }, In("joint", 1, 0), In("image", 0, 1, 0));
        builder.Save();

        using var file = GalleryFile.Open(_folder.Path);
        Assert.Equal(Encoder, file.Encoder);
        Assert.Equal([item, new GalleryItem { Id = "b" }], file.Items);
        Assert.Equal([new GallerySpace("image", 3), new GallerySpace("joint", 2)], file.Spaces);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file.PicturePath(file.Items[0])!));
        Assert.Null(file.PicturePath(file.Items[1]));
        var vector = new float[3];
        file.CopyVector("image", 0, vector);
        Assert.Equal([0.6f, 0, 0.8f], vector);
        file.CopyVector("joint", 1, vector);
        Assert.Equal([1, 0], vector.Take(2));
        Assert.Contains("it has: image, joint", Assert.Throws<ArgumentException>(() => file.CopyVector("words", 0, vector)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SavingAgainReplacesTheGalleryAndLeavesNoOldVectors()
    {
        OfAngles(_folder.Path, 1, 2, 3);
        OfAngles(_folder.Path, 4, 5);
        using var file = GalleryFile.Open(_folder.Path);
        Assert.Equal(2, file.Items.Count);
        Assert.Single(Directory.GetFiles(_folder.Path, "embeddings*"));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void ABuilderThatNeverSavedLeavesTheOldGallery()
    {
        OfAngles(_folder.Path, 1, 2, 3);
        var builder = new GalleryBuilder(_folder.Path, Encoder, new GallerySpace("image", 2));
        builder.StorePicture(new byte[] { 9 });
        builder.Add(new GalleryItem { Id = "x" }, In("image", 1, 0));
        using var file = GalleryFile.Open(_folder.Path);
        Assert.Equal(3, file.Items.Count);
    }

    [Fact]
    public void AnOpenGalleryStaysReadableWhileItIsReplaced()
    {
        OfAngles(_folder.Path, 90, 0);
        using var old = GalleryFile.Open(_folder.Path);
        OfAngles(_folder.Path, 45);
        var vector = new float[2];
        old.CopyVector("image", 1, vector);
        Assert.Equal([1, 0], vector);
    }

    [Fact]
    public void EmbeddingsThatDoNotFitAreRefusedAndNothingIsAdded()
    {
        var builder = new GalleryBuilder(_folder.Path, Encoder, new GallerySpace("image", 2), new GallerySpace("joint", 1));
        string Problem(params Embedding[] embeddings) => Assert.Throws<ArgumentException>(() => builder.Add(new GalleryItem { Id = "x" }, embeddings)).Message;
        var foreign = Problem(In("image", 1, 0), new Embedding("joint", new float[] { 1 }, "2222"));
        Assert.Contains("2222", foreign, StringComparison.Ordinal);
        Assert.Contains("1111 (test encoder)", foreign, StringComparison.Ordinal);
        Assert.Contains("1 embeddings, expected one for each of: image, joint", Problem(In("image", 1, 0)), StringComparison.Ordinal);
        Assert.Contains("space \"words\"", Problem(In("image", 1, 0), In("words", 1)), StringComparison.Ordinal);
        Assert.Contains("space \"image\"", Problem(In("image", 1, 0), In("image", 1, 0)), StringComparison.Ordinal);
        Assert.Contains("3 dimensions in space \"image\", expected 2", Problem(In("image", 1, 0, 0), In("joint", 1)), StringComparison.Ordinal);
        Assert.Contains("item \"x\", space \"image\": dimension 1 is NaN", Problem(In("image", 1, float.NaN), In("joint", 1)), StringComparison.Ordinal);
        Assert.Equal(0, builder.Count);
        Assert.Contains("empty", Assert.Throws<InvalidOperationException>(builder.Save).Message, StringComparison.Ordinal);
        builder.Add(new GalleryItem { Id = "x" }, In("image", 1, 0), In("joint", 1));
        Assert.Contains("\"x\" already", Problem(In("image", 1, 0), In("joint", 1)), StringComparison.Ordinal);
        Assert.Equal(1, builder.Count);
    }

    [Fact]
    public void AFolderWithoutAGalleryIsNamed() =>
        Assert.Contains("holds no gallery.json", Assert.Throws<DirectoryNotFoundException>(() => GalleryFile.Open(_folder.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void TruncatedVectorsAreAnErrorWhereverTheyEnd()
    {
        OfAngles(_folder.Path, 1, 2, 3);
        var whole = File.ReadAllBytes(Vectors);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Vectors, whole[..length]);
            var problem = Assert.Throws<SemblanceFormatException>(() => GalleryFile.Open(_folder.Path));
            Assert.Equal(Vectors, problem.Path);
        }
    }

    [Fact]
    public void AFlippedBitIsAnErrorWhereverItLies()
    {
        OfAngles(_folder.Path, 1, 2, 3);
        var whole = File.ReadAllBytes(Vectors);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 4;
            File.WriteAllBytes(Vectors, damaged);
            Assert.Throws<SemblanceFormatException>(() => GalleryFile.Open(_folder.Path));
        }
    }

    [Fact]
    public void ATruncatedManifestIsAnErrorWhereverItEnds()
    {
        OfAngles(_folder.Path, 1, 2);
        var whole = File.ReadAllBytes(Manifest);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Manifest, whole[..length]);
            Assert.Throws<SemblanceFormatException>(() => GalleryFile.Open(_folder.Path));
        }
    }

    [Theory]
    [InlineData("format", "\"something\"", "expected \"semblance-gallery\"")]
    [InlineData("version", "2", "version 2")]
    [InlineData("embeddings", "\"../elsewhere.safetensors\"", "inside the gallery's folder")]
    [InlineData("embeddings", "\"embeddings-none.safetensors\"", "missing")]
    [InlineData("embeddingsHash", "\"00\"", "expected 00")]
    [InlineData("spaces", "[]", "at least one")]
    [InlineData("spaces", "[null]", "at least one")]
    [InlineData("spaces", "[{\"name\":\"image\"}]", "width")]
    [InlineData("spaces", "[{\"name\":\"image\",\"width\":3}]", "expected F32 [2, 3]")]
    [InlineData("spaces", "[{\"name\":\"imag\",\"width\":2}]", "did you mean \"image\"")]
    [InlineData("items", "[{\"id\":\"a\"}]", "expected F32 [1, 2] for 1 items")]
    [InlineData("items", "[{\"id\":\"a\"},{\"id\":\"a\"}]", "two items have the id \"a\"")]
    [InlineData("items", "[{\"id\":\"a\"},null]", "item 1 is null")]
    [InlineData("items", "[{\"id\":\"a\"},{\"camera\":\"b\"}]", "id")]
    [InlineData("items", "[{\"id\":\"a\"},{\"id\":\"b\",\"picture\":\"../../secret\"}]", "inside the gallery's folder")]
    [InlineData("items", "[{\"id\":\"a\"},{\"id\":\"b\",\"picture\":\"/secret\"}]", "inside the gallery's folder")]
    [InlineData("items", "[{\"id\":\"a\"},{\"id\":\"b\",\"pictures\":\"x\"}]", "pictures")]
    [InlineData("encoder", "{\"fingerprint\":\"2222\",\"description\":\"another\"}", "vectors come from encoder 1111")]
    [InlineData("encoder", "null", "encoder")]
    public void AManifestThatLiesIsAnErrorThatSaysWhat(string field, string value, string message)
    {
        OfAngles(_folder.Path, 1, 2);
        var manifest = JsonNode.Parse(File.ReadAllText(Manifest))!;
        manifest[field] = JsonNode.Parse(value);
        File.WriteAllText(Manifest, manifest.ToJsonString());
        var problem = Assert.Throws<SemblanceFormatException>(() => GalleryFile.Open(_folder.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABuilderNeedsSpaces()
    {
        Assert.Throws<ArgumentException>(() => new GalleryBuilder(_folder.Path, Encoder));
        Assert.Throws<ArgumentException>(() => new GalleryBuilder(_folder.Path, Encoder, new GallerySpace("a", 1), new GallerySpace("a", 2)));
        Assert.Throws<ArgumentException>(() => new GalleryBuilder(_folder.Path, Encoder, new GallerySpace("a", 0)));
    }

    public void Dispose() => _folder.Dispose();

    private string Manifest => Path.Combine(_folder.Path, "gallery.json");

    private string Vectors => Directory.GetFiles(_folder.Path, "*.safetensors").Single();
}
