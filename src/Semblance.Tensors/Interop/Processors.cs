namespace Semblance.Tensors.Interop;

/// <summary>Counts the cores that this process may use. Two threads on one core share its multipliers, so more threads than cores only cost.</summary>
internal static class Processors
{
    internal static int Physical { get; } = Count();

    private static int Count()
    {
        try
        {
            var siblings = Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .ToList();
            var cores = siblings.Distinct(StringComparer.Ordinal).Count();
            var perCore = cores == 0 ? 1 : Math.Max(1, siblings.Count / cores);

            // ProcessorCount knows affinity and container limits, which the topology does not.
            return Math.Max(1, Environment.ProcessorCount / perCore);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }
}
