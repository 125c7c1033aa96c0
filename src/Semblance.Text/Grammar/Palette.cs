namespace Semblance.Text.Grammar;

/// <summary>What the eye does with colours: how dark they look, and which ones it takes for each other.</summary>
internal static class Palette
{
    public static bool IsDark(ColourName colour) => colour is ColourName.Black or ColourName.DarkGrey or ColourName.DarkRed or ColourName.DarkGreen
        or ColourName.DarkBlue or ColourName.Navy or ColourName.Brown;

    public static bool IsLight(ColourName colour) => colour is ColourName.White or ColourName.LightGrey or ColourName.LightGreen or ColourName.LightBlue
        or ColourName.Lavender or ColourName.Beige or ColourName.Cream or ColourName.Khaki or ColourName.Pink;

    public static bool IsBright(ColourName colour) => colour is ColourName.Red or ColourName.Orange or ColourName.Yellow or ColourName.Turquoise
        or ColourName.Magenta or ColourName.Green;

    /// <summary>Colours that a witness might name instead.</summary>
    public static ReadOnlySpan<ColourName> Confusable(ColourName colour) => colour switch
    {
        ColourName.Black => [ColourName.Navy, ColourName.DarkGrey, ColourName.DarkBlue],
        ColourName.White => [ColourName.Cream, ColourName.LightGrey, ColourName.LightBlue],
        ColourName.Grey => [ColourName.LightGrey, ColourName.DarkGrey, ColourName.Blue],
        ColourName.LightGrey => [ColourName.White, ColourName.Grey, ColourName.LightBlue],
        ColourName.DarkGrey => [ColourName.Black, ColourName.Grey, ColourName.Navy],
        ColourName.Red => [ColourName.Orange, ColourName.DarkRed, ColourName.Magenta],
        ColourName.DarkRed => [ColourName.Brown, ColourName.Red, ColourName.Purple],
        ColourName.Orange => [ColourName.Red, ColourName.Mustard, ColourName.Yellow],
        ColourName.Yellow => [ColourName.Mustard, ColourName.Cream, ColourName.LightGreen],
        ColourName.Mustard => [ColourName.Yellow, ColourName.Brown, ColourName.Orange],
        ColourName.Green => [ColourName.DarkGreen, ColourName.Teal, ColourName.LightGreen],
        ColourName.DarkGreen => [ColourName.Green, ColourName.Olive, ColourName.Black],
        ColourName.Olive => [ColourName.Khaki, ColourName.DarkGreen, ColourName.Brown],
        ColourName.LightGreen => [ColourName.Green, ColourName.Yellow, ColourName.Turquoise],
        ColourName.Teal => [ColourName.Turquoise, ColourName.Green, ColourName.Blue],
        ColourName.Turquoise => [ColourName.Teal, ColourName.LightBlue, ColourName.Green],
        ColourName.Blue => [ColourName.DarkBlue, ColourName.LightBlue, ColourName.Purple],
        ColourName.LightBlue => [ColourName.Blue, ColourName.LightGrey, ColourName.White],
        ColourName.DarkBlue => [ColourName.Navy, ColourName.Black, ColourName.Blue],
        ColourName.Navy => [ColourName.DarkBlue, ColourName.Black, ColourName.DarkGrey],
        ColourName.Purple => [ColourName.Lavender, ColourName.DarkBlue, ColourName.DarkRed],
        ColourName.Lavender => [ColourName.Purple, ColourName.Pink, ColourName.LightBlue],
        ColourName.Pink => [ColourName.Magenta, ColourName.Lavender, ColourName.Cream],
        ColourName.Magenta => [ColourName.Pink, ColourName.Purple, ColourName.Red],
        ColourName.Brown => [ColourName.DarkRed, ColourName.Khaki, ColourName.DarkGrey],
        ColourName.Beige => [ColourName.Cream, ColourName.Khaki, ColourName.Brown],
        ColourName.Khaki => [ColourName.Beige, ColourName.Olive, ColourName.Brown],
        _ => [ColourName.White, ColourName.Beige, ColourName.Yellow],
    };
}
