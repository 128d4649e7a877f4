using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>The semantics of a network, written out node by node and number by number in float32: slow, literal, without any of the engine's code.</summary>
/// <remarks>
/// Signals are C,H,W; sums over a source run in its H,W,C order. With folding, a linear node whose only consumer is a neuron adds w·gain straight into
/// the neuron (spiking-networks.md §2); without, every node is computed on its own.
/// </remarks>
internal sealed partial class ReferenceNetwork
{
    private readonly NetSketch _sketch;
    private readonly SpikingOptions _options;
    private readonly Dictionary<string, int[]> _shape = [];
    private readonly Dictionary<string, (int C, int S)> _image = [];
    private readonly Dictionary<string, float[]> _value = [], _before = [], _v = [], _current = [], _pending = [];
    private readonly Dictionary<string, List<float[]>> _past = [];
    private readonly Dictionary<string, float[,]> _weights = [];
    private readonly Dictionary<string, bool> _fused = [];
    private readonly Dictionary<string, string[]> _inputs = [];
    private readonly Dictionary<(string, string), double[]> _numbers = [];
    private readonly Dictionary<string, NirNode> _nodes = [];
    private readonly Dictionary<string, byte[]?> _delays = [];
    private readonly Dictionary<string, double[]?> _biases = [];
    private readonly Dictionary<(string, string), (int I, double W)[][]> _taps = [];

    public ReferenceNetwork(NetSketch sketch, SpikingOptions options)
    {
        (_sketch, _options) = (sketch, options);
        foreach (var node in sketch.Nodes) _nodes[node.Name] = node;
        foreach (var node in sketch.Nodes) Describe(node);
    }

    public float[] this[string node] => _value[node];

    public float[] Membrane(string node) => _v[node];

    public (int Channels, int Sites) Image(string node) => _image[node];

    public int[] Shape(string node) => _shape[node];

    /// <summary>Computes one step.</summary>
    /// <param name="input">Values, C,H,W.</param>
    public void Step(float[] input)
    {
        foreach (var node in _sketch.Nodes) _before[node.Name] = _value.TryGetValue(node.Name, out var v) ? v : new float[Count(node.Name)];
        foreach (var node in _sketch.Nodes)
        {
            if (node.Type == NirNodeType.Input) _value[node.Name] = input;
            else if (!IsFused(node) && !(node.Type == NirNodeType.Flatten && IsFused(Node(Inputs(node.Name).First())))) _value[node.Name] = Compute(node);
        }
        foreach (var node in _sketch.Nodes)
        {
            if (!_past.TryGetValue(node.Name, out var past)) _past[node.Name] = past = [];
            if (_value.TryGetValue(node.Name, out var v)) past.Add(v);
        }
    }

    private int Count(string node) => _shape[node].Aggregate(1, (a, b) => a * b);

    private string[] Inputs(string node) => _inputs.TryGetValue(node, out var known) ? known : _inputs[node] = [.. _sketch.Edges.Where(e => e.To == node).Select(e => e.From).Distinct().Order(StringComparer.Ordinal)];

    private NirNode Node(string name) => _nodes[name];

    private float[] SignalInto(string node, string from) => _sketch.Delayed.Contains(new NirEdge(from, node)) ? _before[from] : _value[from];

    private static bool IsNeuron(NirNode n) => n.Type is NirNodeType.I or NirNodeType.IF or NirNodeType.LI or NirNodeType.LIF or NirNodeType.CubaLI or NirNodeType.CubaLIF;

    private static bool IsMax(NirNode n) => n.Metadata["edge_pool"] is not null;

    private static bool IsLinear(NirNode n) => !IsMax(n) && n.Type is NirNodeType.Linear or NirNodeType.Affine or NirNodeType.Conv1d or NirNodeType.Conv2d or NirNodeType.SumPool2d or NirNodeType.AvgPool2d or NirNodeType.Scale;

    private bool IsFused(NirNode n) => _fused.TryGetValue(n.Name, out bool known) ? known : _fused[n.Name] = FindFused(n);

