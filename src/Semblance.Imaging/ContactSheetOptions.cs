namespace Semblance.Imaging;

/// <summary>How a contact sheet is laid out.</summary>
public sealed record ContactSheetOptions
{
    /// <summary>Pictures beside each other.</summary> <value>10, as ranks are counted.</value>
    public int Columns { get; init; } = 10;

    /// <summary>Columns for each picture, in pixels.</summary> <value>64</value>
    public int CellWidth { get; init; } = 64;

    /// <summary>Rows for each picture, in pixels.</summary> <value>128, a person's shape.</value>
    public int CellHeight { get; init; } = 128;

    /// <summary>Pixels between cells and round the sheet.</summary> <value>6</value>
    public int Gap { get; init; } = 6;

    /// <summary>Thickness of frames, drawn round the picture.</summary> <value>3</value>
    public int Frame { get; init; } = 3;

    /// <summary>Height of capitals in captions.</summary> <value>8</value>
    public int TextHeight { get; init; } = 8;

    /// <summary>What lies behind.</summary> <value>white</value>
    public Colour Background { get; init; } = Colour.White;

    /// <summary>Colour of captions.</summary> <value>a dark grey</value>
    public Colour Text { get; init; } = new(40, 40, 40);
}
