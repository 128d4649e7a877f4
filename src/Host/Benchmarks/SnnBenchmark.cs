using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Times spiking networks at batch 1 on one thread: whole networks, how far they are from what adding rows can reach, and dense against sparse.</summary>
internal static class SnnBenchmark
{
    // Two hidden layers of 256: rates of spiking-networks.md §6.
    private static readonly double[] MlpRates = [0.098, 0.226], ConvRates = [0.027, 0.042, 0.079], DelayRates = [0.32, 0.32];

    // The sweep has many points, and each is a small thing to time.
    private const double SweepShare = 10;

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static List<Figure> Run(double seconds)
    {
        var figures = new List<Figure>();
        double limit = RowLimit(figures, seconds);
        int[][] input = SnnNets.Input(700, 0.02, 100, 1);
        var mlp = SnnNets.Mlp([700, 256, 256, 20], MlpRates, 0, input, 2);
        Whole(figures, seconds, "MLP 700-256-256-20, 100 steps", mlp, input, limit, "2 % input", new SpikingOptions());
        Whole(figures, seconds, "MLP 700-256-256-20, 100 steps, int8", mlp, input, limit, "2 % input", new SpikingOptions { Precision = SpikingPrecision.Int8 });
        input = SnnNets.Input(2 * 128 * 128, 0.01, 16, 3);
        var conv = SnnNets.Conv([2, 16, 32, 64], ConvRates, input, 4);
        Whole(figures, seconds, "conv 2-16-32-64 on 128x128, 16 steps", conv, input, limit, "1 % input", new SpikingOptions());
        Whole(figures, seconds, "conv 2-16-32-64 on 128x128, 16 steps, int8", conv, input, limit, "1 % input", new SpikingOptions { Precision = SpikingPrecision.Int8 });
        input = SnnNets.Input(140, 0.1, 100, 5);
        var delays = SnnNets.Mlp([140, 256, 256, 20], DelayRates, 25, input, 6);
        Whole(figures, seconds, "delays 140-256-256-20, D 25, 100 steps", delays, input, limit, "10 % input", new SpikingOptions());
        figures.AddRange(SnnSweep.Figures(SnnSweep.Run(seconds / SweepShare)));
        return figures;
    }

    /// <summary>Runs an input through a network again and again, each time from the start, and times every run.</summary>
    internal static LatencyHistogram Time(SpikingNetwork network, int[][] input, double seconds, out double least, out long allocated)
    {
        var clock = MonotonicMeasure.Instance;
        for (int i = 0; i < 5; i++) Once(network, input);
        var runs = new LatencyHistogram();
        least = double.PositiveInfinity;
        allocated = GC.GetAllocatedBytesForCurrentThread();
        long end = clock.Now() + (long)(seconds * 1e9);
        while (clock.Now() < end)
        {
            network.Reset();
            long start = clock.Now();
            foreach (int[] step in input) network.Step(step);
            long took = clock.Now() - start;
            runs.Record(took, 0);
            least = Math.Min(least, took);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return runs;
    }

    private static void Once(SpikingNetwork network, int[][] input)
    {
        network.Reset();
        foreach (int[] step in input) network.Step(step);
    }

    private static void Whole(List<Figure> figures, double seconds, string name, SnnNets net, int[][] input, double limit, string what, SpikingOptions options)
    {
        var network = net.Compile(options);
        var s = Time(network, input, seconds, out double least, out long allocated).Summarize();
        Once(network, input);
        long operations = 0;
        for (int l = 0; l < network.LayerCount; l++) operations += network.Counters(l).SynapticOperations;
        string rates = string.Join("/", Enumerable.Range(0, network.LayerCount).Select(l => FormattableString.Invariant($"{SnnNets.Rate(network, l):P1}")));
        figures.Add(new Figure(name, least * 1e-3, "us", s.P50Ns * 1e-3, s.P99Ns * 1e-3, s.MaxNs * 1e-3, FormattableString.Invariant($"value = least of {s.Count:N0} runs; {what}, rates {rates}; {allocated} bytes allocated")));
        figures.Add(new Figure(name + ", per step", least * 1e-3 / input.Length, "us"));
        figures.Add(new Figure(name + ", synaptic operations", operations / least, "G/s", Note: FormattableString.Invariant($"{operations:N0} a run; {operations / least / limit:P0} of the row limit")));
    }

    // What a core can add at best: long lists of rows that stay in the second-level cache.
    private static double RowLimit(List<Figure> figures, double seconds)
    {
        const int Inputs = 256, Outputs = 256;
        var weights = new float[Inputs * Outputs];
        for (int i = 0; i < weights.Length; i++) weights[i] = i % 7 - 3;
        NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] p) => new(name, type, new NirGroup(p.ToDictionary(x => x.Name, x => x.Value)));
        var graph = new NirGraph(
            [Node("input", NirNodeType.Input, ("shape", NirArray.Vector(Inputs))), Node("fc", NirNodeType.Linear, ("weight", NirArray.Of(weights, Outputs, Inputs))), Node("output", NirNodeType.Output)],
            [new NirEdge("input", "fc"), new NirEdge("fc", "output")]);
        var network = SpikingNetwork.Compile(graph, new SpikingOptions { BinaryInput = true, Path = SpikingPath.Sparse });
        int[][] input = [.. Enumerable.Repeat(Enumerable.Range(0, Inputs).ToArray(), 50)];
        Time(network, input, seconds, out double least, out _);
        double limit = 50.0 * Inputs * Outputs / least;
        figures.Add(new Figure("row accumulation, 256 rows of 256", limit, "G operations/s", Note: "256 KiB of weights, all of them in every step, in order: the limit that the networks are set against"));
        return limit;
    }
}
