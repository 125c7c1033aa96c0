namespace Semblance.Filing.Sources;

/// <summary>Something that people's pictures can be taken from, item by item.</summary>
internal interface IFilingSource : IDisposable
{
    /// <summary>Its items, in an order that is always the same.</summary>
    IEnumerable<string> Items();

    /// <summary>What could not even become an item, and why.</summary>
    IReadOnlyList<(string Path, string Reason)> Problems { get; }

    /// <summary>The people of one item.</summary>
    /// <param name="item">One of <see cref="Items"/>.</param>
    /// <param name="cancellation">Stops between two frames of a video; a picture is too short to be stopped in.</param>
    /// <exception cref="Core.SemblanceFormatException">It cannot be read; the message says why.</exception>
    IEnumerable<FoundPerson> Open(string item, CancellationToken cancellation);
}
