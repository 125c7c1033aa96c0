namespace Semblance.Models.Backbones;

/// <summary>Faults that the options of several backbones can share.</summary>
internal static class OptionFaults
{
    /// <summary>Throws when there are faults, with all of them.</summary>
    public static void Refuse(IReadOnlyCollection<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults));
        }
    }

    public static IEnumerable<string> Positive(params (string Name, int Value)[] options) =>
        options.Where(option => option.Value < 1).Select(option => $"{option.Name} is {option.Value}, expected 1 or more");

    public static IEnumerable<string> NotNegative(params (string Name, int Value)[] options) =>
        options.Where(option => option.Value < 0).Select(option => $"{option.Name} is {option.Value}, expected 0 or more");

    public static IEnumerable<string> Grid(PatchGrid grid)
    {
        if (grid.Patch < 1 || grid.Stride < 1 || grid.Stride > grid.Patch)
        {
            return [$"Patch is {grid.Patch} and Stride {grid.Stride}, expected a stride from 1 to the patch"];
        }

        return grid.Height < grid.Patch || grid.Width < grid.Patch ? [$"the input is {grid.Height}x{grid.Width}, smaller than one patch of {grid.Patch}x{grid.Patch}"] : [];
    }

    public static IEnumerable<string> Transformer(string widthName, int width, string headsName, int heads) =>
        width < 1 || heads < 1 || width % heads != 0 ? [$"{widthName} is {width} and {headsName} {heads}, expected a width that the heads divide"] : [];
}
