namespace Semblance.Gallery;

/// <summary>The names that the toolkit's own galleries use for their embedding spaces. A gallery may hold others.</summary>
public static class GallerySpaces
{
    /// <summary>The identity feature: pictures against pictures.</summary>
    public const string Image = "image";

    /// <summary>The cross-modal projection: pictures against words.</summary>
    public const string Joint = "joint";
}
