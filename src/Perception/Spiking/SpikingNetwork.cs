using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>A spiking network, compiled from a description and ready to be stepped: a clocked update of the neurons, synapses driven by spikes.</summary>
/// <remarks>
/// One step runs all layers once, in topological order; edges that close a loop carry the step before. Elements of images are counted H,W,C, channels fastest.
/// Every neuron takes its addends in ascending order of its inputs, so the result is the same bit for bit for any vector width, for the sparse and the dense
/// path, and on every processor. Steps allocate nothing. One thread at a time.
/// States start at 0. Sources: NIR (Nature Communications 2024, table 1); update orders: spiking-networks.md §2.
/// </remarks>
public sealed class SpikingNetwork : IFreezable, IPayload
{
    // Goes up with every change of what Freeze writes.
    private const int StateVersion = 1;

    private readonly Operation[] _operations;
    private readonly Population[] _populations;
    private readonly Synapses[] _synapses;
    private readonly SpikeOutput[] _outputs;
    private readonly int[] _inputShape;
    private readonly Signal _input;
    private readonly InputPort _port;
    private readonly ulong _fingerprint;

    private SpikingNetwork(NetworkCompiler compiled)
    {
        _operations = compiled.Operations;
        _populations = [.. _operations.OfType<Population>()];
        _synapses = [.. _operations.OfType<Synapses>()];
        _input = compiled.Input;
        _inputShape = compiled.Flat.Input.Shape!;
        _port = new InputPort(_input);
        _outputs = [.. compiled.Flat.Outputs.Select(o => new SpikeOutput(o.Name, o.Shape!, compiled.OutputOf(o)))];
        Warnings = compiled.Warnings;
        Dt = compiled.Dt;
        _fingerprint = Fingerprint();
    }

    /// <summary>Gets the length of a step in seconds.</summary>
    public double Dt { get; }

    /// <summary>Gets what was odd about the description and yet could be run, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Gets the shape of the input as the file has it: C,H,W, or one extent.</summary>
    public ReadOnlySpan<int> InputShape => _inputShape;

    /// <summary>Gets how many inputs there are.</summary>
    public int InputElements => _input.Layout.Elements;

    /// <summary>Gets what comes out, one per Output node, by name.</summary>
    public IReadOnlyList<SpikeOutput> Outputs => _outputs;

    /// <summary>Gets the steps since the network was compiled or reset.</summary>
    public long Steps { get; private set; }

    /// <summary>Gets how many inputs were dropped since then because their index was out of range, or their value NaN or infinite.</summary>
    public long DroppedInputs { get; private set; }

    /// <summary>Gets how many layers have counters: neurons, and linear nodes that have sums of their own.</summary>
    public int LayerCount => _populations.Length;

    /// <summary>Compiles a network.</summary>
    /// <param name="graph">The description.</param>
    /// <param name="options">What the description leaves open; null = as it says.</param>
    /// <exception cref="SpikingModelException">It cannot be run; the message says which node, what it holds and which rule that breaks.</exception>
    public static SpikingNetwork Compile(NirGraph graph, SpikingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        try
        {
            return new SpikingNetwork(NetworkCompiler.Compile(graph, options ?? new SpikingOptions()));
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException or InvalidDataException)
        {
            throw new SpikingModelException($"The network is too large or damaged to be run: {e.Message}", e);
        }
    }

    /// <summary>Runs one step on spikes.</summary>
    /// <param name="active">The inputs that spike, H,W,C; in any order. An input named twice counts twice, or once with <see cref="SpikingOptions.BinaryInput"/>.</param>
    public void Step(ReadOnlySpan<int> active)
    {
        DroppedInputs += _port.Set(active, default);
        Run();
    }

    /// <summary>Runs one step on inputs with values.</summary>
    /// <param name="active">The inputs, H,W,C; in any order. Values of an input named twice add up.</param>
    /// <param name="values">Their values, as many. With <see cref="SpikingOptions.BinaryInput"/> everything that is not 0 counts 1.</param>
    /// <exception cref="ArgumentException">There are not as many values as inputs.</exception>
    public void Step(ReadOnlySpan<int> active, ReadOnlySpan<float> values)
    {
        if (values.Length != active.Length) throw new ArgumentException($"There are {active.Length} inputs and {values.Length} values; they must be as many.", nameof(values));
        DroppedInputs += _port.Set(active, values);
        Run();
    }

