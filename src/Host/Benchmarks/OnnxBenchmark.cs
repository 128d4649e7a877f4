using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Measures one run of small networks in each engine: what a policy adds to a control cycle.</summary>
internal static class OnnxBenchmark
{
    private const int Warm = 2_000;

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static List<Figure> Run(double seconds)
    {
        var figures = new List<Figure>();
        (string Name, OnnxModel Model, double Multiplications)[] cases =
        [
            ("perceptron 16-64-64-4", Perceptron([16, 64, 64, 4]), 16 * 64 + 64 * 64 + 64 * 4),
            ("perceptron 64-256-256-8", Perceptron([64, 256, 256, 8]), 64 * 256 + 256 * 256 + 256 * 8),
            ("GRU step, 32 in, 64 hidden", Gru(32, 64), 3 * 64 * (32 + 64)),
            ("event frame 2x34x34, 3 convolutions", EventFrame(), 2 * 16 * 9 * 289 + 16 * 16 * 9 * 289 + 16 * 32 * 9 * 64),
        ];
        foreach (var (name, model, multiplications) in cases)
        {
            byte[] file = model.Write();
            foreach (var choice in (InferenceChoice[])[InferenceChoice.Managed, InferenceChoice.Onnx])
            {
                try
                {
                    using var engine = InferenceEngines.Create(file, name, new InferenceOptions { Engine = choice, LibraryPath = FindLibrary() });
                    Measure(figures, $"{name}, {engine.Name}", engine, multiplications, seconds);
                }
                catch (DllNotFoundException e)
                {
                    figures.Add(new Figure($"{name}, onnxruntime", 0, "", Note: $"not measured: {e.Message}"));
                }
            }
        }
        Policy(figures, seconds);
        return figures;
    }

