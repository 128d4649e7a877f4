using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class ConvolutionTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.V128, SimdLevel.V256, SimdLevel.V512];

    // Depth-wise with one and with several outputs a channel, groups of several channels, groups too deep for a dense path; strides 1 and 2.
    public static TheoryData<int, int, int, int> Groups { get; } = new()
    {
        { 24, 24, 24, 1 }, { 16, 16, 16, 2 }, { 6, 18, 6, 1 }, { 12, 60, 3, 1 }, { 8, 40, 2, 2 }, { 12, 64, 2, 1 }, { 1, 5, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void Step_Groups_EveryWidthPathAndPrecisionEqualsPlainSums(int inputs, int outputs, int groups, int stride)
    {
        var random = new RandomStream(81 + (ulong)inputs);
        int perIn = inputs / groups, perOut = outputs / groups, h = 5, w = 7, oh = (h + 2 - 3) / stride + 1, ow = (w + 2 - 3) / stride + 1;
        // Whole 128ths with ±127 in every row: eight bits hold them, and no sum rounds.
        var weights = new float[outputs * perIn * 9];
        for (int i = 0; i < weights.Length; i++) weights[i] = i % (perIn * 9) == 0 ? 127 / 128f : (random.NextInt32(255) - 127) / 128f;
        var net = Net(inputs, h, w, NirArray.Of(weights, outputs, perIn, 3, 3), groups, stride, NirNodeType.I, ("r", NetSketch.All(1, outputs, oh, ow)));
        foreach (bool isBinary in (bool[])[true, false])
        {
            foreach (double rate in (double[])[0.03, 0.6, 1])
            {
                int[] active = [.. Enumerable.Range(0, inputs * h * w).Where(_ => random.NextDouble() < rate)];
                float[] values = [.. active.Select(i => isBinary ? 1 : i % 4 - 1.5f)];
                var expected = new float[outputs * oh * ow];
                for (int k = 0; k < active.Length; k++)
                {
                    int c = active[k] % inputs, x = active[k] / inputs % w, y = active[k] / inputs / w;
                    for (int o = c / perIn * perOut; o < (c / perIn + 1) * perOut; o++)
                    {
                        for (int oy = 0; oy < oh; oy++)
                        {
                            for (int ox = 0; ox < ow; ox++)
                            {
                                int ky = y + 1 - oy * stride, kx = x + 1 - ox * stride;
                                if (ky is >= 0 and < 3 && kx is >= 0 and < 3) expected[(oy * ow + ox) * outputs + o] += values[k] * weights[(o * perIn + c % perIn) * 9 + ky * 3 + kx];
                            }
                        }
                    }
                }
                long? operations = null;
                foreach (var path in (SpikingPath[])[SpikingPath.Sparse, SpikingPath.Dense, SpikingPath.Auto])
                {
                    foreach (var level in Levels)
                    {
                        foreach (var precision in isBinary ? (SpikingPrecision[])[SpikingPrecision.Float32, SpikingPrecision.Int8] : [SpikingPrecision.Float32])
                        {
                            var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { BinaryInput = isBinary, Path = path, Simd = level, Precision = precision });
                            network.Step(active, values);
                            Assert.Equal(expected, network.Outputs[0].Values.ToArray());
                            operations ??= network.Counters(0).SynapticOperations;
                            Assert.Equal(operations, network.Counters(0).SynapticOperations);
                            // The second step finds what the first left behind.
                            network.Step([]);
                            Assert.Equal(expected, network.Outputs[0].Values.ToArray());
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Step_GroupsOfReals_EveryWidthAndPathGivesTheSameHash()
    {
        var random = new RandomStream(82);
        var weights = new float[20 * 2 * 9];
        for (int i = 0; i < weights.Length; i++) weights[i] = (float)random.NextGaussian();
        var net = Net(10, 9, 8, NirArray.Of(weights, 20, 2, 3, 3), 5, 1, NirNodeType.IF, ("r", NetSketch.All(1, 20, 9, 8)), ("v_threshold", NetSketch.All(1, 20, 9, 8)));
        ulong? expected = null;
        foreach (var path in (SpikingPath[])[SpikingPath.Sparse, SpikingPath.Dense, SpikingPath.Auto])
        {
            foreach (var level in Levels)
            {
                var inputs = new RandomStream(83);
                var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Path = path, Simd = level });
                for (int t = 0; t < 12; t++) network.StepDense([.. Enumerable.Range(0, 720).Select(_ => inputs.NextDouble() < 0.3 ? (float)inputs.NextGaussian() : 0)]);
                if (path == SpikingPath.Dense) Assert.Equal(12, network.Counters(0).DenseSteps);
                expected ??= DeterminismTests.Hash(network);
                Assert.Equal(expected, DeterminismTests.Hash(network));
                Assert.True(network.Counters(0).Spikes > 100);
            }
        }
    }

    [Theory]
    [InlineData(4, 1, 40), InlineData(30, 1, 33), InlineData(40, 1, 16), InlineData(8, 4, 24), InlineData(40, 500, 16)]
    public void Step_Int8SumsOf16And32Bits_AreExact(int inputs, int largest, int outputs)
    {
        // All weights near ±127: 40 channels of 9 taps, or counts of hundreds, leave 16 bits, so the sums go on in 32. Weights are whole, sums below 2^24: floats hold them exactly.
        var random = new RandomStream(84 + (ulong)inputs);
        var weights = new float[outputs * inputs * 9];
        for (int i = 0; i < weights.Length; i++) weights[i] = i / 9 % inputs == 0 ? 127 : i % 3 == 0 ? 126 : -125;
        // Counts come from neurons that send as many spikes as their membrane has thresholds.
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(inputs, 6, 6))).Add("count", NirNodeType.IF, ("r", NetSketch.All(1, inputs, 6, 6)), ("v_threshold", NetSketch.All(1, inputs, 6, 6)));
        net.Add("conv", NirNodeType.Conv2d, Window(NirArray.Of(weights, outputs, inputs, 3, 3), 1, 1)).Add("n", NirNodeType.I, ("r", NetSketch.All(1, outputs, 6, 6))).Add("output", NirNodeType.Output);
        net.Wire("input", "count", "conv", "n", "output");
        var options = new SpikingOptions { Reset = SpikeReset.Subtract, MultiSpike = largest > 1 };
        var exact = SpikingNetwork.Compile(net.Graph(), options);
        SpikingNetwork[] all = [.. Levels.Select(l => SpikingNetwork.Compile(net.Graph(), options with { Precision = SpikingPrecision.Int8, Simd = l }))];
        for (int t = 0; t < 6; t++)
        {
            // Steps of few, of ones only, and of large counts.
            float[] x = [.. Enumerable.Range(0, inputs * 36).Select(_ => random.NextDouble() < (t % 3 == 0 ? 0.02 : 0.95) ? t % 2 == 0 ? 1 : 1 + random.NextInt32(largest) : 0)];
            exact.StepDense(x);
            foreach (var network in all)
            {
                network.StepDense(x);
                Assert.Equal(exact.Outputs[0].Values.ToArray(), network.Outputs[0].Values.ToArray());
                Assert.Equal(exact.Counters(1).SynapticOperations, network.Counters(1).SynapticOperations);
            }
            exact.Reset();
            foreach (var network in all) network.Reset();
        }
    }

    [Theory]
    [InlineData(SpikingPrecision.Float32), InlineData(SpikingPrecision.Int8)]
    public void Step_ConvolutionsAndDelays_AllocatesNothing(SpikingPrecision precision)
    {
        var random = new RandomStream(85);
        NirArray Weights(params int[] shape) => NirArray.Of([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)random.NextGaussian() * 0.6f)], shape);
        (string, NirValue)[] Neuron(params int[] shape) => [("r", NetSketch.All(1, shape)), ("v_threshold", NetSketch.All(1, shape))];
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(2, 8, 8)));
        net.Add("conv", NirNodeType.Conv2d, Window(Weights(20, 2, 3, 3), 1, 2)).Add("n1", NirNodeType.IF, Neuron(20, 4, 4));
        net.Add("depth", NirNodeType.Conv2d, Window(Weights(20, 1, 3, 3), 20, 1)).Add("n2", NirNodeType.IF, Neuron(20, 4, 4));
        net.Add("flat", NirNodeType.Flatten).Add("fc", NirNodeType.Linear, ("weight", Weights(30, 320))).Add("n3", NirNodeType.IF, Neuron(30));
        byte[] delays = [.. Enumerable.Range(0, 300).Select(i => (byte)(i % 11))];
        net.Add("late", NirNodeType.Linear, ("weight", Weights(10, 30)), ("edge_delays", NirArray.Of(delays, 10, 30))).Add("n4", NirNodeType.IF, Neuron(10)).Add("output", NirNodeType.Output);
        net.Wire("input", "conv", "n1", "depth", "n2", "flat", "fc", "n3", "late", "n4", "output");
        var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Precision = precision, BinaryInput = true });
        int[][] inputs = [.. Enumerable.Range(0, 8).Select(t => Enumerable.Range(0, 128).Where(_ => random.NextInt32(8) <= t).ToArray())];
        Assert.Equal(0, Allocations.Least(3, _ =>
        {
            for (int t = 0; t < 5000; t++) network.Step(inputs[t & 7]);
        }));
        for (int l = 0; l < network.LayerCount; l++) Assert.True(network.Counters(l).Spikes > 0, $"layer {l} is silent");
    }

    private static NetSketch Net(int channels, int height, int width, NirArray weights, int groups, int stride, NirNodeType neuron, params (string, NirValue)[] parameters)
    {
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(channels, height, width))).Add("conv", NirNodeType.Conv2d, Window(weights, groups, stride));
        return net.Add("n", neuron, parameters).Add("output", NirNodeType.Output).Wire("input", "conv", "n", "output");
    }

    private static (string, NirValue)[] Window(NirArray weights, int groups, int stride) =>
        [("weight", weights), ("stride", NirArray.Vector(stride, stride)), ("padding", NirArray.Vector(1, 1)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar((long)groups))];
}
