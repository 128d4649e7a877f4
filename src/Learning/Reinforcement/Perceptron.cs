using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Builds the multi-layer perceptrons of the learners and their first weights.</summary>
internal static class Perceptron
{
    /// <summary>Returns linear layers with an activation behind all but the last.</summary>
    /// <param name="inputs">Numbers in, at least 1.</param>
    /// <param name="hidden">Units of the hidden layers.</param>
    /// <param name="outputs">Numbers out, at least 1.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="head">The name of the last layer.</param>
    /// <param name="rungs">K where the outputs are those of actions and rungs, [action · K + rung], and are to be sums of both; 1 = each output stands for itself.</param>
    public static Network<float> Build(int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation, string head, int rungs = 1)
    {
        var layers = new List<Layer<float>>();
        int width = inputs;
        for (int i = 0; i < hidden.Count; i++)
        {
            // States and activations of control are dense: looking for zeros would cost more than it saves.
            layers.Add(new LinearLayer<float>($"fc{i + 1}", new MapSize(width), hidden[i]) { Sparse = false });
            width = hidden[i];
            layers.Add(activation == Activation.Tanh ? new TanhLayer<float>($"tanh{i + 1}", new MapSize(width)) : new ReluLayer<float>($"relu{i + 1}", new MapSize(width)));
        }
        layers.Add(new LinearLayer<float>(head, new MapSize(width), rungs == 1 ? outputs : outputs / rungs + rungs) { Sparse = false });
        if (rungs > 1) layers.Add(new RungSumLayer<float>(head + ".sum", outputs / rungs, rungs));
        return new Network<float>(layers);
    }

    /// <summary>Draws orthogonal weights, as policy gradients like them (Saxe et al. 2014; the settings of Stable-Baselines3): gain √2 for hidden layers, biases zero.</summary>
    /// <param name="network">The network.</param>
    /// <param name="random">The generator.</param>
    /// <param name="headGain">The gain of the last layer.</param>
    public static void Orthogonal(Network<float> network, RandomStream random, double headGain)
    {
        var last = network.Layers.OfType<LinearLayer<float>>().Last();
        foreach (var layer in network.Layers.OfType<LinearLayer<float>>())
        {
            Orthogonal(layer.Weights.Value, layer.Input.Count, layer.Output.Count, ReferenceEquals(layer, last) ? headGain : Math.Sqrt(2), random);
            Array.Clear(layer.Bias!.Value);
        }
    }

    /// <summary>Copies all parameters of one network into another of the same shape, or moves them towards it: w ← w + share·(other − w).</summary>
    public static void MoveTowards(Network<float> network, Network<float> other, double share)
    {
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            float[] to = network.Parameters[i].Value, from = other.Parameters[i].Value;
            if (share == 1)
            {
                from.CopyTo(to, 0);
                continue;
            }
            Lanes.Zip<Approach, float>(new Approach(Lanes.Of<float>(share)), to, from, to);
        }
    }

    /// <summary>Writes all parameters.</summary>
    public static void Freeze(in StateWriter w, Network<float> network)
    {
        foreach (var p in network.Parameters) w.WriteSpan<float>(p.Value);
    }

    /// <summary>Reads all parameters; all must be finite.</summary>
    public static void Thaw(ref StateReader r, Network<float> network)
    {
        foreach (var p in network.Parameters) r.ReadFinite(p.Value, "weights");
    }

    private readonly struct Approach(Vector<float> share) : ILaneOperation<float>
    {
        public Vector<float> Run(Vector<float> a, Vector<float> b) => a + share * (b - a);
    }

    // Gram-Schmidt, twice for accuracy, on whichever of rows and columns are fewer.
    private static void Orthogonal(float[] weights, int inputs, int outputs, double gain, RandomStream random)
    {
        int vectors = Math.Min(inputs, outputs), length = Math.Max(inputs, outputs);
        var basis = new double[vectors][];
        for (int i = 0; i < vectors; i++)
        {
            var v = basis[i] = new double[length];
            for (int k = 0; k < length; k++) v[k] = random.NextGaussian();
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    double dot = Dot(v, basis[j]);
                    for (int k = 0; k < length; k++) v[k] -= dot * basis[j][k];
                }
            }
            double norm = Math.Sqrt(Dot(v, v));
            for (int k = 0; k < length; k++) v[k] /= norm;
        }
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++) weights[i * outputs + o] = (float)(gain * (inputs <= outputs ? basis[i][o] : basis[o][i]));
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
