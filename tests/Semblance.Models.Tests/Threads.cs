using System.Runtime.CompilerServices;
using Semblance.Tensors;

namespace Semblance.Models.Tests;

internal static class Threads
{
    /// <summary>The tests' tensors are small: one thread is as fast, and does not stall when other programs share the machine.</summary>
    [ModuleInitializer]
    internal static void One() => Torch.SetThreads(1);
}
