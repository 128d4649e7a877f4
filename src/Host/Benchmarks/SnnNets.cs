using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The networks that <c>edge bench snn</c> times: random weights, with a gain per layer that gives the firing rates asked for.</summary>
/// <remarks>Sizes, neurons and rates are those of the reference measurements (spiking-networks.md §6), so the figures can be set beside them. The same seed gives the same
/// network and the same input.</remarks>
internal sealed class SnnNets
{
    private const int Rounds = 14; // of bisection: a rate is then met within a fraction of a percent

    private readonly List<float[]> _weights = [];
    private readonly List<byte[]> _delays = [];
    private readonly int[] _sizes;
    private readonly bool _isConv;

    private SnnNets(int[] sizes, bool isConv, int delays, ulong seed)
    {
        (_sizes, _isConv) = (sizes, isConv);
        var random = new RandomStream(seed);
        for (int l = 1; l < sizes.Length; l++)
        {
            var w = new float[sizes[l] * sizes[l - 1] * (isConv ? 9 : 1)];
            for (int i = 0; i < w.Length; i++) w[i] = (float)random.NextGaussian();
            _weights.Add(w);
            if (delays > 0) _delays.Add([.. Enumerable.Range(0, w.Length).Select(_ => (byte)random.NextInt32(delays))]);
        }
    }

    /// <summary>Gets the factor on the weights of each layer.</summary>
    public double[] Gains { get; private set; } = [];

    /// <summary>Makes a net of linear layers whose hidden neurons fire at given rates.</summary>
    public static SnnNets Mlp(int[] sizes, double[] rates, int delays, int[][] input, ulong seed) => new SnnNets(sizes, false, delays, seed).Tune(rates, input);

    /// <summary>Makes a net of 3×3 convolutions of stride 2 on 128×128 pixels.</summary>
    public static SnnNets Conv(int[] channels, double[] rates, int[][] input, ulong seed) => new SnnNets(channels, true, 0, seed).Tune(rates, input);

    /// <summary>Makes random input: each step the indices of the inputs that spike, ascending.</summary>
    public static int[][] Input(int elements, double rate, int steps, ulong seed)
    {
        var random = new RandomStream(seed);
        var all = new int[steps][];
        for (int t = 0; t < steps; t++) all[t] = [.. Enumerable.Range(0, elements).Where(_ => random.NextDouble() < rate)];
        return all;
    }

    /// <summary>Gives the description; tau 2, input not scaled, reset to 0 and spikes at the threshold, as SpikingJelly has it.</summary>
    public NirGraph Graph(int layers = int.MaxValue)
    {
        layers = Math.Min(layers, _weights.Count);
        int side = 128;
        var nodes = new List<NirNode> { Node("input", NirNodeType.Input, ("shape", _isConv ? NirArray.Vector(_sizes[0], side, side) : NirArray.Vector(_sizes[0]))) };
        var edges = new List<NirEdge>();
        string last = "input";
        for (int l = 0; l < layers; l++)
        {
            int n = _sizes[l + 1];
            double gain = l < Gains.Length ? Gains[l] : 0.05;
            float[] w = [.. _weights[l].Select(v => (float)(v * gain))];
            if (_isConv)
            {
                side /= 2;
                nodes.Add(Node($"fc{l}", NirNodeType.Conv2d, ("weight", NirArray.Of(w, n, _sizes[l], 3, 3)), ("stride", NirArray.Vector(2, 2)), ("padding", NirArray.Vector(1, 1)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L))));
            }
            else if (_delays.Count == 0) nodes.Add(Node($"fc{l}", NirNodeType.Linear, ("weight", NirArray.Of(w, n, _sizes[l]))));
            else
            {
                var delays = new NirGroup(new Dictionary<string, NirValue> { ["edge_delays"] = NirArray.Of(_delays[l], n, _sizes[l]) });
                nodes.Add(new NirNode($"fc{l}", NirNodeType.Linear, new NirGroup(new Dictionary<string, NirValue> { ["weight"] = NirArray.Of(w, n, _sizes[l]) }), delays));
            }
            int elements = _isConv ? n * side * side : n;
            nodes.Add(Node($"lif{l}", NirNodeType.LIF, ("tau", Many(elements, 2)), ("r", Many(elements, 2)), ("v_leak", Many(elements, 0)), ("v_threshold", Many(elements, 1)), ("v_reset", Many(elements, 0))));
            edges.Add(new NirEdge(last, $"fc{l}"));
            edges.Add(new NirEdge($"fc{l}", $"lif{l}"));
            last = $"lif{l}";
        }
        nodes.Add(Node("output", NirNodeType.Output));
        edges.Add(new NirEdge(last, "output"));
        return new NirGraph(nodes, edges);

        NirArray Many(int count, float value)
        {
            var all = new float[count];
            Array.Fill(all, value);
            return _isConv ? NirArray.Of(all, count / (side * side), side, side) : NirArray.Of(all, count);
        }
    }

    /// <summary>Compiles it.</summary>
    public SpikingNetwork Compile(SpikingOptions? options = null, int layers = int.MaxValue) =>
        SpikingNetwork.Compile(Graph(layers), (options ?? new SpikingOptions()) with { Dt = 1, Compare = SpikeComparison.AtOrAbove, BinaryInput = true });

    /// <summary>Returns the share of neuron steps with a spike, of one layer.</summary>
    public static double Rate(SpikingNetwork network, int layer)
    {
        var c = network.Counters(layer);
        return (double)c.Spikes / ((double)c.Neurons * network.Steps);
    }

    private static NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] parameters) =>
        new(name, type, new NirGroup(parameters.ToDictionary(p => p.Name, p => p.Value)));

    private SnnNets Tune(double[] rates, int[][] input)
    {
        for (int l = 0; l < rates.Length; l++)
        {
            double low = 1e-3, high = 8;
            for (int round = 0; round < Rounds; round++)
            {
                double middle = Math.Sqrt(low * high);
                Gains = [.. Gains.Take(l), middle];
                var network = Compile(layers: l + 1);
                foreach (int[] step in input) network.Step(step);
                if (Rate(network, l) < rates[l]) low = middle;
                else high = middle;
            }
        }
        return this;
    }
}
