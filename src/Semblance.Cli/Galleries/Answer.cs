using Semblance.Gallery;
using Semblance.Gallery.Stores;

namespace Semblance.Cli.Galleries;

/// <summary>One place of an answer, as it is printed.</summary>
internal sealed record Answer(int Rank, double Score, StoredSighting Sighting, IReadOnlyList<TermScore> Terms);
