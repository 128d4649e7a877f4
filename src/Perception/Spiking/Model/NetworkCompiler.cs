namespace EdgeAutonomy.Perception;

/// <summary>Turns a graph into the operations of one step.</summary>
internal sealed class NetworkCompiler
{
    private readonly NirGraph _graph;
    private readonly SpikingOptions _options;
    private readonly Kernels _kernels;
    private readonly List<Latch> _latches = [];
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<FlatNode, Signal> _signals = [];
    private readonly Dictionary<FlatNode, Latch> _latchOf = [];
    private readonly Dictionary<FlatNode, NeuronChoices> _choices = [];
    private readonly SynapseCompiler _synapses;

    private NetworkCompiler(NirGraph graph, SpikingOptions options, List<string> warnings)
    {
        (_graph, _options, Warnings) = (graph, options, warnings);
        _kernels = Kernels.For(options.Simd);
        Flat = FlatGraph.Of(graph, warnings);
        Order = GraphOrder.Of(Flat);
        ShapeInference.Run(Flat, Order);
        Dt = TimeStep.Of(Flat, graph, options);
        foreach (var node in Order.Where(n => n.IsNeuron))
        {
            _choices[node] = NeuronChoices.Of(node, graph, options);
            node.Neuron = NeuronConstants.Of(node, Dt, _choices[node].Discretisation, warnings);
        }
        FoldPlan.LayOut(Order);
        _synapses = new SynapseCompiler(options, _kernels, Dt, warnings);
    }

    internal FlatGraph Flat { get; }

    internal List<FlatNode> Order { get; }

    internal List<string> Warnings { get; }

    internal double Dt { get; }

    internal Kernels Kernels => _kernels;

    internal Signal Input => _signals[Flat.Input];

    /// <summary>Gets all operations: first those that keep the step before.</summary>
    internal Operation[] Operations => [.. _latches, .. _operations];

    internal Signal OutputOf(FlatNode node) => SignalOf(node);

    /// <summary>Compiles a graph.</summary>
    /// <exception cref="SpikingModelException">It cannot be run.</exception>
    internal static NetworkCompiler Compile(NirGraph graph, SpikingOptions options)
    {
        if (options.MinPotential is { } floor && !double.IsFinite(floor)) throw new SpikingModelException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Option MinPotential is {floor}; it must be finite."));
        var compiler = new NetworkCompiler(graph, options, []);
        foreach (string probe in options.Probes)
        {
            if (compiler.Order.Find(n => n.Name == probe) is not { IsNeuron: true }) throw new SpikingModelException(probe, $"Option Probes names '{probe}'; the neurons are {string.Join(", ", compiler.Order.Where(n => n.IsNeuron).Select(n => n.Name))}.");
        }
        foreach (var node in compiler.Order) compiler.Add(node);
        foreach (var (node, latch) in compiler._latchOf) latch.Attach(compiler.SignalOf(node));
        return compiler;
    }

    private void Add(FlatNode node)
    {
        if (node.Type == NirNodeType.Input && !node.IsInner) _signals[node] = new Signal(node.Layout, _options.BinaryInput ? SignalKind.Binary : SignalKind.Real, _kernels);
        else if (node.Type == NirNodeType.Delay) AddDelay(node);
        else if (node.IsMaxPool) AddMaxPool(node);
        else if (node.IsIdentity)
        {
            if (node.Inputs.Count > 1) _signals[node] = Sum(node, node.Layout.Padded);
        }
        else if (Target(node) is null) AddPopulation(node);
    }

    // Null where a linear node has sums of its own.
    private (FlatNode Neuron, double[] Factor)? Target(FlatNode node) => _options.Fold ? FoldPlan.TargetOf(node) : null;

    private void AddPopulation(FlatNode node)
    {
        var population = new Population(Spec(node), _kernels);
        if (node.IsLinear)
        {
            foreach (var input in node.Inputs) _operations.Add(_synapses.Create(node, ImageInto(node, input), population, FoldPlan.Gain(node), node.Inputs.Count == 1));
        }
        else
        {
            double[] gain = _options.Fold ? FoldPlan.Gain(node) : Ones(node.Elements);
            foreach (var input in node.Inputs) Connect(population, node, input, gain, true);
        }
        _operations.Add(population);
        _signals[node] = population.Output;
    }

