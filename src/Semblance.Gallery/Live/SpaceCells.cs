namespace Semblance.Gallery.Live;

/// <summary>The inverted file of a space: what a search in it looks at, and what it finds.</summary>
/// <param name="Space">Such as <see cref="GallerySpaces.Image"/>.</param>
/// <param name="Cells">How many there are.</param>
/// <param name="Probes">How many a question looks into, without a filter.</param>
/// <param name="Recall">Share of the ten nearest that sightings of the gallery itself find, compared with the exact answer when the cells were made.</param>
public sealed record SpaceCells(string Space, int Cells, int Probes, double Recall);
