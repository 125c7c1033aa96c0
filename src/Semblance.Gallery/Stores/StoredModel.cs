namespace Semblance.Gallery.Stores;

/// <summary>A model that a gallery knows.</summary>
/// <param name="Encoder">Fingerprint and description.</param>
/// <param name="Spaces">The spaces in which every sighting has a vector.</param>
/// <param name="State">What it is used for.</param>
/// <param name="Added">When.</param>
/// <param name="Calibration">What turns similarities into probabilities, as JSON; null when nobody calibrated it.</param>
public sealed record StoredModel(GalleryEncoder Encoder, IReadOnlyList<GallerySpace> Spaces, ModelState State, DateTimeOffset Added, string? Calibration);
