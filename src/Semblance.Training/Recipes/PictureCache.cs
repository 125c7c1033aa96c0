namespace Semblance.Training.Recipes;

/// <summary>Where decoded pictures live between two uses. Either way the same pixels reach the model.</summary>
public enum PictureCache
{
    /// <summary>Decoded or rendered at every use: for sets that memory cannot hold.</summary>
    None,

    /// <summary>Decoded or rendered once, by all processors, before the first step; kept at the model's input size (24 KiB at 128x64, 96 KiB at 256x128).</summary>
    Memory,
}
