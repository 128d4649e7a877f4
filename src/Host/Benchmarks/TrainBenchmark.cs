using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Measures what training can do here: the core's peak, matrix products as layers make them, and a step of the digits training.</summary>
internal static class TrainBenchmark
{
    private const int Chains = 12; // two units of four cycles' latency need 8; more hides what the loop costs

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static List<Figure> Run(double seconds)
    {
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        double peak = Best(seconds, 40, Peak);
        List<Figure> figures = [new("fused multiply-add, one core's peak", peak, "GFLOP/s", Note: $"{Chains} chains of {bits} bits in registers, best of 40 pieces")];
        // m, n, k as the layers of the digits training and of a delay network make them.
        (string Name, int M, int N, int K, bool TransposedA, bool TransposedB)[] shapes =
        [
            ("square of 512", 512, 512, 512, false, false),
            ("convolution 16 to 32 channels, forward", 682, 32, 144, false, false),
            ("convolution 32 to 64 channels, forward", 341, 64, 288, false, false),
            ("convolution 16 to 32 channels, gradient of weights", 144, 32, 682, true, false),
            ("convolution 16 to 32 channels, gradient of input", 682, 144, 32, false, true),
            ("linear 140 to 256, 100 steps of 64", 6400, 256, 140, false, false),
            ("linear 1600 to 10, 15 steps of 32", 480, 10, 1600, false, false),
        ];
        foreach (var s in shapes)
        {
            double rate = Products(seconds, s.M, s.N, s.K, s.TransposedA, s.TransposedB);
            figures.Add(new Figure($"product, {s.Name}", rate, "GFLOP/s", Note: FormattableString.Invariant($"{s.M} x {s.N} x {s.K}, {rate / peak:P0} of the peak, best of 40 pieces")));
        }
        figures.AddRange(Sparse(seconds));
        figures.AddRange(Steps(seconds));
        return figures;
    }

    private static double Products(double seconds, int m, int n, int k, bool transposedA, bool transposedB)
    {
        var gemm = new Gemm<float>();
        float[] a = Numbers(m * k), b = Numbers(k * n), c = new float[m * n];
        return Best(seconds, 40, () =>
        {
            var x = transposedA ? new Matrix<float>(a, k, m).Transposed : new Matrix<float>(a, m, k);
            var y = transposedB ? new Matrix<float>(b, n, k).Transposed : new Matrix<float>(b, k, n);
            gemm.Multiply(x, y, c);
            return 2.0 * m * n * k;
        });
    }

    private static IEnumerable<Figure> Sparse(double seconds)
    {
        const int M = 1600, N = 256, K = 256;
        var sparse = new SparseProduct<float>();
        float[] b = Numbers(K * N), c = new float[M * N], a = new float[M * K];
        foreach (double activity in (double[])[0.02, 0.05, 0.1])
        {
            var random = new CounterRandom(1);
            for (int i = 0; i < a.Length; i++) a[i] = random.Uniform((ulong)i) < activity ? 1 : 0;
            double rate = Best(seconds, 40, () =>
            {
                sparse.Multiply(a, M, K, b, N, c);
                return 2.0 * M * N * K;
            });
            yield return new Figure(FormattableString.Invariant($"rows of {activity:P0} spikes, {M} x {N} x {K}"), rate, "GFLOP/s", Note: "counted as the dense product that it replaces, with the same bits");
        }
    }

