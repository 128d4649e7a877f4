using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

public class LayerTests
{
    [Fact]
    public void Step_FoldedAndLiteralOnExactNumbers_GiveTheSameSpikes()
    {
        // Weights in sixteenths, decay ½ or 1, gain 2: every product and sum is exact, so folding cannot show.
        var random = new RandomStream(41);
        for (int run = 0; run < 300; run++)
        {
            var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(12)));
            net.Add("fc", NirNodeType.Affine, ("weight", Sixteenths(random, 20, 12)), ("bias", Sixteenths(random, 20)));
            net.Add("scale", NirNodeType.Scale, ("scale", NetSketch.All(0.5f, 20)));
            net.Add("n", NirNodeType.LIF, ("tau", NetSketch.All(2, 20)), ("r", NetSketch.All(4, 20)), ("v_leak", NetSketch.All(0.25f, 20)), ("v_threshold", NetSketch.All(1, 20)));
            net.Add("rec", NirNodeType.Linear, ("weight", Sixteenths(random, 20, 20))).Add("output", NirNodeType.Output);
            net.Wire("input", "fc", "scale", "n", "output").WireBack("n", "rec").Wire("rec", "n");
            var reset = (SpikeReset)(run % 4);
            var a = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Reset = reset });
            var b = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Reset = reset, Fold = false });
            for (int t = 0; t < 10; t++)
            {
                int[] x = [.. Enumerable.Range(0, 12).Where(_ => random.NextDouble() < 0.4)];
                a.Step(x);
                b.Step(x);
                Assert.Equal(b.Outputs[0].Active.ToArray(), a.Outputs[0].Active.ToArray());
            }
        }
    }

    [Fact]
    public void Step_DelaysByHistoryAndByRing_AgreeOnExactNumbers()
    {
        var random = new RandomStream(42);
        for (int run = 0; run < 200; run++)
        {
            int inputs = 1 + random.NextInt32(40), outputs = 1 + random.NextInt32(90), longest = run % 3 == 0 ? 64 : 26;
            byte[] delays = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (byte)random.NextInt32(longest))];
            var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(inputs)));
            net.Add("fc", NirNodeType.Linear, ("weight", Sixteenths(random, outputs, inputs)), ("edge_delays", NirArray.Of(delays, outputs, inputs)));
            net.Add("n", NirNodeType.IF, ("r", NetSketch.All(1, outputs)), ("v_threshold", NetSketch.All(1, outputs))).Add("output", NirNodeType.Output).Wire("input", "fc", "n", "output");
            SpikingNetwork Make(DelayKernel kernel, SimdLevel level) => SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Delays = kernel, BinaryInput = true, Reset = SpikeReset.Subtract, Simd = level });
            SpikingNetwork[] all = [Make(DelayKernel.Ring, SimdLevel.Best), Make(DelayKernel.History, SimdLevel.Scalar), Make(DelayKernel.History, SimdLevel.V128), Make(DelayKernel.History, SimdLevel.V256), Make(DelayKernel.History, SimdLevel.V512)];
            long spikes = 0;
            for (int t = 0; t < 90; t++)
            {
                int[] x = [.. Enumerable.Range(0, inputs).Where(_ => random.NextDouble() < 0.15)];
                foreach (var network in all) network.Step(x);
                foreach (var network in all) Assert.Equal(all[0].Outputs[0].Active.ToArray(), network.Outputs[0].Active.ToArray());
                spikes += all[0].Outputs[0].Active.Length;
            }
            Assert.True(spikes > 0);
        }
    }

    [Fact]
    public void Step_OneDelayedSynapse_ArrivesAfterItsDelay()
    {
        foreach (var kernel in (DelayKernel[])[DelayKernel.History, DelayKernel.Ring])
        {
            foreach (int delay in (int[])[0, 1, 31, 32, 63])
            {
                var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(2)));
                net.Add("fc", NirNodeType.Linear, ("weight", NetSketch.Floats([1, 0], 1, 2)), ("edge_delays", NirArray.Of([(byte)delay, (byte)0], 1, 2)));
                net.Add("n", NirNodeType.IF, ("r", NetSketch.Vector(1)), ("v_threshold", NetSketch.Vector(0.5f))).Add("output", NirNodeType.Output).Wire("input", "fc", "n", "output");
                var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Delays = kernel, BinaryInput = true });
                for (int t = 0; t < 70; t++)
                {
                    network.Step(t == 0 ? [0, 1] : []);
                    Assert.Equal(t == delay ? 1 : 0, network.Outputs[0].Active.Length);
                }
            }
        }
    }

    [Fact]
    public void Step_Int8OfWeightsThatEightBitsHold_EqualsFloat()
    {
        // Every row has a weight of ±127/128, so that one unit is 1/128 exactly: quantising changes nothing, and neither do sums in whole numbers.
        var random = new RandomStream(43);
        for (int run = 0; run < 60; run++)
        {
            bool image = run % 2 == 0;
            int inputs = image ? 4 : 30 + random.NextInt32(400), outputs = 1 + random.NextInt32(image ? 40 : 200);
            var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", image ? NirArray.Vector(4, 6, 7) : NirArray.Vector(inputs)));
            float[] w = Bytes(random, outputs, image ? 36 : inputs);
            int[] shape = image ? [outputs, 3, 4] : [outputs];
            if (image) net.Add("w", NirNodeType.Conv2d, ("weight", NirArray.Of(w, outputs, 4, 3, 3)), ("stride", NirArray.Vector(2, 2)), ("padding", NirArray.Vector(1, 1)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L)));
            else net.Add("w", NirNodeType.Linear, ("weight", NirArray.Of(w, outputs, inputs)));
            (string, NirValue)[] n = [("r", NetSketch.All(1, shape)), ("v_threshold", NetSketch.All(1.25f, shape)), .. run % 3 == 0 ? [("edge_levels", NirArray.Scalar(4L))] : Array.Empty<(string, NirValue)>()];
            net.Add("n", NirNodeType.IF, n).Add("flat", NirNodeType.Flatten).Add("fc2", NirNodeType.Linear, ("weight", NirArray.Of(Bytes(random, 9, outputs * (image ? 12 : 1)), 9, outputs * (image ? 12 : 1))));
            net.Add("n2", NirNodeType.I, ("r", NetSketch.All(1, 9))).Add("output", NirNodeType.Output).Wire("input", "w", "n", "flat", "fc2", "n2", "output");
            var options = new SpikingOptions { BinaryInput = true, Reset = SpikeReset.Subtract };
            var a = SpikingNetwork.Compile(net.Graph(), options);
            SpikingNetwork[] all = [.. ((SimdLevel[])[SimdLevel.Scalar, SimdLevel.V128, SimdLevel.V256, SimdLevel.V512]).Select(l => SpikingNetwork.Compile(net.Graph(), options with { Precision = SpikingPrecision.Int8, Simd = l }))];
            for (int t = 0; t < 6; t++)
            {
                int[] x = [.. Enumerable.Range(0, a.InputElements).Where(_ => random.NextDouble() < 0.5)];
                a.Step(x);
                foreach (var b in all)
                {
                    b.Step(x);
                    Assert.Equal(a.Outputs[0].Values.ToArray(), b.Outputs[0].Values.ToArray());
                }
            }
            Assert.Equal(a.Counters(0), all[0].Counters(0) with { DenseSteps = a.Counters(0).DenseSteps, SparseSteps = a.Counters(0).SparseSteps });
        }
    }

    [Fact]
    public void Step_Int8OfAnyWeights_IsTheQuantisedNetwork()
    {
        var random = new RandomStream(44);
        var w = new float[7, 50];
        for (int i = 0; i < w.Length; i++) w[i / 50, i % 50] = (float)random.NextGaussian();
        var network = SpikingNetwork.Compile(NetSketch.OneLayer(w, NirNodeType.I, ("r", NetSketch.All(1, 7))).Graph(), new SpikingOptions { Precision = SpikingPrecision.Int8, BinaryInput = true });
        int[] x = [.. Enumerable.Range(0, 50).Where(_ => random.NextDouble() < 0.5)];
        network.Step(x);
        for (int o = 0; o < 7; o++)
        {
            float largest = 0, exact = 0;
            int sum = 0;
            for (int i = 0; i < 50; i++) largest = Math.Max(largest, Math.Abs(w[o, i]));
            foreach (int i in x) sum += (int)Math.Round(w[o, i] / (largest / 127.0));
            foreach (int i in x) exact += w[o, i];
            Assert.Equal((float)(largest / 127.0) * sum, network.Outputs[0].Values[o]);
            // Each weight is off by half a unit at most.
            Assert.True(Math.Abs(exact - network.Outputs[0].Values[o]) <= x.Length * largest / 254 + 1e-4);
        }
    }

    [Fact]
    public void Step_IntegerSpikes_AreTheSumOfBinaryStepsTheyStandFor()
    {
        // QSD, spiking-networks.md §11.4: a spike of n adds what n spikes of 1 add.
        var random = new RandomStream(45);
        var w = Sixteenths(random, 11, 8);
        NetSketch Net() => new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(8))).Add("levels", NirNodeType.IF, ("r", NetSketch.All(1, 8)), ("v_threshold", NetSketch.All(1, 8)), ("edge_levels", NirArray.Scalar(4L)))
            .Add("fc", NirNodeType.Linear, ("weight", w)).Add("n", NirNodeType.I, ("r", NetSketch.All(1, 11))).Add("output", NirNodeType.Output).Wire("input", "levels", "fc", "n", "output");
        var binary = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(8))).Add("fc", NirNodeType.Linear, ("weight", w)).Add("n", NirNodeType.I, ("r", NetSketch.All(1, 11))).Add("output", NirNodeType.Output).Wire("input", "fc", "n", "output");
        foreach (var precision in (SpikingPrecision[])[SpikingPrecision.Float32, SpikingPrecision.Int8])
        {
            for (int run = 0; run < 50; run++)
            {
                float[] x = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble(-1, 6))];
                int[] level = [.. x.Select(v => (int)Math.Floor(Math.Clamp(v, 0, 4) + 0.5))];
                var a = SpikingNetwork.Compile(Net().Graph(), new SpikingOptions { Reset = SpikeReset.Subtract, Precision = precision });
                var b = SpikingNetwork.Compile(binary.Graph(), new SpikingOptions { BinaryInput = true, Precision = precision });
                a.StepDense(x);
                for (int t = 0; t < 4; t++) b.Step([.. Enumerable.Range(0, 8).Where(i => level[i] > t)]);
                // Int8 has units of its own that are no powers of two: one rounding per step, of sums below 32.
                for (int o = 0; o < 11; o++) Assert.True(Math.Abs(a.Outputs[0].Values[o] - b.Outputs[0].Values[o]) <= (precision == SpikingPrecision.Int8 ? 1e-5 : 0));
                Assert.Equal(level.Sum(), a.Counters(0).Spikes);
            }
        }
    }

    [Fact]
    public void Step_StatelessBinaryWeights_CountsBitsAsRowsAdd()
    {
        var random = new RandomStream(46);
        for (int run = 0; run < 40; run++)
        {
            int inputs = 1 + random.NextInt32(200), hidden = 1 + random.NextInt32(150);
            var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(inputs)));
            net.Add("fc1", NirNodeType.Affine, ("weight", Signs(hidden, inputs)), ("bias", NetSketch.All(-1.5f, hidden))).Add("t1", NirNodeType.Threshold, ("threshold", NetSketch.All(0.2f, hidden)));
            net.Add("fc2", NirNodeType.Linear, ("weight", Signs(20, hidden))).Add("t2", NirNodeType.Threshold, ("threshold", NetSketch.All(0.2f, 20))).Add("output", NirNodeType.Output);
            net.Wire("input", "fc1", "t1", "fc2", "t2", "output");
            var options = new SpikingOptions { BinaryInput = true };
            SpikingNetwork a = SpikingNetwork.Compile(net.Graph(), options with { Path = SpikingPath.Dense }), b = SpikingNetwork.Compile(net.Graph(), options with { Path = SpikingPath.Sparse });
            for (int t = 0; t < 5; t++)
            {
                int[] x = [.. Enumerable.Range(0, inputs).Where(_ => random.NextDouble() < 0.5)];
                a.Step(x);
                b.Step(x);
                Assert.Equal(DeterminismTests.Hash(b), DeterminismTests.Hash(a));
            }
        }

        NirArray Signs(int rows, int columns) => NirArray.Of([.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextInt32(3) - 1) * 0.5f)], rows, columns);
    }

    [Fact]
    public unsafe void FromBits_BothTwins_GiveTheSameList()
    {
        var random = new RandomStream(47);
        for (int run = 0; run < 200; run++)
        {
            int words = 1 + random.NextInt32(9);
            var bits = new AlignedArray<ulong>(words);
            for (int w = 0; w < words; w++) bits.Span[w] = (run % 4) switch { 0 => 0, 1 => ulong.MaxValue, 2 => random.NextUInt64(), _ => random.NextUInt64() & random.NextUInt64() & random.NextUInt64() };
            AlignedArray<int> a = new(words * 64 + SpikeLists.Slack), b = new(words * 64 + SpikeLists.Slack);
            int n = SpikeLists.FromBits(bits.Pointer, words, a.Pointer, SimdLevel.V512);
            Assert.Equal(SpikeLists.FromBitsScalar(bits.Pointer, words, b.Pointer), n);
            Assert.True(a.Span[..n].SequenceEqual(b.Span[..n]));
        }
    }

    [Fact]
    public void EstimateEnergy_SmallLayer_AgreesWithTheHand()
    {
        // spiking-networks.md §10: 4 -> 3, 2 active, no bias: 6 additions, 6 addresses, 24 bytes of weights read.
        var net = NetSketch.OneLayer(new float[3, 4], NirNodeType.IF, ("r", NetSketch.All(1, 3)), ("v_threshold", NetSketch.All(1, 3)));
        var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { BinaryInput = true });
        network.Step([0, 2]);
        var e = network.EstimateEnergy();
        double pico = 1e-12, weights = 12 * 4, state = 3 * 4;
        Assert.Equal((1, 6L), (e.Steps, e.SynapticOperations));
        Near(24 * (weights / 8192 * 2.5) * pico, e.Parameters);
        Near(6 * 0.1 * pico, e.Addressing);
        Near((6 * 0.1 + 3 * 3.2) * pico, e.Operations); // and one product and sum of decay per neuron
        Near(2 * state * (state / 8192 * 2.5) * pico, e.Potentials);
        Near(2 * 4 * (16.0 / 8192 * 2.5) * pico, e.InOut); // two of four inputs are active, nothing comes out
        Near(e.Operations + e.Addressing + e.InOut + e.Parameters + e.Potentials, e.Total);
        network.Step([]);
        // State costs even where nothing fires.
        Near(2 * e.Potentials, network.EstimateEnergy().Potentials);
        Near(e.Parameters, network.EstimateEnergy().Parameters);
        Assert.Equal([0, 1.25, 2.5, 5, 25, 25], ((double[])[0, 4096, 8192, 32768, 1048576, 1e9]).Select(EnergyModel.PerByte));

        static void Near(double expected, double actual) => Assert.InRange(actual, expected * (1 - 1e-12), expected * (1 + 1e-12) + 1e-30);
    }

    [Fact]
    public void Add_EventsOfOneStep_AreSortedMergedAndCounted()
    {
        var input = new SpikeInput(4, 3);
        input.Add([new Event(0, 3, 2, 1), new Event(0, 0, 0, 0), new Event(0, 3, 2, 1), new Event(0, 4, 0, 0), new Event(0, 0, 3, 0)]);
        Assert.Equal([0, 23], input.Active.ToArray());
        Assert.Equal([1, 2], input.Values.ToArray());
        Assert.Equal((3, 2L), (input.Events, input.Dropped));
        input.Clear();
        Assert.Equal((0, 0), (input.Active.Length, input.Events));
        var merged = new SpikeInput(4, 3, 1, isBinary: true);
        merged.Add([new Event(0, 1, 1, 0), new Event(0, 1, 1, 1)]);
        Assert.Equal([5], merged.Active.ToArray());
        Assert.Equal(0, merged.Values.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpikeInput(0, 3));
    }

    private static NirArray Sixteenths(RandomStream random, params int[] shape)
    {
        var data = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < data.Length; i++) data[i] = (random.NextInt32(33) - 14) / 16f;
        return NirArray.Of(data, shape);
    }

    private static float[] Bytes(RandomStream random, int rows, int columns)
    {
        var w = new float[rows * columns];
        for (int i = 0; i < w.Length; i++) w[i] = i % columns == 0 ? 127 / 128f : (random.NextInt32(255) - 127) / 128f;
        return w;
    }
}
