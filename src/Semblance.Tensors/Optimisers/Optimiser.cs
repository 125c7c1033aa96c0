using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Optimisers;

/// <summary>Moves parameters against their gradients.</summary>
/// <remarks>
/// A step changes parameters and state in place, makes no tensor that outlives it, and skips parameters without a gradient.
/// float32 tensors on the CPU take one pass over memory for each step, by <see cref="UpdatePiece"/>; all others, libtorch's list
/// operators, by <see cref="UpdateByOperators"/>. Both compute the same numbers up to rounding.
/// </remarks>
public abstract class Optimiser : IDisposable
{
    /// <summary>Elements in one piece of work: 256 KB of each array, so that the pieces of a step spread evenly over the cores.</summary>
    private const int PieceLength = 1 << 16;

    private readonly string[] _stateNames;
    private readonly List<Slot> _slots = [];
    private readonly Tensor _groupFacts;

    /// <param name="groups">At least one; no parameter twice.</param>
    /// <param name="stateNames">What is kept for each parameter, in its shape, zeros before the first step.</param>
    private protected Optimiser(IEnumerable<ParameterGroup> groups, params string[] stateNames)
    {
        ParameterGroups = [.. groups];
        _stateNames = stateNames;
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var group in ParameterGroups)
        {
            foreach (var parameter in group.Parameters)
            {
                if (!seen.Add(parameter))
                {
                    throw new ArgumentException($"the parameter {parameter} is given twice: it would be moved twice in each step", nameof(groups));
                }

                _slots.Add(new Slot(parameter, group, TensorScope.Release(Tensor.Zeros([], ScalarType.Int64))));
            }
        }

        if (_slots.Count == 0)
        {
            throw new ArgumentException("there is no parameter to move", nameof(groups));
        }

