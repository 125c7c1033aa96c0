using System.Numerics;

namespace Semblance.Evaluation.Distances;

/// <summary>Gives the distances of a block of queries to the whole gallery, so that nobody holds queries x gallery at once. Called from several threads.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface IDistanceSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number of queries, Q.</summary>
    int Queries { get; }

    /// <summary>Number of gallery items, G.</summary>
    int GalleryItems { get; }

    /// <summary>What the distance is, in a few words, for the result.</summary>
    string Description { get; }

    /// <summary>Writes the distances of queries <paramref name="first"/> to <c>first + count - 1</c>, smaller is closer.</summary>
    /// <param name="first">Index of the first query.</param>
    /// <param name="count">Number of queries.</param>
    /// <param name="distances">Gets <c>[count, G]</c>, row by row.</param>
    void Fill(int first, int count, Span<T> distances);
}
