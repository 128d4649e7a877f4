using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Host;

/// <summary>Times single layers over all shares of active inputs: always dense, always sparse, and as the engine chooses.</summary>
internal static class SnnSweep
{
    /// <summary>The shares of active inputs.</summary>
    public static readonly double[] Shares = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1];

    /// <summary>The layer that is drawn.</summary>
    public const string Typical = "conv 16-32 k3 s2 on 64x64";

    private const int Steps = 8, Rounds = 5;

    private static readonly (string Name, int[] Input, int Outputs, int Stride)[] Layers =
    [
        ("conv 2-16 k3 s2 on 128x128", [2, 128, 128], 16, 2),
        (Typical, [16, 64, 64], 32, 2),
        ("conv 32-64 k3 s2 on 32x32", [32, 32, 32], 64, 2),
        ("conv 16-16 k3 s1 on 16x16", [16, 16, 16], 16, 1),
        ("conv 64-64 k3 s1 on 16x16", [64, 16, 16], 64, 1),
        ("linear 256-256", [256], 256, 0),
    ];

    /// <summary>Times all layers.</summary>
    /// <param name="seconds">How long to measure each layer at each share, roughly.</param>
    public static List<SnnSweepPoint> Run(double seconds)
    {
        var points = new List<SnnSweepPoint>();
        foreach (var (name, shape, outputs, stride) in Layers)
        {
            var graph = Layer(shape, outputs, stride);
            SpikingNetwork Compile(SpikingPath path) => SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1, BinaryInput = true, Path = path });
            SpikingNetwork[] networks = [Compile(SpikingPath.Dense), Compile(SpikingPath.Sparse), Compile(SpikingPath.Auto)];
            foreach (double share in Shares)
            {
                int[][] input = SnnNets.Input(networks[0].InputElements, share, Steps, 7);
                var least = new double[networks.Length];
                Array.Fill(least, double.PositiveInfinity);
                // In turn, so that a machine that slows down for a while slows all three.
                for (int round = 0; round < Rounds; round++)
                {
                    for (int i = 0; i < networks.Length; i++)
                    {
                        SnnBenchmark.Time(networks[i], input, seconds / (Rounds * networks.Length), out double took, out _);
                        least[i] = Math.Min(least[i], took * 1e-3 / Steps);
                    }
                }
                points.Add(new SnnSweepPoint(name, share, least[0], least[1], least[2]));
            }
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
    private static NirGraph Layer(int[] shape, int outputs, int stride)
    {
        var random = new Runtime.RandomStream(9);
        bool conv = stride > 0;
        var w = new float[outputs * shape[0] * (conv ? 9 : 1)];
        for (int i = 0; i < w.Length; i++) w[i] = (float)(random.NextGaussian() * 0.01);
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
            ? Node("w", NirNodeType.Conv2d, ("weight", NirArray.Of(w, outputs, shape[0], 3, 3)), ("stride", NirArray.Vector(stride, stride)), ("padding", NirArray.Vector(1, 1)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L)))
            : Node("w", NirNodeType.Linear, ("weight", NirArray.Of(w, outputs, shape[0])));
        return new NirGraph(
            [
                Node("input", NirNodeType.Input, ("shape", NirArray.Vector([.. shape.Select(n => (long)n)]))), layer,
                Node("n", NirNodeType.LIF, ("tau", Many(2)), ("r", Many(2)), ("v_leak", Many(0)), ("v_threshold", Many(1e9f))), Node("output", NirNodeType.Output),
            ],
            [new NirEdge("input", "w"), new NirEdge("w", "n"), new NirEdge("n", "output")]);
    }
}
