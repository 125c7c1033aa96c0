namespace Semblance.Gallery.Stores;

/// <summary>What kind of trouble a store is in.</summary>
public enum StoreFault
{
    /// <summary>It cannot be reached now; asking again later may work.</summary>
    Unavailable,

    /// <summary>Its content is damaged.</summary>
    Damaged,

    /// <summary>There is no room left.</summary>
    Full,

    /// <summary>Somebody else changed it in between, or took the work over.</summary>
    Conflict,
}
