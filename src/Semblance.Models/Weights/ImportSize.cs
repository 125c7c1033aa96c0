namespace Semblance.Models.Weights;

/// <summary>The pictures that imported weights shall read; only networks that cut pictures into patches have a size.</summary>
/// <param name="Height">Rows in pixels; null keeps the size that the weights were trained at.</param>
/// <param name="Width">Columns in pixels; given together with <paramref name="Height"/>.</param>
/// <param name="Stride">Step between patches in pixels; null for patches that touch.</param>
public sealed record ImportSize(int? Height = null, int? Width = null, int? Stride = null)
{
    internal bool IsGiven => Height is not null || Width is not null || Stride is not null;
}