    private static IEnumerable<Figure> Steps(double seconds)
    {
        var options = new DigitsOptions();
        var network = DigitsNetwork.Build(options);
        network.Initialize(1);
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Adam<float>(network.Parameters), new TrainerOptions());
        int samples = options.BatchSize, steps = options.Data.Steps;
        var pass = new LayerPass(steps, samples) { Training = true, Random = new CounterRandom(1) };
        float[] x = new float[pass.Rows * network.Input.Count];
        var random = new CounterRandom(2);
        for (int i = 0; i < x.Length; i++) x[i] = random.Uniform((ulong)i) < 0.1 ? 1 : 0; // the activity of the recordings at 21 ms
        int[] classes = [.. Enumerable.Range(0, samples).Select(i => i % 10)];
        var times = new List<double>();
        for (long start = Stopwatch.GetTimestamp(); times.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            long from = Stopwatch.GetTimestamp();
            trainer.Step(pass, x, classes, 1e-4);
            times.Add(Stopwatch.GetElapsedTime(from).TotalSeconds);
        }
        // The first ones wait for the compiler.
        double[] sorted = [.. times.Skip(2).Order()];
        double median = sorted[sorted.Length / 2];
        yield return new Figure("digits training, one step", median * 1e3, "ms", median * 1e3, sorted[(int)(sorted.Length * 0.99)] * 1e3, sorted[^1] * 1e3, FormattableString.Invariant($"{samples} samples of {steps} steps, forward, backward and update; {sorted.Length} steps"));
        yield return new Figure("digits training, samples", samples / sorted[0], "samples/s", Note: "fastest step, without augmentation");
        var run = new LayerPass(steps, samples);
        double forward = Best(seconds, 40, () =>
        {
            network.Forward(run, x);
            return samples;
        });
        yield return new Figure("digits network, forward only", forward * 1e9, "samples/s", Note: "batches of 32, best of 40 pieces");
    }

    /// <summary>Runs something for a while in pieces.</summary>
    /// <returns>What the fastest piece did, in 10⁹ per second.</returns>
    private static double Best(double seconds, int pieces, Func<double> work)
    {
        work();
        double best = 0;
        for (int i = 0; i < pieces; i++)
        {
            double done = 0;
            long start = Stopwatch.GetTimestamp();
            do
            {
                done += work();
            }
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / pieces);
            best = Math.Max(best, done / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-9);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double Peak()
    {
        const int Turns = 200_000;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> x = Vector512.Create(1.0000001f), y = Vector512.Create(1e-9f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < Turns; n++)
            {
                (a, b, c) = (Vector512.FusedMultiplyAdd(a, x, y), Vector512.FusedMultiplyAdd(b, x, y), Vector512.FusedMultiplyAdd(c, x, y));
                (d, e, f) = (Vector512.FusedMultiplyAdd(d, x, y), Vector512.FusedMultiplyAdd(e, x, y), Vector512.FusedMultiplyAdd(f, x, y));
                (g, h, i) = (Vector512.FusedMultiplyAdd(g, x, y), Vector512.FusedMultiplyAdd(h, x, y), Vector512.FusedMultiplyAdd(i, x, y));
                (j, k, l) = (Vector512.FusedMultiplyAdd(j, x, y), Vector512.FusedMultiplyAdd(k, x, y), Vector512.FusedMultiplyAdd(l, x, y));
            }
            Keep((a + b + c + d + e + f + g + h + i + j + k + l)[0]);
            return 2.0 * Turns * Chains * Vector512<float>.Count;
        }
        else
        {
            Vector256<float> x = Vector256.Create(1.0000001f), y = Vector256.Create(1e-9f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int n = 0; n < Turns; n++)
            {
                (a, b, c) = (Vector256.FusedMultiplyAdd(a, x, y), Vector256.FusedMultiplyAdd(b, x, y), Vector256.FusedMultiplyAdd(c, x, y));
                (d, e, f) = (Vector256.FusedMultiplyAdd(d, x, y), Vector256.FusedMultiplyAdd(e, x, y), Vector256.FusedMultiplyAdd(f, x, y));
                (g, h, i) = (Vector256.FusedMultiplyAdd(g, x, y), Vector256.FusedMultiplyAdd(h, x, y), Vector256.FusedMultiplyAdd(i, x, y));
                (j, k, l) = (Vector256.FusedMultiplyAdd(j, x, y), Vector256.FusedMultiplyAdd(k, x, y), Vector256.FusedMultiplyAdd(l, x, y));
            }
            Keep((a + b + c + d + e + f + g + h + i + j + k + l)[0]);
            return 2.0 * Turns * Chains * Vector256<float>.Count;
        }
    }

    // The result must look used, or the compiler drops the loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(float value) => _ = value;

    private static float[] Numbers(int count)
    {
        var random = new CounterRandom(3);
        var x = new float[count];
        for (int i = 0; i < count; i++) x[i] = (float)random.Uniform((ulong)i, -1, 1);
        return x;
    }
}
