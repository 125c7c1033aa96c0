using System.Numerics;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>A colour word with the exact shade that one piece of cloth has.</summary>
/// <param name="Name">The word that a caption uses.</param>
/// <param name="Linear">Linear light, RGB in [0, 1].</param>
public readonly record struct Dye(ColourName Name, Vector3 Linear);