    // Brings what one input sends into a population: through linear nodes that have no sums of their own, or element by element.
    private void Connect(Population population, FlatNode at, FlatNode input, double[] factor, bool isOnly)
    {
        isOnly &= at.Inputs.Count == 1;
        if (at.Delayed.Contains(input)) _operations.Add(SynapseCompiler.Direct(SignalInto(at, input), population, factor));
        else if (input.IsIdentity && input.Inputs.Count == 1) Connect(population, input, input.Inputs[0], factor, isOnly);
        else if (Target(input) is null) _operations.Add(SynapseCompiler.Direct(SignalOf(input), population, factor));
        else if (input.Type == NirNodeType.Scale)
        {
            double[] scale = Parameters.PerElement(input, "scale", input.Shape!);
            double[] both = [.. factor.Select((f, i) => f * scale[i])];
            foreach (var before in input.Inputs) Connect(population, input, before, both, isOnly);
        }
        else
        {
            foreach (var before in input.Inputs) _operations.Add(_synapses.Create(input, ImageInto(input, before), population, factor, isOnly && input.Inputs.Count == 1));
        }
    }

    // The biases of the linear nodes that add straight into a neuron, times what multiplies them.
    private void AddBiases(FlatNode at, double[] factor, double[] sum)
    {
        foreach (var each in at.Inputs)
        {
            var input = each;
            if (at.Delayed.Contains(input)) continue;
            if (input.IsIdentity && input.Inputs.Count == 1) AddBiases(input, factor, sum);
            else if (Target(input) is not null)
            {
                if (SynapseCompiler.Bias(input) is { } bias)
                {
                    for (int i = 0; i < sum.Length; i++) sum[i] += factor[i] * bias[i];
                }
                if (input.Type == NirNodeType.Scale)
                {
                    double[] scale = Parameters.PerElement(input, "scale", input.Shape!);
                    AddBiases(input, [.. factor.Select((f, i) => f * scale[i])], sum);
                }
            }
        }
    }

    private PopulationSpec Spec(FlatNode node)
    {
        int n = node.Elements;
        var c = new PopulationCoefficients(n);
        var bias = new double[n];
        if (node.IsLinear) bias = SynapseCompiler.Bias(node) ?? bias;
        else if (_options.Fold && !node.IsIdentity) AddBiases(node, FoldPlan.Gain(node), bias);
        if (node.Type == NirNodeType.Threshold)
        {
            double[] threshold = Parameters.PerElement(node, "threshold", node.Inputs[0].Shape!);
            for (int i = 0; i < n; i++) (c.B[i], c.Bar[i]) = ((float)bias[i], (float)threshold[i]);
            return new PopulationSpec(node.Name, node.Type, node.Layout.Padded, node.Shape!) { Output = FireOutput.Spike, Coefficients = c };
        }
        if (node.Neuron is not { } neuron)
        {
            for (int i = 0; i < n; i++) c.B[i] = (float)bias[i];
            return new PopulationSpec(node.Name, node.Type, node.Layout.Padded, node.Shape!) { Coefficients = c };
        }
        var choices = _choices[node];
        for (int i = 0; i < n; i++)
        {
            bool isCuba = neuron.CurrentA is not null;
            (c.A[i], c.G[i]) = ((float)neuron.A[i], (float)neuron.G[i]);
            c.B[i] = (float)(neuron.B[i] + (isCuba ? 0 : bias[i]));
            if (isCuba) (c.CurrentA[i], c.CurrentB[i], c.CurrentG[i]) = ((float)neuron.CurrentA![i], (float)bias[i], (float)neuron.CurrentG![i]);
            if (neuron.Threshold is null) continue;
            float theta = (float)neuron.Threshold[i];
            c.Theta[i] = theta;
            // v ≥ θ is v > the float below θ, so that one comparison serves both.
            c.Bar[i] = choices.Compare == SpikeComparison.AtOrAbove ? MathF.BitDecrement(theta) : theta;
            c.Target[i] = choices.Reset == SpikeReset.Value ? (float)neuron.ResetTo![i] : 0;
            if (choices.Output(node, _options) != FireOutput.Spike && !(theta > 0)) throw node.Error($"has v_threshold[{i}] = {theta}; spikes that count more than one need a positive threshold.");
        }
        return new PopulationSpec(node.Name, node.Type, node.Layout.Padded, node.Shape!)
        {
            Model = Model(neuron.CurrentA is not null),
            Reset = !node.Spikes ? FireReset.None : choices.Reset switch
            {
                SpikeReset.Subtract => FireReset.Subtract,
                SpikeReset.SubtractPending => FireReset.Pending,
                SpikeReset.SubtractDelayed => FireReset.Delayed,
                _ => FireReset.Target,
            },
            Output = choices.Output(node, _options),
            Coefficients = c,
            Levels = choices.Levels,
            Floor = node.Spikes && _options.MinPotential is { } floor ? (float)floor : float.NegativeInfinity,
            HasProbe = _options.Probes.Contains(node.Name),
        };
    }

