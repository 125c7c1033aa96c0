namespace Semblance.Gallery.Stores;

/// <summary>A sighting's unit vector in one space of one model.</summary>
public readonly record struct StoredVector(long Sighting, ReadOnlyMemory<float> Vector);