    /// <summary>Runs one step on the events that a binner has gathered.</summary>
    /// <exception cref="ArgumentException">The binner has another size than the network's input.</exception>
    public void Step(SpikeInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Elements != InputElements) throw new ArgumentException($"The binner has {input.Elements} inputs, the network {InputElements}; make it for the network's size.", nameof(input));
        if (input.IsBinary) Step(input.Active);
        else Step(input.Active, input.Values);
    }

    /// <summary>Runs one step on a value for every input.</summary>
    /// <param name="values">The values, H,W,C.</param>
    /// <exception cref="ArgumentException">There are not as many values as inputs.</exception>
    public void StepDense(ReadOnlySpan<float> values)
    {
        if (values.Length != InputElements) throw new ArgumentException($"There are {values.Length} values, the network has {InputElements} inputs; they must be as many.", nameof(values));
        DroppedInputs += _port.SetDense(values);
        Run();
    }

    /// <summary>Returns to the state before the first step; counters start again too.</summary>
    public void Reset()
    {
        foreach (var operation in _operations) operation.Reset();
        _input.Clear();
        foreach (var output in _outputs) output.Update();
        (Steps, DroppedInputs) = (0, 0);
    }

    /// <summary>Gets what one layer did.</summary>
    /// <param name="layer">Its number, in the order of computation.</param>
    public LayerCounters Counters(int layer)
    {
        var p = _populations[layer];
        long operations = 0, dense = 0, sparse = 0;
        foreach (var s in _synapses)
        {
            if (s.Target != p) continue;
            operations += s.Operations;
            dense += s.DenseSteps;
            sparse += s.SparseSteps;
        }
        return new LayerCounters(p.Name, p.Spec.Type, p.Layout.Elements, p.Spikes, operations, dense, sparse);
    }

    /// <summary>Estimates the energy that all steps so far would take on dedicated hardware; an estimate by published models, never a measurement.</summary>
    public EnergyEstimate EstimateEnergy() => EnergyModel.Estimate(_populations, _synapses, Steps);

    /// <summary>Writes the membranes of a neuron node after this step's reset, as NIR counts them (C,H,W).</summary>
    /// <param name="node">A node named in <see cref="SpikingOptions.Probes"/>.</param>
    /// <param name="target">Room for one per neuron.</param>
    /// <exception cref="ArgumentException">The node is not watched, or the room is too small.</exception>
    public void Membrane(string node, Span<float> target)
    {
        var population = Array.Find(_populations, p => p.Name == node && p.Spec.HasProbe) ?? throw new ArgumentException($"Node '{node}' is not watched; name it in the option Probes.", nameof(node));
        var layout = population.Layout;
        if (target.Length < layout.Elements) throw new ArgumentException($"There is room for {target.Length} membranes, '{node}' has {layout.Elements}.", nameof(target));
        for (int e = 0; e < layout.Elements; e++) target[e] = population.Probe[layout.Place(e)];
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(StateVersion);
        state.Write(_fingerprint);
        state.Write(Steps);
        state.Write(DroppedInputs);
        foreach (var operation in _operations) operation.Freeze(ref state);
    }

    /// <inheritdoc/>
    /// <remarks>What <see cref="Outputs"/> show is thawed too; what <see cref="Membrane"/> shows comes with the next step.</remarks>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "Spiking network");
        reader.Expect(StateVersion, "version");
        ulong fingerprint = reader.Read<ulong>();
        if (fingerprint != _fingerprint) throw new InvalidDataException($"Spiking network: frozen state is of network {fingerprint:x16}, this one is {_fingerprint:x16}; thaw it with the file and options it was frozen with.");
        (Steps, DroppedInputs) = (reader.Read<long>(), reader.Read<long>());
        reader.Require(Steps >= 0 && DroppedInputs >= 0, "counters");
        foreach (var operation in _operations) operation.Thaw(ref reader);
        reader.End();
        foreach (var output in _outputs) output.Update();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Steps);
        foreach (var operation in _operations) operation.AddTo(ref hasher);
    }

    private void Run()
    {
        foreach (var operation in _operations) operation.Run();
        foreach (var output in _outputs) output.Update();
        Steps++;
    }

    // Names, sizes and kinds of all operations: enough to tell that a state is another network's.
    private ulong Fingerprint()
    {
        var hasher = new StateHasher(StateVersion);
        foreach (var operation in _operations)
        {
            hasher.Add(RandomStream.Fnv1a(operation.GetType().Name));
            if (operation is not Population p) continue;
            hasher.Add(RandomStream.Fnv1a(p.Name));
            hasher.Add(p.Layout.Count);
            hasher.Add((int)p.Spec.Model << 16 | (int)p.Spec.Reset << 8 | (int)p.Spec.Output);
        }
        return hasher.Value;
    }
}
