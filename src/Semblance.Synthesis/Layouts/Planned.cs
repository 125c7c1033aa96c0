using Semblance.Data;

namespace Semblance.Synthesis.Layouts;

/// <summary>A record and the picture that belongs to it.</summary>
/// <param name="Record">As a reader of the real layout would yield it.</param>
/// <param name="Identity">From 0; beyond the world's identities for people who belong to nobody's gallery.</param>
/// <param name="Image">From 0.</param>
internal readonly record struct Planned(PersonRecord Record, int Identity, int Image);
