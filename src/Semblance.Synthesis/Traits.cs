using Semblance.Text;

namespace Semblance.Synthesis;

/// <summary>What is known of a person beside body and clothes.</summary>
/// <param name="Gender">As a caption would name it.</param>
/// <param name="Age">As a caption would name it.</param>
public sealed record Traits(Gender Gender, AgeGroup Age);
