namespace Semblance.Synthesis.Layouts;

/// <summary>The real set whose files a world imitates.</summary>
public enum WorldLayout
{
    /// <summary>bounding_box_train, bounding_box_test, query; cameras, frames and boxes in the names.</summary>
    Market1501,

    /// <summary>imgs and reid_raw.json with captions; no cameras.</summary>
    CuhkPedes,

    /// <summary>One folder a person; viewpoint, weather, light and place in the names. Training only.</summary>
    FineGpr,
}