    private bool FindFused(NirNode n)
    {
        if (!_options.Fold || !IsLinear(n) || IsMax(n)) return false;
        var next = _sketch.Edges.Where(e => e.From == n.Name).ToList();
        while (next.Count == 1 && Node(next[0].To).Type == NirNodeType.Flatten) next = [.. _sketch.Edges.Where(e => e.From == next[0].To)];
        if (next.Count != 1) return false;
        var to = Node(next[0].To);
        if (!IsNeuron(to) && to.Type != NirNodeType.Threshold && !(to.Type == NirNodeType.Scale && IsFused(to))) return false;
        // Weights that all sites share cannot take up gains that differ from site to site.
        if (n.Type is NirNodeType.Linear or NirNodeType.Affine or NirNodeType.Scale || !IsNeuron(to)) return true;
        int elements = Count(to.Name), sites = _image[n.Name].S;
        return Enumerable.Range(0, elements).All(e => GainOf(to, e) == GainOf(to, e / sites * sites));
    }

    private double GainOf(NirNode node, int e)
    {
        double r = Number(node, "r", e);
        return node.Type switch
        {
            NirNodeType.I or NirNodeType.IF => _sketch.Dt * r,
            NirNodeType.CubaLI or NirNodeType.CubaLIF => Decay(node, Number(node, "tau_syn", e)).Gain * Number(node, "w_in", e, 1),
            _ => Decay(node, Number(node, "tau", e)).Gain * r,
        };
    }

    private float[] Compute(NirNode node)
    {
        int n = Count(node.Name);
        if (IsNeuron(node) || node.Type == NirNodeType.Threshold) return Neuron(node);
        var y = new float[n];
        if (IsMax(node)) return MaxPool(node);
        if (node.Type == NirNodeType.Delay)
        {
            string from = Inputs(node.Name).Single();
            double[] delay = node.Required("delay").ToDouble();
            for (int i = 0; i < n; i++)
            {
                int steps = (int)Math.Floor(delay[i] / _sketch.Dt + 0.5);
                if (steps == 0) y[i] = SignalInto(node.Name, from)[i];
                else if (_past.TryGetValue(from, out var past) && past.Count >= steps) y[i] = past[^steps][i];
            }
            return y;
        }
        if (IsLinear(node))
        {
            double[]? bias = Bias(node);
            for (int o = 0; o < n; o++)
            {
                float sum = bias is null ? 0 : (float)bias[o];
                foreach (string from in Inputs(node.Name)) sum = Add(sum, node, from, o, 1);
                y[o] = sum;
            }
            return y;
        }
        var inputs = Inputs(node.Name);
        if (inputs.Length == 1) return SignalInto(node.Name, inputs[0]);
        foreach (string from in inputs)
        {
            for (int i = 0; i < n; i++) y[i] += SignalInto(node.Name, from)[i];
        }
        return y;
    }

    // Adds to a sum what one source sends through a linear node to output o, every weight times a gain in float64.
    private float Add(float sum, NirNode node, string from, int o, double gain)
    {
        float[] x = SignalInto(node.Name, from);
        if (node.Type == NirNodeType.Scale) return sum + x[o] * (float)(Number(node, "scale", o) * gain);
        if (!_taps.TryGetValue((node.Name, from), out var taps)) _taps[(node.Name, from)] = taps = Taps(node, from);
        if (!_delays.TryGetValue(node.Name, out byte[]? delays)) _delays[node.Name] = delays = node.Metadata["edge_delays"] is NirArray d ? d.Bytes.ToArray() : null;
        if (delays is null)
        {
            foreach (var (i, w) in taps[o])
            {
                if (x[i] != 0) sum += (float)(w * gain) * x[i];
            }
            return sum;
        }
        bool isDelayed = _sketch.Delayed.Contains(new NirEdge(from, node.Name));
        foreach (var (i, w) in taps[o])
        {
            int delay = delays[o * x.Length + i];
            float value = x[i];
            if (delay > 0)
            {
                // A source of the step before is one step older than the list of the past says.
                int back = delay + (isDelayed ? 1 : 0);
                value = _past.TryGetValue(from, out var past) && past.Count >= back ? past[^back][i] : 0;
            }
            sum += (float)(w * gain) * value;
        }
        return sum;
    }

