using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>The test network written down plainly: every place, every step, every neuron, spikes as numbers.</summary>
internal static class PointReference
{
    public static (double[] Scores, long Spikes, long Operations) Run(NirGraph graph, PointOptions options, Event[] events, RandomStream random)
    {
        var encoder = new PointEncoder(options);
        encoder.Encode(events);
        int steps = options.Steps, places = options.Places;
        var input = new float[steps][][];
        var draws = new byte[places * steps];
        if (options.Input == PointInput.Spikes) encoder.Draw(random, draws);
        for (int t = 0; t < steps; t++)
        {
            input[t] = new float[places][];
            for (int p = 0; p < places; p++) input[t][p] = Enumerable.Range(0, 6).Select(f => options.Input == PointInput.Spikes ? draws[p * steps + t] >> f & 1 : encoder.Codes[p * 6 + f]).ToArray();
        }
        long spikes = 0, operations = 0;
        var first = Layer(graph, "fc1", "lif1", input, null, 1, options.Input == PointInput.Current, ref spikes, ref operations);
        var second = Layer(graph, "fc2", "lif2", first, first, options.Neighbours, false, ref spikes, ref operations);
        var third = Layer(graph, "fc3", "lif3", second, null, options.Groups, false, ref spikes, ref operations);
        var scores = new double[4];
        float[] weight = graph.Find("fc4")!.Required("weight").ToSingle(), bias = graph.Find("fc4")!.Required("bias").ToSingle();
        for (int t = 0; t < steps; t++)
        {
            for (int k = 0; k < 4; k++)
            {
                float sum = 0;
                for (int i = 0; i < 70; i++) sum += third[t][0][i] * weight[k * 70 + i];
                scores[k] += sum + bias[k];
            }
            operations += 4 * (long)third[t][0].Sum();
        }
        for (int k = 0; k < 4; k++) scores[k] /= steps;
        return (scores, spikes, operations);
    }

    private static float[][][] Layer(NirGraph graph, string linear, string lif, float[][][] input, float[][][]? skip, int pool, bool dense, ref long spikes, ref long operations)
    {
        NirNode synapses = graph.Find(linear)!, neurons = graph.Find(lif)!;
        float[] weight = synapses.Required("weight").ToSingle(), bias = synapses.Required("bias").ToSingle();
        double[] tau = neurons.Required("tau").ToDouble(), r = neurons.Required("r").ToDouble(), leak = neurons.Required("v_leak").ToDouble(), threshold = neurons.Required("v_threshold").ToDouble(), reset = neurons.Required("v_reset").ToDouble();
        int width = bias.Length, inputs = weight.Length / width, places = input[0].Length;
        var output = new float[input.Length][][];
        var v = new float[places / pool, width];
        for (int t = 0; t < input.Length; t++)
        {
            operations += width * (dense ? inputs * places : input[t].Sum(x => x.Count(i => i != 0)));
            output[t] = new float[places / pool][];
            for (int p = 0; p < places / pool; p++)
            {
                output[t][p] = new float[width];
                for (int o = 0; o < width; o++)
                {
                    float most = Enumerable.Range(p * pool, pool).Max(k => Current(t, k, o));
                    float a = (float)(1 - 0.001 / tau[o]), b = (float)(0.001 / tau[o] * leak[o]), g = (float)(0.001 / tau[o] * r[o]);
                    float u = a * (t == 0 ? (float)reset[o] : v[p, o]) + b + g * most;
                    bool fires = u > (float)threshold[o];
                    v[p, o] = fires ? (float)reset[o] : u;
                    output[t][p][o] = fires ? 1 : 0;
                    spikes += fires ? 1 : 0;
                }
            }
        }
        return output;

        float Current(int t, int place, int o)
        {
            float sum = 0;
            for (int i = 0; i < inputs; i++) sum += input[t][place][i] * weight[o * inputs + i];
            sum += bias[o];
            return skip is null ? sum : sum + skip[t][place][o];
        }
    }
}
