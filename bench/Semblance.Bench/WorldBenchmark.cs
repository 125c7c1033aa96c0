using Semblance.Synthesis;

namespace Semblance.Bench;

/// <summary>How fast the world is rendered. There is no peer; the limit is the 60 pictures of 256x128 a second that training at full size asks for.</summary>
internal static class WorldBenchmark
{
    private const int Pictures = 240;

    public static IEnumerable<Comparison> Run()
    {
        foreach (var (height, width, asked) in new[] { (256, 128, 60), (96, 48, 0) })
        {
            var world = new World(new WorldOptions { Domain = "plaza", Identities = Pictures / 4, ImagesPerIdentity = 4, Height = height, Width = width });
            yield return Comparison.Alone(
                $"{Pictures} pictures of {height}x{width}",
                $"{Environment.ProcessorCount} threads",
                () => Parallel.For(0, Pictures, i => world.Render(i / 4, i % 4)),
                rounds: 5)
                .Against(row => $"{Pictures / row.OursSeconds:0} a second{(asked > 0 ? $", {asked} asked for" : "")}");
        }
    }
}
