using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Filing;

/// <summary>Somebody to be filed.</summary>
/// <param name="Sighting">What is known; the picture's hash is set when it is filed.</param>
/// <param name="Picture">The person alone.</param>
public sealed record FoundPerson(StoredSighting Sighting, Picture Picture);
