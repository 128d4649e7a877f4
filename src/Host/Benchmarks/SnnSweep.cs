using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Host;

/// <summary>Times single layers over all shares of active inputs: always dense, always sparse, and as the engine chooses.</summary>
internal static class SnnSweep
{
    /// <summary>The shares of active inputs.</summary>
    public static readonly double[] Shares = [0.001, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 1];

    /// <summary>The layer that is drawn.</summary>
    public const string Typical = "conv 16-32 k3 s2 on 64x64";

    // In the place of a stride: weights of one bit, and neurons that remember nothing.
    private const int Signs = -1;

    private const int Steps = 8, Rounds = 5;

    private static readonly (string Name, int[] Input, int Outputs, int Stride, int Groups)[] Layers =
    [
        ("conv 2-16 k3 s2 on 128x128", [2, 128, 128], 16, 2, 1),
        (Typical, [16, 64, 64], 32, 2, 1),
        ("conv 32-64 k3 s2 on 32x32", [32, 32, 32], 64, 2, 1),
        ("conv 16-16 k3 s1 on 16x16", [16, 16, 16], 16, 1, 1),
        ("conv 64-64 k3 s1 on 16x16", [64, 16, 16], 64, 1, 1),
        ("depth-wise 32 k3 s1 on 32x32", [32, 32, 32], 32, 1, 32),
        ("depth-wise 16-32 k3 s2 on 64x64", [16, 64, 64], 32, 2, 16),
        ("linear 256-256", [256], 256, 0, 1),
        ("one step, linear 1024-1024 of -1 and 1", [1024], 1024, Signs, 1),
    ];

    /// <summary>Times all layers.</summary>
    /// <param name="seconds">How long to measure each layer at each share, roughly.</param>
    public static List<SnnSweepPoint> Run(double seconds)
    {
        var points = new List<SnnSweepPoint>();
        foreach (var (name, shape, outputs, stride, groups) in Layers)
        {
            var graph = Layer(shape, outputs, stride, groups);
            SpikingNetwork Compile(SpikingPath path) => SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1, BinaryInput = true, Path = path });
            int[][][] inputs = [.. Shares.Select(share => SnnNets.Input(shape.Aggregate(1, (a, b) => a * b), share, Steps, 7))];
            var least = new double[Shares.Length, 3];
            for (int round = 0; round < Rounds; round++)
            {
                // Anew in each round: where weights happen to lie in memory decides how many of them the cache keeps, by a quarter of the time in small layers.
                SpikingNetwork[] networks = [Compile(SpikingPath.Dense), Compile(SpikingPath.Sparse), Compile(SpikingPath.Auto)];
                for (int p = 0; p < inputs.Length; p++)
                {
                    // In turn, so that a machine that slows down for a while slows all three.
                    for (int i = 0; i < networks.Length; i++)
                    {
                        SnnBenchmark.Time(networks[i], inputs[p], seconds / (Rounds * networks.Length), out double took, out _);
                        least[p, i] = Math.Min(round == 0 ? double.PositiveInfinity : least[p, i], took * 1e-3 / Steps);
                    }
                }
            }
            for (int p = 0; p < inputs.Length; p++) points.Add(new SnnSweepPoint(name, Shares[p], least[p, 0], least[p, 1], least[p, 2]));
        }
        return points;
    }

    /// <summary>Gives the figures of a sweep.</summary>
    public static IEnumerable<Figure> Figures(IReadOnlyList<SnnSweepPoint> points)
    {
        foreach (var p in points)
            yield return new Figure(FormattableString.Invariant($"{p.Layer}, {p.Share:P1} active, auto"), p.AutoUs, "us/step", Note: FormattableString.Invariant($"dense {p.DenseUs:0.##}, sparse {p.SparseUs:0.##} us; {p.Excess:0.00} of the better"));
        yield return new Figure("auto, worst against the better of dense and sparse", points.Max(p => p.Excess), "x");
    }

    // The membranes never reach their threshold: what is timed is the layer, not what would follow.
    private static NirGraph Layer(int[] shape, int outputs, int stride, int groups)
    {
        var random = new Runtime.RandomStream(9);
        bool conv = stride > 0;
        var w = new float[outputs * shape[0] / groups * (conv ? 9 : 1)];
        for (int i = 0; i < w.Length; i++) w[i] = stride == Signs ? random.NextInt32(2) * 2 - 1 : (float)(random.NextGaussian() * 0.01);
        int[] outShape = conv ? [outputs, shape[1] / stride, shape[2] / stride] : [outputs];
        int elements = outShape.Aggregate(1, (a, b) => a * b);
        NirArray Many(float value)
        {
            var all = new float[elements];
            Array.Fill(all, value);
            return NirArray.Of(all, outShape);
        }
        NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] p) => new(name, type, new NirGroup(p.ToDictionary(x => x.Name, x => x.Value)));
        var layer = conv
            ? Node("w", NirNodeType.Conv2d, ("weight", NirArray.Of(w, outputs, shape[0] / groups, 3, 3)), ("stride", NirArray.Vector(stride, stride)), ("padding", NirArray.Vector(1, 1)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar((long)groups)))
            : Node("w", NirNodeType.Linear, ("weight", NirArray.Of(w, outputs, shape[0])));
        return new NirGraph(
            [
                Node("input", NirNodeType.Input, ("shape", NirArray.Vector([.. shape.Select(n => (long)n)]))), layer,
                stride == Signs ? Node("n", NirNodeType.Threshold, ("threshold", Many(1e9f))) : Node("n", NirNodeType.LIF, ("tau", Many(2)), ("r", Many(2)), ("v_leak", Many(0)), ("v_threshold", Many(1e9f))), Node("output", NirNodeType.Output),
            ],
            [new NirEdge("input", "w"), new NirEdge("w", "n"), new NirEdge("n", "output")]);
    }
}