    // What all inputs of a neuron add to a sum for element e.
    private float Gather(float sum, string at, int e, double gain)
    {
        foreach (string from in Inputs(at))
        {
            var node = Node(from);
            if (_sketch.Delayed.Contains(new NirEdge(from, at))) sum += _before[from][e] * (float)gain;
            else if (node.Type == NirNodeType.Flatten) sum = Gather(sum, from, e, gain);
            else if (!IsFused(node)) sum += _value[from][e] * (float)gain;
            else if (node.Type == NirNodeType.Scale) sum = Gather(sum, from, e, gain * Number(node, "scale", e));
            else
            {
                foreach (string before in Inputs(from)) sum = Add(sum, node, before, e, gain);
            }
        }
        return sum;
    }

    private double Biases(string at, int e, double gain)
    {
        double sum = 0;
        foreach (string from in Inputs(at))
        {
            var node = Node(from);
            if (_sketch.Delayed.Contains(new NirEdge(from, at))) continue;
            if (node.Type == NirNodeType.Flatten) sum += Biases(from, e, gain);
            else if (IsFused(node))
            {
                if (node.Type == NirNodeType.Scale) sum += Biases(from, e, gain * Number(node, "scale", e));
                else if (Bias(node) is { } bias) sum += gain * bias[e];
            }
        }
        return sum;
    }

    private float[] Neuron(NirNode node)
    {
        int n = Count(node.Name);
        var y = new float[n];
        if (node.Type == NirNodeType.Threshold)
        {
            for (int e = 0; e < n; e++) y[e] = Gather((float)Biases(node.Name, e, 1), node.Name, e, 1) > (float)Number(node, "threshold", e) ? 1 : 0;
            return y;
        }
        if (!_v.TryGetValue(node.Name, out var v))
        {
            _v[node.Name] = v = new float[n];
            _current[node.Name] = new float[n];
            _pending[node.Name] = new float[n];
        }
        for (int e = 0; e < n; e++) y[e] = NeuronStep(node, e, ref v[e], ref _current[node.Name][e], ref _pending[node.Name][e]);
        return y;
    }

    private float NeuronStep(NirNode node, int e, ref float v, ref float current, ref float pending)
    {
        bool cuba = node.Type is NirNodeType.CubaLI or NirNodeType.CubaLIF, old = _options.Current == SynapticCurrent.Old;
        double a = 1, b = 0, g, aI = 0, gI = 0, r = Number(node, "r", e);
        if (node.Type is NirNodeType.I or NirNodeType.IF) g = _sketch.Dt * r;
        else
        {
            (a, g) = Decay(node, Number(node, cuba ? "tau_mem" : "tau", e));
            (b, g) = (g * Number(node, "v_leak", e), g * r);
        }
        if (cuba)
        {
            (aI, gI) = Decay(node, Number(node, "tau_syn", e));
            gI *= Number(node, "w_in", e, 1);
        }
        float fa = (float)a, fg = (float)g, faI = (float)aI;
        if (_options.Fold && !cuba) v = Gather(v * fa + (float)(b + Biases(node.Name, e, g)), node.Name, e, g);
        else if (_options.Fold)
        {
            float before = current;
            current = Gather(current * faI + (float)Biases(node.Name, e, gI), node.Name, e, gI);
            v = v * fa + (float)b + fg * (old ? before : current);
        }
        else
        {
            float x = Gather(0, node.Name, e, 1);
            if (!cuba) v = v * fa + (float)b + fg * x;
            else
            {
                float before = current;
                current = current * faI + (float)gI * x;
                v = v * fa + (float)b + fg * (old ? before : current);
            }
        }
        if (node.Type is NirNodeType.I or NirNodeType.LI or NirNodeType.CubaLI) return v;

        float theta = (float)Number(node, "v_threshold", e);
        var reset = _options.Reset ?? SpikeReset.Value;
        bool atOrAbove = _options.Compare == SpikeComparison.AtOrAbove;
        if (reset is SpikeReset.SubtractPending or SpikeReset.SubtractDelayed) v -= pending;
        if (_options.MinPotential is { } floor && v < (float)floor) v = (float)floor;
        float levels = node.Metadata["edge_levels"] is NirArray l ? (float)l.ToDouble()[0] : 1, s;
        if (levels > 1) s = MathF.Floor(Math.Clamp(v / theta, 0, levels) + 0.5f);
        else if (_options.MultiSpike) s = Math.Max(0, MathF.Floor(v / theta));
        else s = (atOrAbove ? v >= theta : v > theta) ? 1 : 0;
        switch (reset)
        {
            case SpikeReset.Value:
                if (s > 0) v = (float)Number(node, "v_reset", e, 0);
                break;
            case SpikeReset.Zero:
                if (s > 0) v = 0;
                break;
            case SpikeReset.Subtract:
                v -= s * theta;
                break;
            case SpikeReset.SubtractDelayed:
                pending = s * theta;
                break;
            default:
                v -= s * theta - pending;
                pending = (atOrAbove ? v >= theta : v > theta) ? theta : 0;
                break;
        }
        return s;
    }

