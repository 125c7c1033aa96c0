namespace Semblance.Gallery.Stores;

/// <summary>A file of a model's folder.</summary>
/// <param name="Name">Without a path.</param>
/// <param name="Content">Its bytes.</param>
public sealed record StoredModelFile(string Name, ReadOnlyMemory<byte> Content);
