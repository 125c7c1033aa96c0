using Semblance.Imaging;

namespace Semblance.Cli.Report;

/// <summary>What the border of a small picture says.</summary>
internal enum FigureMark { None, Query, Right, Wrong }

/// <summary>A small picture with a note below it.</summary>
internal sealed record HtmlFigure(Picture Picture, string Note, string Alt, FigureMark Mark = FigureMark.None);
