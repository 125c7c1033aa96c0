using System.Runtime.CompilerServices;
using Semblance.Tensors;

// Start values come from libtorch's one random state: two tests at once would take numbers from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Semblance.Models.Tests;

internal static class Threads
{
    /// <summary>The tests' tensors are small: one thread is as fast, and does not stall when other programs share the machine.</summary>
    [ModuleInitializer]
    internal static void One() => Torch.SetThreads(1);
}
