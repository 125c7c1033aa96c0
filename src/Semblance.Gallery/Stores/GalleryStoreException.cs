namespace Semblance.Gallery.Stores;

/// <summary>A store could not do what was asked, for a reason that lies with it and not with the caller.</summary>
/// <param name="fault">What kind of trouble.</param>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The database's own error.</param>
public sealed class GalleryStoreException(StoreFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of trouble.</summary>
    public StoreFault Fault { get; } = fault;
}
