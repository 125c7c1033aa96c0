namespace Semblance.Models;

/// <summary>A method with two towers: its name, its presets, and how its network and what trains it are made from its options.</summary>
public sealed class DualTowerMethod
{
    private readonly Func<MethodOptions, DualTower> _make;
    private readonly Func<DualTower, MethodOptions, int, IEnumerable<Learner>> _learners;

    private DualTowerMethod(
        string name, Type optionsType, IReadOnlyDictionary<string, MethodOptions> presets, Func<MethodOptions, DualTower> make,
        Func<DualTower, MethodOptions, int, IEnumerable<Learner>> learners)
    {
        (Name, OptionsType, Presets, _make, _learners) = (name, optionsType, presets, make, learners);
    }

    /// <summary>Every such method. A new one adds itself here.</summary>
    public static IReadOnlyList<DualTowerMethod> All { get; } = [DualEncoder.Method, AxmNet.Method, Lcr2sEncoder.Method];

    /// <summary>As recipes and model files name it, such as <c>dual-encoder</c>.</summary>
    public string Name { get; }

    /// <summary>Type of its options.</summary>
    public Type OptionsType { get; }

    /// <summary>Named sets of options; each name begins with the method's.</summary>
    public IReadOnlyDictionary<string, MethodOptions> Presets { get; }

    /// <summary>The method of these options; null for a method without two towers.</summary>
    public static DualTowerMethod? For(MethodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return All.FirstOrDefault(method => method.OptionsType == options.GetType());
    }

    /// <summary>A method from typed parts.</summary>
    /// <typeparam name="TOptions">Its options.</typeparam>
    /// <typeparam name="TTower">Its network.</typeparam>
    /// <param name="name">As recipes name it.</param>
    /// <param name="presets">By name.</param>
    /// <param name="make">Builds the network with random weights.</param>
    /// <param name="learners">What trains a network for a number of people, stage by stage; the last one trains the network itself.</param>
    internal static DualTowerMethod Of<TOptions, TTower>(
        string name, IReadOnlyDictionary<string, MethodOptions> presets, Func<TOptions, TTower> make, Func<TTower, TOptions, int, IEnumerable<Learner>> learners)
        where TOptions : MethodOptions
        where TTower : DualTower =>
        new(name, typeof(TOptions), presets, options => make((TOptions)options), (tower, options, classes) => learners((TTower)tower, (TOptions)options, classes));

    /// <summary>The network with random weights, reproducible from <see cref="Tensors.TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public DualTower Make(MethodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Faults();
        return faults.Count == 0 ? _make(options)
            : throw new ArgumentException($"these {Name} options do not work:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}");
    }

    /// <summary>
    /// What trains a network, stage by stage: a learner is made when its stage begins, after those before it have learnt. Learners own what they add to it; the last one has the
    /// network inside.
    /// </summary>
    /// <param name="tower">Of <see cref="Make"/>.</param>
    /// <param name="options">Those it was made from.</param>
    /// <param name="classes">Training identities, C.</param>
    public IEnumerable<Learner> Learners(DualTower tower, MethodOptions options, int classes) => _learners(tower, options, classes);
}