        _groupFacts = TensorScope.Release(Tensor.Zeros([ParameterGroups.Count, 3], ScalarType.Float64));
    }

    public IReadOnlyList<ParameterGroup> ParameterGroups { get; }

    /// <summary>Every parameter of every group.</summary>
    public IEnumerable<Tensor> Parameters => _slots.Select(slot => slot.Parameter);

    /// <summary>Whether steps take the plain way of list operators even where one pass over memory would serve; for checking one by the other.</summary>
    internal bool OnlyOperators { get; set; }

    /// <summary>Sets the learning rate of every group; each keeps its own scale.</summary>
    public void SetLearningRate(double learningRate)
    {
        foreach (var group in ParameterGroups)
        {
            group.LearningRate = learningRate;
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var inMemory = new List<Slot>(_slots.Count);
        var byOperators = new List<Slot>();
        foreach (var slot in _slots)
        {
            slot.Gradient = slot.Parameter.Grad;
            if (slot.Gradient is null)
            {
                continue;
            }

            slot.Steps++;
            slot.State ??= [.. _stateNames.Select(_ => TensorScope.Release(Tensor.ZerosLike(slot.Parameter)))];
            (!OnlyOperators && IsPlainMemory(slot) ? inMemory : byOperators).Add(slot);
        }

        UpdateInMemory(inMemory);
        foreach (var alike in byOperators.GroupBy(slot => (slot.Group, slot.Steps, slot.Parameter.Device, slot.Parameter.Dtype)))
        {
            Slot[] slots = [.. alike];
            UpdateByOperators(
                alike.Key.Group, alike.Key.Steps, Column(slots, slot => slot.Parameter), Column(slots, slot => slot.Gradient!),
                [.. Enumerable.Range(0, _stateNames.Length).Select(i => Column(slots, slot => slot.State![i]))]);
        }

        foreach (var slot in _slots)
        {
            slot.Gradient = null;
        }
    }

    /// <summary>Forgets every gradient, so that the next backward pass starts from none.</summary>
    public void ZeroGrad()
    {
        foreach (var slot in _slots)
        {
            slot.Parameter.Grad = null;
        }
    }

    /// <summary>
    /// All that the coming steps depend on, besides the parameters: "groups" <c>[G, 3]</c> (learning rate, scale, weight decay), and for the
    /// i-th parameter "i.step" and its moments under PyTorch's names. Borrowed: the tensors change with the next step.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        double[] facts = [.. ParameterGroups.SelectMany(group => (double[])[group.LearningRate, group.Scale, group.WeightDecay])];
        using (var now = Tensor.From(facts, ParameterGroups.Count, 3))
        {
            _groupFacts.CopyFrom(now);
        }

        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal) { ["groups"] = _groupFacts };
        for (var i = 0; i < _slots.Count; i++)
        {
            _slots[i].StepsTensor.FillInPlace(_slots[i].Steps);
            state.Add($"{i}.step", _slots[i].StepsTensor);
            for (var j = 0; j < (_slots[i].State?.Length ?? 0); j++)
            {
                state.Add($"{i}.{_stateNames[j]}", _slots[i].State![j]);
            }
        }

        return state;
    }

    /// <summary>Goes on where <see cref="StateDict"/> was taken, bit for bit; nothing changes unless everything fits.</summary>
    /// <param name="state">Copied; of an optimiser of the same kind over the same parameters in the same groups.</param>
    /// <exception cref="ArgumentException">A name is missing or unexpected, or a shape differs.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var faults = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        Expect("groups", [ParameterGroups.Count, 3]);
        for (var i = 0; i < _slots.Count; i++)
        {
            Expect($"{i}.step", []);
            var shape = _slots[i].Parameter.Shape;
            if (_stateNames.Any(name => state.ContainsKey($"{i}.{name}")))
            {
                foreach (var name in _stateNames)
                {
                    Expect($"{i}.{name}", shape);
                }
            }
        }

        faults.AddRange(state.Keys.Where(name => !expected.Contains(name)).Select(name => $"{name} is unexpected"));
        if (faults.Count > 0)
        {
            throw new ArgumentException($"the state does not fit this {GetType().Name} over {_slots.Count} parameters: {string.Join("; ", faults)}", nameof(state));
        }

        var facts = state["groups"].ToArray<double>();
        for (var i = 0; i < ParameterGroups.Count; i++)
        {
            var group = ParameterGroups[i];
            (group.LearningRate, group.Scale, group.WeightDecay) = (facts[3 * i], facts[(3 * i) + 1], facts[(3 * i) + 2]);
        }

        for (var i = 0; i < _slots.Count; i++)
        {
            var slot = _slots[i];
            slot.Steps = state[$"{i}.step"].Item<long>();
            slot.ForgetState();
            if (_stateNames.Length > 0 && state.ContainsKey($"{i}.{_stateNames[0]}"))
            {
                slot.State = [.. _stateNames.Select(_ => TensorScope.Release(Tensor.ZerosLike(slot.Parameter)))];
                for (var j = 0; j < _stateNames.Length; j++)
                {
                    slot.State[j].CopyFrom(state[$"{i}.{_stateNames[j]}"]);
                }
            }
        }

        void Expect(string name, long[] shape)
        {
            expected.Add(name);
            if (!state.TryGetValue(name, out var tensor))
            {
                faults.Add($"{name} is missing");
            }
            else if (!tensor.Shape.SequenceEqual(shape))
            {
                faults.Add($"{name} is [{string.Join(", ", tensor.Shape)}], expected [{string.Join(", ", shape)}]");
            }
        }
    }

    /// <summary>Frees the state; the parameters stay.</summary>
    public void Dispose()
    {
        _groupFacts.Dispose();
        foreach (var slot in _slots)
        {
            slot.StepsTensor.Dispose();
            slot.ForgetState();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>One step for parameters that share group and step count.</summary>
    /// <param name="group">Their settings.</param>
    /// <param name="step">Which step this is for them, from 1.</param>
    /// <param name="parameters">To change.</param>
    /// <param name="gradients">To read only.</param>
    /// <param name="state">One list for each state name, to change.</param>
    private protected abstract void UpdateByOperators(ParameterGroup group, long step, Tensor[] parameters, Tensor[] gradients, Tensor[][] state);

    /// <summary>One step for a piece of one parameter, all arrays of the same length.</summary>
    /// <param name="group">Its settings.</param>
    /// <param name="step">Which step this is for it, from 1.</param>
    /// <param name="parameter">To change.</param>
    /// <param name="gradient">To read only.</param>
    /// <param name="first">The first state, to change; empty when there is none.</param>
    /// <param name="second">The second state, to change; empty when there is none.</param>
    private protected abstract void UpdatePiece(ParameterGroup group, long step, Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second);

    private static Tensor[] Column(Slot[] slots, Func<Slot, Tensor> pick) => [.. slots.Select(pick)];

    private static bool IsPlainMemory(Slot slot) =>
        IsPlain(slot.Parameter) && IsPlain(slot.Gradient!) && slot.State!.All(IsPlain);

    private static bool IsPlain(Tensor tensor) => tensor.Dtype == ScalarType.Float32 && tensor.Device == Device.Cpu && tensor.IsContiguous;

    private unsafe void UpdateInMemory(List<Slot> slots)
    {
        var pieces = new List<(Slot Slot, nint Parameter, nint Gradient, nint First, nint Second, int Length)>();
        foreach (var slot in slots)
        {
            nint parameter = Data(slot.Parameter), gradient = Data(slot.Gradient!);
            nint first = slot.State!.Length > 0 ? Data(slot.State[0]) : 0, second = slot.State.Length > 1 ? Data(slot.State[1]) : 0;
            var count = slot.Parameter.ElementCount;
            for (long start = 0; start < count; start += PieceLength)
            {
                var offset = (nint)(start * sizeof(float));
                pieces.Add((slot, parameter + offset, gradient + offset, first == 0 ? 0 : first + offset, second == 0 ? 0 : second + offset, (int)Math.Min(PieceLength, count - start)));
            }
        }

        Parallel.For(0, pieces.Count, new ParallelOptions { MaxDegreeOfParallelism = Torch.Threads }, i =>
        {
            var piece = pieces[i];
            UpdatePiece(
                piece.Slot.Group, piece.Slot.Steps,
                new Span<float>((void*)piece.Parameter, piece.Length), new ReadOnlySpan<float>((void*)piece.Gradient, piece.Length),
                new Span<float>((void*)piece.First, piece.First == 0 ? 0 : piece.Length), new Span<float>((void*)piece.Second, piece.Second == 0 ? 0 : piece.Length));
        });

        static nint Data(Tensor tensor) => Native.Data(tensor.Handle);
    }

    /// <summary>One parameter and what is kept for it.</summary>
    private sealed class Slot(Tensor parameter, ParameterGroup group, Tensor stepsTensor)
    {
        public Tensor Parameter { get; } = parameter;

        public ParameterGroup Group { get; } = group;

        public Tensor StepsTensor { get; } = stepsTensor;

        public long Steps { get; set; }

        public Tensor? Gradient { get; set; }

        public Tensor[]? State { get; set; }

        public void ForgetState()
        {
            foreach (var tensor in State ?? [])
            {
                tensor.Dispose();
            }

            State = null;
        }
    }
}
