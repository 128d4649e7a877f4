using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

public class ReferenceTests
{
    private const int Networks = 2500, Batches = 4, Steps = 9;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Step_RandomNetworks_EqualsLiteralReferenceBitForBit(int batch)
    {
        Assert.True(batch < Batches);
        var random = new RandomStream((ulong)(1000 + batch));
        var nets = new RandomNets(random);
        long spikes = 0, silent = 0;
        for (int run = 0; run < Networks; run++)
        {
            var options = nets.Options();
            var sketch = nets.Sketch(options);
            string[] neurons = [.. sketch.Nodes.Where(n => n.Type is NirNodeType.I or NirNodeType.IF or NirNodeType.LI or NirNodeType.LIF or NirNodeType.CubaLI or NirNodeType.CubaLIF).Select(n => n.Name)];
            var reference = new ReferenceNetwork(sketch, options);
            var network = SpikingNetwork.Compile(sketch.Graph(random), options with { Probes = neurons });
            int[] shape = reference.Shape("input");
            double rate = random.NextDouble(0, 0.7);
            long before = spikes;
            for (int t = 0; t < Steps; t++)
            {
                float[] x = nets.Input(network.InputElements, options.BinaryInput, t == 3 ? 0 : rate);
                reference.Step(x);
                Feed(network, x, shape, random);
                Compare(network.Outputs[0], reference, run, t);
                foreach (string name in neurons)
                {
                    float[] v = reference.Membrane(name), w = new float[v.Length];
                    network.Membrane(name, w);
                    for (int i = 0; i < v.Length; i++)
                    {
                        // == and not bits: the reference may hold −0 where the engine holds +0.
                        Assert.True(v[i] == w[i], $"batch {batch} run {run} step {t}: membrane {i} of {name} is {w[i]:R}, must be {v[i]:R}; {options}");
                    }
                }
                spikes += network.Outputs[0].Active.Length;
            }
            if (spikes == before) silent++;
        }
        // A test of silent networks would show nothing.
        Assert.True(spikes > 20 * Networks, $"{spikes} spikes");
        Assert.True(silent < Networks / 4, $"{silent} of {Networks} networks are silent");
    }

    internal static void Feed(SpikingNetwork network, float[] x, ReadOnlySpan<int> shape, RandomStream random)
    {
        int channels = shape.Length == 1 ? x.Length : shape[0], sites = x.Length / channels;
        var packed = new float[x.Length];
        for (int i = 0; i < x.Length; i++) packed[i % sites * channels + i / sites] = x[i];
        if (random.NextInt32(3) == 0)
        {
            network.StepDense(packed);
            return;
        }
        int[] active = [.. Enumerable.Range(0, x.Length).Where(i => packed[i] != 0)];
        if (random.NextInt32(2) == 0) NetSketch.Shuffle(active.AsSpan(), random);
        if (Array.TrueForAll(active, i => packed[i] == 1)) network.Step(active);
        else network.Step(active, [.. active.Select(i => packed[i])]);
    }

    private static void Compare(SpikeOutput output, ReferenceNetwork reference, int run, int step)
    {
        float[] y = reference["output"];
        int[] shape = reference.Shape("output");
        Assert.Equal(y.Length, output.Elements);
        // The output counts as its image lies in memory.
        var (channels, sites) = reference.Image("output");
        for (int i = 0; i < y.Length; i++)
        {
            float got = output.Values[i % sites * channels + i / sites];
            Assert.True(y[i] == got, $"run {run} step {step}: output {i} is {got:R}, must be {y[i]:R}; shape {string.Join(",", shape)}");
        }
        Assert.Equal(y.Count(v => v != 0), output.Active.Length);
    }
}