    private FireModel Model(bool isCuba)
    {
        bool old = _options.Current == SynapticCurrent.Old;
        if (_options.Fold) return !isCuba ? FireModel.Direct : old ? FireModel.OldCurrent : FireModel.Current;
        return !isCuba ? FireModel.Literal : old ? FireModel.LiteralOldCurrent : FireModel.LiteralCurrent;
    }

    private Signal Sum(FlatNode node, SignalLayout layout)
    {
        var spec = new PopulationSpec(node.Name, node.Type, layout, node.Inputs[0].Shape!) { Coefficients = new PopulationCoefficients(layout.Elements) };
        var population = new Population(spec, _kernels);
        foreach (var input in node.Inputs) _operations.Add(SynapseCompiler.Direct(SignalInto(node, input), population, Ones(layout.Elements)));
        _operations.Add(population);
        return population.Output;
    }

    // The one signal that enters a node; where several do, their sum.
    private Signal Single(FlatNode node) => node.Inputs.Count == 1 ? SignalInto(node, node.Inputs[0]) : Sum(node, SignalLayout.Packed(node.Inputs[0].Shape).Padded);

    // What enters a node that needs an image: a signal that was a vector before lies in memory as one, and is laid out anew.
    private Signal ImageInto(FlatNode node, FlatNode input)
    {
        var signal = SignalInto(node, input);
        if (node.IsDense || node.Type == NirNodeType.Scale) return signal;
        return Image(node, signal, input.Shape!);
    }

    private Signal Image(FlatNode node, Signal signal, int[] shape)
    {
        var image = SignalLayout.Packed(shape).Padded;
        if (image.Channels == signal.Layout.Channels) return signal;
        var population = new Population(new PopulationSpec(node.Name, node.Type, image, shape) { Coefficients = new PopulationCoefficients(image.Elements) }, _kernels);
        _operations.Add(SynapseCompiler.Direct(signal, population, Ones(image.Elements)));
        _operations.Add(population);
        return population.Output;
    }

    private void AddDelay(FlatNode node)
    {
        const int LongestDelay = 1 << 16;
        var source = Single(node);
        double[] seconds = Parameters.PerElement(node, "delay", node.Inputs[0].Shape!);
        var steps = new int[source.Layout.Count];
        for (int i = 0; i < seconds.Length; i++)
        {
            double d = Math.Floor(seconds[i] / Dt + 0.5);
            if (!(d >= 0) || d > LongestDelay) throw node.Error(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"has delay[{i}] = {seconds[i]} s, {d} steps of {Dt} s; it must be in [0, {LongestDelay}] steps."));
            steps[source.Layout.Place(i)] = (int)d;
        }
        if ((long)(steps.Max() + 1) * source.Layout.Count > Parameters.MostWeights / 4) throw node.Error($"would need {(long)(steps.Max() + 1) * source.Layout.Count} numbers to remember; choose a larger dt or shorter delays.");
        var line = new DelayLine(source, steps, _kernels);
        _operations.Add(line);
        _signals[node] = line.Output;
    }

    private void AddMaxPool(FlatNode node)
    {
        var source = Image(node, Single(node), node.Inputs[0].Shape!);
        var shape = ConvShape.Of(node, node.Inputs[0].Shape!);
        var output = SignalLayout.Packed(node.Shape).Padded;
        var pool = new MaxPool(source, output, new ConvGeometry(shape.Window, shape.Height, shape.Width, source.Layout, shape.OutHeight, shape.OutWidth, output, 1, 0), _kernels);
        _operations.Add(pool);
        _signals[node] = pool.Output;
    }

    private Signal SignalInto(FlatNode node, FlatNode input)
    {
        if (!node.Delayed.Contains(input)) return SignalOf(input);
        if (_latchOf.TryGetValue(input, out var latch)) return latch.Output;
        var kind = _choices[input].Output(input, _options) switch { FireOutput.Spike => SignalKind.Binary, FireOutput.Value => SignalKind.Real, _ => SignalKind.Counts };
        latch = new Latch(input.Layout, kind, _kernels);
        _latchOf[input] = latch;
        _latches.Add(latch);
        return latch.Output;
    }

    private Signal SignalOf(FlatNode node)
    {
        while (node.IsIdentity && node.Inputs.Count == 1)
        {
            if (node.Delayed.Contains(node.Inputs[0])) return SignalInto(node, node.Inputs[0]);
            node = node.Inputs[0];
        }
        return _signals[node];
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
