namespace Semblance.Evaluation.Protocols;

/// <summary>Queries and gallery from a list that somebody made, with the views from which people are seen in the place of cameras.</summary>
public sealed class ListedProtocol : RetrievalProtocol
{
    /// <summary>A list's rules.</summary>
    /// <param name="name">Names the list in results.</param>
    /// <param name="ownPictureExcluded">Leaves out the query's own picture.</param>
    /// <param name="sameViewExcluded">Leaves out pictures of the query's person from its view, where both are known.</param>
    public ListedProtocol(string name, bool ownPictureExcluded, bool sameViewExcluded)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Key, OwnPictureExcluded, SameCameraRule) = (name, ownPictureExcluded, sameViewExcluded);
    }

    /// <inheritdoc/>
    public override string Key { get; }

    /// <inheritdoc/>
    public override bool OwnPictureExcluded { get; }

    /// <inheritdoc/>
    public override bool SameCameraRule { get; }

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery) => CheckEachPictureOnce(gallery, "gallery");
}