    // What a learned joint policy adds to a cycle: scaling, the network of the notes (adaptive time-stepping, 7.6), the mask, the choice.
    private static void Policy(List<Figure> figures, double seconds)
    {
        const int Inputs = 24, Actions = 9;
        long[] ladder = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];
        var card = new PolicyCard
        {
            Name = "bench",
            Schema = new PolicySchema
            {
                Robot = "bench", Inputs = [.. Enumerable.Range(0, Inputs).Select(i => new PolicyInput($"input{i}", -1, 1))], ActionNames = ["linear_mps", "angular_radps"],
                Actions = [.. Enumerable.Range(0, Actions).Select(a => (double[])[a % 3, a / 3 - 1])], PeriodsUs = ladder,
            },
        };
        using var policy = new LearnedPolicy(card, new ManagedEngine(Perceptron([Inputs, 128, 128, Actions * ladder.Length], "q", "Relu"), "bench"));
        var random = new RandomStream(2);
        foreach (ref float x in policy.Observation) x = 2 * random.NextSingle() - 1;
        Measure(figures, "learned policy 24-128-128-54, observation to choice", policy.Engine, Inputs * 128 + 128 * 128 + 128 * 54, seconds, () => policy.TryChoose(Duration.FromMilliseconds(10), out _));
        var driver = new JointDriver(LoopFactory.PolicyOptions(1, 0.18), PeriodGrid.Default, new GovernorOptions { GrowDwellCycles = 0 });
        using var rover = ModelFiles.ReadPolicy("rover", driver.Schema);
        var deadlines = new Duration[driver.Schema.Actions.Count];
        deadlines.AsSpan().Fill(Duration.FromMilliseconds(10));
        foreach (ref float x in rover.Observation) x = 2 * random.NextSingle() - 1;
        Measure(figures, "the rover's policy, observation to choice", rover.Engine, rover.Observation.Length * 128 + 128 * 128 + 128 * 20, seconds, () => rover.TryChoose(deadlines, out _));
    }

    private static void Measure(List<Figure> figures, string name, IInferenceEngine engine, double multiplications, double seconds, Action? run = null)
    {
        var clock = MonotonicMeasure.Instance;
        var random = new RandomStream(1);
        foreach (ref float x in engine.Input()) x = 2 * random.NextSingle() - 1;
        run ??= engine.Run;
        for (int i = 0; i < Warm; i++) run();
        var times = new LatencyHistogram();
        long allocated = GC.GetAllocatedBytesForCurrentThread(), end = clock.Now() + (long)(seconds * 1e9), now = clock.Now();
        ulong runs = 0;
        while (now < end)
        {
            run();
            long after = clock.Now();
            times.Record(after - now, runs++);
            now = after;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var s = times.Summarize();
        figures.Add(new Figure(name, s.P50Ns * 1e-3, "us", s.P50Ns * 1e-3, s.P99Ns * 1e-3, s.MaxNs * 1e-3, FormattableString.Invariant(
            $"{engine.Name} {engine.Version} on {string.Join(", ", engine.ProvidersActive)}; {s.Count:N0} runs, {multiplications / s.P50Ns:0.0} multiplications/ns, {(double)allocated / s.Count:0.##} bytes/run; one reading of the clock included")));
    }

    /// <summary>Finds the library that `./edge setup` puts beside a checkout; elsewhere the system's own is used.</summary>
    private static string? FindLibrary()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "artifacts", "onnxruntime", "libonnxruntime.so.1");
            if (File.Exists(path)) return path;
        }
        return null;
    }

    private static OnnxModel Perceptron(int[] widths, string output = "y", string activation = "Tanh")
    {
        var random = new RandomStream(1);
        var g = new OnnxGraphBuilder("perceptron");
        string x = g.Input("x", 1, widths[0]);
        for (int i = 1; i < widths.Length; i++)
        {
            x = g.Node("Gemm", [x, Weights(g, random, widths[i - 1], widths[i], widths[i - 1]), Weights(g, random, widths[i - 1], widths[i])], OnnxAttribute.Of("transB", 1));
            if (i < widths.Length - 1) x = g.Node(activation, [x]);
        }
        g.Output(x, output, 1, widths[^1]);
        return g.Build();
    }

    private static OnnxModel Gru(int inputs, int hidden)
    {
        var random = new RandomStream(1);
        var g = new OnnxGraphBuilder("gru");
        string x = g.Input("x", 1, 1, inputs), h = g.Input("h", 1, 1, hidden);
        string y = g.Node(
            "GRU", [x, Weights(g, random, hidden, 1, 3 * hidden, inputs), Weights(g, random, hidden, 1, 3 * hidden, hidden), Weights(g, random, hidden, 1, 6 * hidden), "", h],
            OnnxAttribute.Of("hidden_size", hidden), OnnxAttribute.Of("linear_before_reset", 1));
        g.Output(y, "next", 1, 1, 1, hidden);
        return g.Build();
    }

    private static OnnxModel EventFrame()
    {
        var random = new RandomStream(1);
        var g = new OnnxGraphBuilder("event frame");
        string x = g.Input("frame", 1, 2, 34, 34);
        x = Convolution(x, 2, 16, 2);
        x = Convolution(x, 16, 16, 1);
        x = g.Node("MaxPool", [x], OnnxAttribute.Of("kernel_shape", (long[])[2, 2]), OnnxAttribute.Of("strides", (long[])[2, 2]));
        x = Convolution(x, 16, 32, 1);
        x = g.Node("Flatten", [g.Node("GlobalAveragePool", [x])]);
        g.Output(g.Node("Gemm", [x, Weights(g, random, 32, 10, 32)], OnnxAttribute.Of("transB", 1)), "class", 1, 10);
        return g.Build();

        string Convolution(string from, int inputs, int outputs, int stride) => g.Node("Relu", [g.Node(
            "Conv", [from, Weights(g, random, 9 * inputs, outputs, inputs, 3, 3), Weights(g, random, 9, outputs)],
            OnnxAttribute.Of("pads", (long[])[1, 1, 1, 1]), OnnxAttribute.Of("strides", (long[])[stride, stride]))]);
    }

    private static string Weights(OnnxGraphBuilder g, RandomStream random, int fan, params ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long n in shape) count *= n;
        float[] w = new float[count];
        float scale = 1 / MathF.Sqrt(fan);
        foreach (ref float x in w.AsSpan()) x = scale * (2 * random.NextSingle() - 1);
        return g.Constant(w, shape);
    }
}
