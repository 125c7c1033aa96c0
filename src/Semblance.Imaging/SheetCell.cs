namespace Semblance.Imaging;

/// <summary>One picture of a contact sheet.</summary>
/// <param name="Picture">Scaled to fit its cell, its shape kept.</param>
/// <param name="Caption">One line of text below, cut to fit; null for none.</param>
/// <param name="Frame">Colour of the frame: <see cref="Colour.Right"/>, <see cref="Colour.Wrong"/> or another; null for none.</param>
public sealed record SheetCell(Picture Picture, string? Caption = null, Colour? Frame = null);
