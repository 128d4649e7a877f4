using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class DeterminismTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.V128, SimdLevel.V256, SimdLevel.V512];

    [Theory]
    [InlineData(0.01), InlineData(0.1), InlineData(0.5), InlineData(1.0)]
    public void Step_EveryWidthAndPath_GivesTheSameHash(double rate)
    {
        foreach (bool isBinary in (bool[])[true, false])
        {
            ulong? expected = null;
            foreach (var path in (SpikingPath[])[SpikingPath.Sparse, SpikingPath.Dense, SpikingPath.Auto])
            {
                foreach (var level in Levels)
                {
                    var network = SpikingNetwork.Compile(Convolutions().Graph(), new SpikingOptions { Path = path, Simd = level, BinaryInput = isBinary });
                    var dense = SpikingNetwork.Compile(Dense().Graph(), new SpikingOptions { Path = path, Simd = level, BinaryInput = isBinary });
                    ulong hash = Run(network, rate, out long spikes) ^ Run(dense, rate, out _);
                    Assert.True(spikes > 50, $"{spikes} spikes show little");
                    expected ??= hash;
                    Assert.True(expected == hash, $"{path} {level} binary {isBinary} at {rate}: {hash:x16}, must be {expected:x16}");
                    var counters = network.Counters(0);
                    if (path == SpikingPath.Dense) Assert.Equal((8L, 0L), (counters.DenseSteps, counters.SparseSteps));
                    if (path == SpikingPath.Sparse) Assert.Equal((0L, 8L), (counters.DenseSteps, counters.SparseSteps));
                }
            }
        }
    }

    [Fact]
    public void Step_FixedNetwork_HashIsTheSameOnEveryMachine()
    {
        // Made on x86-64 with AVX-512; run the tests with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0 to see it elsewhere.
        ulong hash = Run(SpikingNetwork.Compile(Convolutions().Graph()), 0.3, out _) ^ Run(SpikingNetwork.Compile(Dense().Graph(), new SpikingOptions { Reset = SpikeReset.Subtract }), 0.3, out _);
        Assert.Equal(0x8C6C8CE46B469A60UL, hash);
    }

    [Fact]
    public void Step_OneWeightSlightlyLarger_GivesAnotherHash()
    {
        // The comparison above could see a difference.
        NetSketch a = Dense(), b = Dense();
        float[] w = b.Nodes[1].Required("weight").ToSingle();
        w[5] *= 1.0001f;
        b.Nodes[1] = new NirNode("fc1", NirNodeType.Linear, new NirGroup(new Dictionary<string, NirValue> { ["weight"] = NirArray.Of(w, 70, 50) }));
        Assert.NotEqual(Run(SpikingNetwork.Compile(a.Graph()), 0.5, out _), Run(SpikingNetwork.Compile(b.Graph()), 0.5, out _));
    }

    [Fact]
    public void Step_CountersOfBothPaths_AreEqual()
    {
        var sparse = SpikingNetwork.Compile(Convolutions().Graph(), new SpikingOptions { Path = SpikingPath.Sparse });
        var dense = SpikingNetwork.Compile(Convolutions().Graph(), new SpikingOptions { Path = SpikingPath.Dense });
        Run(sparse, 0.2, out _);
        Run(dense, 0.2, out _);
        for (int l = 0; l < sparse.LayerCount; l++)
        {
            Assert.Equal(sparse.Counters(l).SynapticOperations, dense.Counters(l).SynapticOperations);
            Assert.Equal(sparse.Counters(l).Spikes, dense.Counters(l).Spikes);
            Assert.True(sparse.Counters(l).SynapticOperations > 0);
        }
    }

    [Fact]
    public void Step_EventsInAnyOrderAndAnyBatches_GiveTheSameState()
    {
        var random = new RandomStream(11);
        SpikingNetwork a = SpikingNetwork.Compile(Convolutions().Graph()), b = SpikingNetwork.Compile(Convolutions().Graph());
        SpikeInput whole = new(16, 12), parts = new(16, 12);
        for (int t = 0; t < 20; t++)
        {
            Event[] events = [.. Enumerable.Range(0, 60).Select(_ => new Event(t * 1000, (ushort)random.NextInt32(17), (ushort)random.NextInt32(12), (byte)random.NextInt32(2)))];
            whole.Clear();
            whole.Add(events);
            NetSketch.Shuffle(events.AsSpan(), random);
            parts.Clear();
            for (int at = 0; at < events.Length;)
            {
                int n = Math.Min(events.Length - at, 1 + random.NextInt32(20));
                parts.Add(events.AsSpan(at, n));
                at += n;
            }
            a.Step(whole);
            b.Step(parts);
            Assert.Equal(Hash(a), Hash(b));
        }
        Assert.Equal(whole.Dropped, parts.Dropped);
        Assert.True(whole.Dropped > 0);
        Assert.Equal(0, a.DroppedInputs);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Thaw_InTheMiddle_ContinuesBitForBit(bool fold)
    {
        var random = new RandomStream(21);
        var nets = new RandomNets(random);
        for (int run = 0; run < 300; run++)
        {
            var options = nets.Options() with { Fold = fold, Delays = run % 2 == 0 ? DelayKernel.History : DelayKernel.Ring };
            var sketch = nets.Sketch(options);
            SpikingNetwork a = SpikingNetwork.Compile(sketch.Graph(), options), b = SpikingNetwork.Compile(sketch.Graph(), options);
            for (int t = 0; t < 6; t++) a.StepDense(nets.Input(a.InputElements, false, 0.4));
            // The other one has a past of its own, which must not show.
            b.StepDense(nets.Input(b.InputElements, false, 0.9));
            var state = new ArrayBufferWriter<byte>();
            a.Freeze(state);
            b.Thaw(state.WrittenSpan);
            Assert.Equal(a.Outputs[0].Values.ToArray(), b.Outputs[0].Values.ToArray());
            Assert.Equal(a.EstimateEnergy(), b.EstimateEnergy());
            for (int t = 0; t < 6; t++)
            {
                float[] x = nets.Input(a.InputElements, false, 0.4);
                a.StepDense(x);
                b.StepDense(x);
                Assert.Equal(Hash(a), Hash(b));
            }
            Assert.Equal((a.Steps, a.DroppedInputs), (b.Steps, b.DroppedInputs));
            Assert.Equal(a.Counters(0), b.Counters(0));
        }
    }

    [Fact]
    public void Thaw_DamagedOrForeignState_IsRefused()
    {
        var network = SpikingNetwork.Compile(Dense().Graph());
        Run(network, 0.3, out _);
        var state = new ArrayBufferWriter<byte>();
        network.Freeze(state);
        byte[] bytes = state.WrittenSpan.ToArray();
        for (int n = 0; n < bytes.Length; n += 97) Assert.Throws<InvalidDataException>(() => network.Thaw(bytes.AsSpan(0, n)));
        Assert.Throws<InvalidDataException>(() => network.Thaw([.. bytes, 0]));
        var e = Assert.Throws<InvalidDataException>(() => SpikingNetwork.Compile(Convolutions().Graph()).Thaw(bytes));
        Assert.Contains("network", e.Message, StringComparison.Ordinal);
        bytes[0]++;
        Assert.Contains("version", Assert.Throws<InvalidDataException>(() => network.Thaw(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_AfterSomeSteps_StartsOver()
    {
        var network = SpikingNetwork.Compile(Convolutions().Graph());
        ulong first = Run(network, 0.3, out _), fresh;
        network.Reset();
        Assert.Equal((0L, 0), (network.Steps, network.Outputs[0].Active.Length));
        Assert.All(network.Outputs[0].Values.ToArray(), v => Assert.Equal(0, v));
        fresh = Run(network, 0.3, out _);
        Assert.Equal(first, fresh);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Step_TenThousandSteps_AllocatesNothing(int run)
    {
        var nets = new RandomNets(new RandomStream(31 + (ulong)run));
        var options = nets.Options() with { Delays = (DelayKernel)(run % 3), Path = SpikingPath.Auto, Simd = SimdLevel.Best };
        // Few spikes into the convolutions: it is the number of steps that counts here.
        var network = SpikingNetwork.Compile((run < 2 ? run == 0 ? Convolutions() : Dense() : nets.Sketch(options)).Graph(), options);
        float[][] inputs = [.. Enumerable.Range(0, 16).Select(i => nets.Input(network.InputElements, false, run == 0 ? 0.001 * i : i / 16.0))];
        int[][] lists = [.. inputs.Select(x => Enumerable.Range(0, x.Length).Where(i => x[i] != 0).ToArray())];
        float sum = 0;
        Assert.Equal(0, Allocations.Least(3, _ =>
        {
            for (int t = 0; t < 10_000; t++)
            {
                if ((t & 1) == 0) network.StepDense(inputs[t & 15]);
                else network.Step(lists[t & 15]);
                sum += network.Outputs[0].Active.Length + network.Outputs[0].Values[0];
            }
        }));
    }

    internal static ulong Hash(SpikingNetwork network)
    {
        var hasher = new StateHasher(1);
        network.AddTo(ref hasher);
        return hasher.Value;
    }

    // 2 channels; 24 (not a multiple of 16), 64 and 80 output channels; strides 1 and 2; a pool between.
    internal static NetSketch Convolutions()
    {
        var random = new RandomStream(5);
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(2, 12, 16)));
        Conv("conv1", 24, 2, 3, 1);
        net.Add("if1", NirNodeType.IF, Neuron(24, 12, 16)).Wire("input", "conv1", "if1");
        Conv("conv2", 64, 24, 3, 2);
        net.Add("lif2", NirNodeType.IF, Neuron(64, 6, 8)).Wire("if1", "conv2", "lif2");
        net.Add("pool", NirNodeType.SumPool2d, ("kernel_size", NirArray.Vector(2, 2)), ("stride", NirArray.Vector(2, 2)), ("padding", NirArray.Vector(0, 0)));
        Conv("conv3", 80, 64, 3, 1);
        net.Add("n3", NirNodeType.IF, Neuron(80, 3, 4)).Add("output", NirNodeType.Output).Wire("lif2", "pool", "conv3", "n3", "output");
        return net;

        void Conv(string name, int outputs, int inputs, int k, int s) => net.Add(
            name, NirNodeType.Conv2d, ("weight", Weights(1.2 / Math.Sqrt(inputs), outputs, inputs, k, k)), ("stride", NirArray.Vector(s, s)), ("padding", NirArray.Vector(1, 1)),
            ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L)), ("bias", Weights(0.05, outputs)));

        NirArray Weights(double size, params int[] shape)
        {
            var data = new float[shape.Aggregate(1, (a, b) => a * b)];
            for (int i = 0; i < data.Length; i++) data[i] = (float)(random.NextGaussian() * size);
            return NirArray.Of(data, shape);
        }

        static (string, NirValue)[] Neuron(params int[] shape) => [("r", NetSketch.All(1, shape)), ("v_threshold", NetSketch.All(1, shape))];
    }

    internal static NetSketch Dense()
    {
        var random = new RandomStream(6);
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(50)));
        int last = 50, n = 0;
        string before = "input";
        foreach (int size in (int[])[70, 300, 33])
        {
            n++;
            var w = new float[size * last];
            for (int i = 0; i < w.Length; i++) w[i] = (float)(random.NextGaussian() * 2 / Math.Sqrt(last));
            net.Add($"fc{n}", NirNodeType.Linear, ("weight", NirArray.Of(w, size, last))).Add($"n{n}", NirNodeType.IF, ("r", NetSketch.All(1, size)), ("v_threshold", NetSketch.All(1, size)));
            net.Wire(before, $"fc{n}", $"n{n}");
            (before, last) = ($"n{n}", size);
        }
        net.Add("output", NirNodeType.Output);
        return net.Wire(before, "output");
    }

    private static ulong Run(SpikingNetwork network, double rate, out long spikes)
    {
        var random = new RandomStream(99);
        spikes = 0;
        ulong hash = 0;
        for (int t = 0; t < 8; t++)
        {
            int[] active = [.. Enumerable.Range(0, network.InputElements).Where(_ => random.NextDouble() < rate)];
            float[] values = [.. active.Select(i => i % 3 == 0 ? 1 : 0.3f + i % 5)];
            if (t % 2 == 0) network.Step(active);
            else network.Step(active, values);
            hash = hash * 31 + Hash(network);
            spikes += network.Outputs[0].Active.Length;
        }
        return hash;
    }
}
