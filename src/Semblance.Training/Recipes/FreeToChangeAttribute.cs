namespace Semblance.Training.Recipes;

/// <summary>Marks a setting that leaves the trained weights alone, so that a resumed run may have another value for it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FreeToChangeAttribute : Attribute;