    private (double Keep, double Gain) Decay(NirNode node, double tau)
    {
        double x = _sketch.Dt / tau;
        return (_options.Discretisation ?? SpikeDiscretisation.Euler) == SpikeDiscretisation.Euler ? (1 - x, x) : (DeterministicMath.Exp(-x), -DeterministicMath.Expm1(-x));
    }

    private double Number(NirNode node, string name, int e, double? absent = null)
    {
        if (!_numbers.TryGetValue((node.Name, name), out var all))
        {
            if (node.Array(name) is not { } a) return absent ?? throw new InvalidOperationException($"{node.Name} lacks {name}");
            _numbers[(node.Name, name)] = all = a.ToDouble();
        }
        return all[all.Length == 1 ? 0 : e];
    }

    private double[]? Bias(NirNode node)
    {
        if (_biases.TryGetValue(node.Name, out double[]? known)) return known;
        if (node.Array("bias") is not { } a) return _biases[node.Name] = null;
        double[] bias = a.ToDouble();
        int n = Count(node.Name);
        return _biases[node.Name] = [.. Enumerable.Range(0, n).Select(e => bias[e / (n / bias.Length)])];
    }

    private void Describe(NirNode node)
    {
        string name = node.Name;
        int[] Of(string n) => _shape[n];
        string? from = Inputs(name).FirstOrDefault(i => _shape.ContainsKey(i) && !_sketch.Delayed.Contains(new NirEdge(i, name))) ?? Inputs(name).FirstOrDefault(_shape.ContainsKey);
        if (node.Type == NirNodeType.Input) _shape[name] = node.Required("shape").ToInt32();
        else if (node.Type is NirNodeType.Linear or NirNodeType.Affine) _shape[name] = [node.Required("weight").Shape[0]];
        else if (from is null) _shape[name] = node.Required("r").Shape.ToArray();
        else if (node.Type == NirNodeType.Flatten) _shape[name] = [Of(from).Aggregate(1, (a, b) => a * b)];
        else if (node.Type is NirNodeType.Conv1d or NirNodeType.Conv2d or NirNodeType.SumPool2d or NirNodeType.AvgPool2d)
        {
            int[] shape = Of(from);
            var (k, s, p, d) = Window(node);
            int channels = node.Array("weight") is { } w ? w.Shape[0] : shape[0];
            bool same = node.Parameters["padding"] is NirText { Text: "same" };
            int Out(int axis, int n) => same ? n : (n + 2 * p[axis] - d[axis] * (k[axis] - 1) - 1) / s[axis] + 1;
            _shape[name] = shape.Length == 2 ? [channels, Out(1, shape[1])] : [channels, Out(0, shape[1]), Out(1, shape[2])];
        }
        else _shape[name] = Of(from);
        bool keeps = from is not null && !(node.Type is NirNodeType.Linear or NirNodeType.Affine or NirNodeType.Conv1d or NirNodeType.Conv2d or NirNodeType.SumPool2d or NirNodeType.AvgPool2d);
        int[] sh = _shape[name];
        int n = sh.Aggregate(1, (a, b) => a * b);
        _image[name] = keeps ? _image[from!] : sh.Length == 1 ? (n, 1) : (sh[0], n / sh[0]);
    }
}
