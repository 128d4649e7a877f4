namespace EdgeAutonomy.Runtime.Tests;

/// <summary>Random networks of the kinds that robots carry.</summary>
internal static class Networks
{
    public static readonly string[] Activations = ["Relu", "LeakyRelu", "Tanh", "Sigmoid", "Elu", "HardSigmoid", "Softmax", "Clip", "LayerNormalization", "Identity"];

    /// <summary>Makes a perceptron; every second layer has its weights as [out, in] with transB, the others as [in, out], by MatMul and Add or by Gemm.</summary>
    public static OnnxModel Perceptron(RandomStream random, int[] widths, params string[] activations)
    {
        var g = new OnnxGraphBuilder("perceptron");
        string x = g.Input("x", 1, widths[0]);
        for (int i = 1; i < widths.Length; i++)
        {
            int n = widths[i - 1], m = widths[i];
            float[] w = Weights(random, n * m, n), b = Weights(random, m, 4);
            x = (i % 3) switch
            {
                0 => g.Node("Add", [g.Node("MatMul", [x, g.Constant(w, n, m)]), g.Constant(b, m)]),
                1 => g.Node("Gemm", [x, g.Constant(w, m, n), g.Constant(b, m)], OnnxAttribute.Of("transB", 1)),
                _ => g.Node("Gemm", [x, g.Constant(w, n, m), g.Constant(b, 1, m)], OnnxAttribute.Of("alpha", 0.75f), OnnxAttribute.Of("beta", 0.5f)),
            };
            x = Activate(g, random, x, activations[(i - 1) % activations.Length], m);
        }
        g.Output(x, "y", 1, widths[^1]);
        return g.Build();
    }

    public static string Activate(OnnxGraphBuilder g, RandomStream random, string x, string activation, int width) => activation switch
    {
        "Clip" => g.Node("Clip", [x, g.Constant([-0.5f], []), g.Constant([0.75f], [])]),
        "Elu" or "LeakyRelu" => g.Node(activation, [x], OnnxAttribute.Of("alpha", 0.3f)),
        "LayerNormalization" => g.Node(activation, [x, g.Constant(Weights(random, width, 1), width), g.Constant(Weights(random, width, 1), width)]),
        _ => g.Node(activation, [x]),
    };

    public static float[] Weights(RandomStream random, int count, int fan)
    {
        float[] w = new float[count];
        // The usual scale keeps values of order one through any number of layers.
        float scale = 1.7f / MathF.Sqrt(fan);
        for (int i = 0; i < count; i++) w[i] = scale * (2 * random.NextSingle() - 1);
        return w;
    }

    public static void Fill(RandomStream random, Span<float> target, float scale = 2)
    {
        foreach (ref float x in target) x = scale * (2 * random.NextSingle() - 1);
    }

    /// <summary>Runs two engines on the same random inputs and returns the greatest difference as a multiple of 1 + |y|.</summary>
    public static double WorstDifference(IInferenceEngine a, IInferenceEngine b, RandomStream random, int runs, float scale = 2)
    {
        double worst = 0;
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < a.Inputs.Count; i++)
            {
                Fill(random, a.Input(i), scale);
                a.Input(i).CopyTo(b.Input(i));
            }
            a.Run();
            b.Run();
            for (int i = 0; i < a.Outputs.Count; i++) worst = Math.Max(worst, Difference(a.Output(i), b.Output(i)));
        }
        return worst;
    }

    public static double Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(a.Length, b.Length);
        double worst = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double d = Math.Abs((double)a[i] - b[i]) / (1 + Math.Abs((double)b[i]));
            worst = double.IsNaN(d) ? double.PositiveInfinity : Math.Max(worst, d);
        }
        return worst;
    }
}
