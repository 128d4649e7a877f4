using System.Globalization;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class ModelTests
{
    [SkippableTheory]
    [InlineData(true), InlineData(false)]
    public void Step_PublishedLifTrace_SpikesAndMembranesAgree(bool fold)
    {
        // Network and trace: NIR paper, lif_norse.nir; spikes as in expected-lif.json. 1e-6: both compute in float32, 2.4e-8 apart at best (spiking-networks.md §2.1).
        var (input, membranes) = Trace("lif_norse.csv");
        var network = SpikingNetwork.Compile(Norse().Graph(), new SpikingOptions { Dt = 1e-4, Fold = fold, Probes = ["1"] });
        var (spikes, v) = Play(network, input, "1");
        Assert.Equal([460, 510, 710, 760], spikes);
        for (int t = 0; t < v.Length; t++) Assert.True(Math.Abs(v[t] - membranes[t]) <= 1e-6, $"step {t}: {v[t]:R}, published {membranes[t]:R}");
    }

    [SkippableTheory]
    [InlineData("lif_rockpool.csv", 0.04), InlineData("lif_sinabs.csv", 1.0)]
    public void Step_PublishedTracesOfExponentialDecay_Agree(string file, double gain)
    {
        // Both add an input of 0.04 whole and decay by e^(−dt/τ); rockpool's trace shows the event, sinabs's the weighted one. The exponential form takes R·(1 − a).
        var (input, membranes) = Trace(file);
        double a = DeterministicMath.Exp(-0.04);
        var net = NetSketch.OneLayer(new[,] { { 1f } }, NirNodeType.LIF, ("tau", NetSketch.Vector(0.0025f)), ("r", NetSketch.Vector((float)(gain / (1 - a)))), ("v_leak", NetSketch.Vector(0)), ("v_threshold", NetSketch.Vector(0.1f)));
        var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Dt = 1e-4, Discretisation = SpikeDiscretisation.Exponential, Probes = ["n"] });
        var (spikes, v) = Play(network, input, "n");
        Assert.Equal([450, 500, 710, 760], spikes);
        for (int t = 0; t < 450; t++) Assert.True(Math.Abs(v[t] - membranes[t]) <= 1e-6, $"step {t}: {v[t]:R}, published {membranes[t]:R}");
    }

    [Fact]
    public void Step_TwoNeuronsOfNir_FirstFiresEvery179Steps()
    {
        // two_lif_neurons.nir: the first neuron's leak lies above its threshold; steps from spiking-networks.md §13.
        var network = SpikingNetwork.Compile(TwoLif().Graph(), new SpikingOptions { Dt = 1e-4, Probes = ["lif1", "lif2"] });
        var fired = new List<int>();
        float[] v = new float[1], before = new float[1];
        for (int t = 0; t < 1000; t++)
        {
            network.Membrane("lif2", before);
            network.Step([]);
            network.Membrane("lif2", v);
            float jump = v[0] - before[0] * 0.99f;
            if (jump > 0.005f)
            {
                fired.Add(t);
                Assert.True(Math.Abs(jump - 0.01f) < 1e-6, $"jump of {jump}"); // dt/τ·R·w = 0.01
            }
            Assert.Empty(network.Outputs[0].Active.ToArray());
        }
        Assert.Equal([178, 357, 536, 715, 894], fired);
    }

    [Theory]
    [InlineData(0.02), InlineData(0.1), InlineData(0.25), InlineData(0.5)]
    public void Step_SineIntoLeakyIntegrator_GainIsThatOfALowPass(double frequency)
    {
        // |H| = g/√(1 + a² − 2a·cos 2πf), Max-Former §11.5. 1e-3: the sine is sampled over whole periods, so only float32 rounding is left.
        const float Tau = 4;
        var net = NetSketch.OneLayer(new[,] { { 1f } }, NirNodeType.LI, ("tau", NetSketch.Vector(Tau)), ("r", NetSketch.Vector(Tau)), ("v_leak", NetSketch.Vector(0)));
        var network = SpikingNetwork.Compile(net.Graph());
        double a = 1 - 1 / (double)Tau, sine = 0, cosine = 0;
        const int Settle = 200, Steps = 1000;
        for (int t = 0; t < Settle + Steps; t++)
        {
            // A quarter period ahead, so that the highest frequency is not sampled at its zeros.
            double phase = 2 * Math.PI * frequency * t + Math.PI / 2;
            network.StepDense([(float)DeterministicMath.Sin(phase)]);
            if (t < Settle) continue;
            sine += network.Outputs[0].Values[0] * DeterministicMath.Sin(phase);
            cosine += network.Outputs[0].Values[0] * DeterministicMath.Cos(phase);
        }
        double scale = frequency == 0.5 ? 1.0 / Steps : 2.0 / Steps;
        double measured = Math.Sqrt(sine * sine + cosine * cosine) * scale, expected = 1 / Math.Sqrt(1 + a * a - 2 * a * DeterministicMath.Cos(2 * Math.PI * frequency));
        Assert.InRange(measured / expected, 0.999, 1.001);
    }

    [Fact]
    public void Compile_LoopOfTwoNeurons_DelaysOnlyTheWayBack()
    {
        // a -> b in the same step, b -> a one step later: a spike of a at step 0 comes back at step 1, again and again.
        var net = new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(1)));
        net.Add("b", NirNodeType.IF, ("r", NetSketch.Vector(1)), ("v_threshold", NetSketch.Vector(0.5f))).Add("a", NirNodeType.IF, ("r", NetSketch.Vector(1)), ("v_threshold", NetSketch.Vector(0.5f)));
        net.Add("there", NirNodeType.Linear, ("weight", NetSketch.Floats([1], 1, 1))).Add("back", NirNodeType.Linear, ("weight", NetSketch.Floats([1], 1, 1)));
        net.Add("outA", NirNodeType.Output).Add("outB", NirNodeType.Output);
        net.Wire("input", "a", "there", "b", "back", "a").Wire("a", "outA").Wire("b", "outB");
        foreach (bool fold in (bool[])[true, false])
        {
            var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Fold = fold });
            for (int t = 0; t < 5; t++)
            {
                network.Step(t == 0 ? [0] : []);
                Assert.Equal(("outA", 1, "outB", 1), (network.Outputs[0].Name, network.Outputs[0].Active.Length, network.Outputs[1].Name, network.Outputs[1].Active.Length));
            }
        }
        // Without the way back it happens once.
        net.Edges.RemoveAll(e => e.From == "back");
        var open = SpikingNetwork.Compile(net.Graph());
        open.Step([0]);
        open.Step([]);
        Assert.Equal(0, open.Outputs[1].Active.Length);
        Assert.Contains(open.Warnings, w => w.Contains("'back'", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_NestedGraph_RunsAsThePlainOne()
    {
        var inner = new NetSketch().Add("in", NirNodeType.Input, ("shape", NirArray.Vector(3))).Add("n", NirNodeType.IF, ("r", NetSketch.All(1, 3)), ("v_threshold", NetSketch.All(0.9f, 3)))
            .Add("rec", NirNodeType.Linear, ("weight", NetSketch.Floats([0, 1, 0, 0, 0, 1, 1, 0, 0], 3, 3))).Add("out", NirNodeType.Output, ("shape", NirArray.Vector(3)));
        inner.Wire("in", "n", "out").Wire("n", "rec", "n");
        var fc = new NirNode("fc", NirNodeType.Linear, new NirGroup(new Dictionary<string, NirValue> { ["weight"] = NetSketch.Floats([1, 0, 0, 1, 1, 0], 3, 2) }));
        var input = new NirNode("input", NirNodeType.Input, new NirGroup(new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(2) }));
        var output = new NirNode("output", NirNodeType.Output);
        var graph = new NirGraph([input, fc, new NirNode("sub", NirNodeType.NIRGraph, graph: inner.Graph()), output], [new("input", "fc"), new("fc", "sub"), new("sub", "output")]);
        var network = SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1 });
        int[][] expected = [[0, 2], [1, 2], [0, 1]];
        for (int t = 0; t < 3; t++)
        {
            network.Step(t == 0 ? [0] : []);
            // Spikes go round: rec sends 1 -> 0, 2 -> 1, 0 -> 2.
            Assert.Equal(expected[t], network.Outputs[0].Active.ToArray());
        }
        Assert.Equal("sub/n", network.Counters(network.LayerCount - 1).Name);
    }

    [Fact]
    public void Compile_NoInputNorOutput_AreAddedWithWarnings()
    {
        var net = new NetSketch().Add("fc", NirNodeType.Linear, ("weight", NetSketch.Floats([1, 2], 1, 2))).Add("n", NirNodeType.IF, ("r", NetSketch.Vector(1)), ("v_threshold", NetSketch.Vector(1)));
        net.Wire("fc", "n").Wire("fc", "n");
        var network = SpikingNetwork.Compile(net.Graph());
        Assert.Equal([2], network.InputShape.ToArray());
        Assert.Equal(3, network.Warnings.Count);
        network.Step([1]);
        Assert.Equal([0], network.Outputs[0].Active.ToArray());
    }

    [Fact]
    public void Compile_OutputOfAnotherShapeButSameCount_IsTakenWithAWarning()
    {
        var net = Norse();
        net.Nodes[^1] = new NirNode("output", NirNodeType.Output, new NirGroup(new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(1, 1, 1) }));
        var network = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { Dt = 1e-4 });
        Assert.Contains("[1, 1, 1]", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if", 1.0, 1.0), InlineData("if", 1e4, 1e-4), InlineData("lif", 10.0, 1e-4), InlineData("if", 3.0, null), InlineData("lif", 1.0, null)]
    public void Compile_WithoutDt_GuessesOrAsks(string kind, double r, double? expected)
    {
        // spiking-nir.md §4.1; tau is 1 ms.
        var net = kind == "if"
            ? NetSketch.OneLayer(new[,] { { 1f } }, NirNodeType.IF, ("r", NetSketch.Vector((float)r)), ("v_threshold", NetSketch.Vector(1)))
            : NetSketch.OneLayer(new[,] { { 1f } }, NirNodeType.LIF, ("tau", NetSketch.Vector(1e-3f)), ("r", NetSketch.Vector((float)r)), ("v_leak", NetSketch.Vector(0)), ("v_threshold", NetSketch.Vector(1)));
        var graph = new NirGraph(net.Nodes, net.Edges);
        if (expected is { } dt) Assert.Equal(dt, SpikingNetwork.Compile(graph).Dt);
        else Assert.Contains("set Dt", Assert.Throws<SpikingModelException>(() => SpikingNetwork.Compile(graph)).Message, StringComparison.Ordinal);
    }

    internal static NetSketch Norse() => new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(1)))
        .Add("0", NirNodeType.Affine, ("weight", NetSketch.Floats([1], 1, 1)), ("bias", NetSketch.Vector(0)))
        .Add("1", NirNodeType.LIF, ("tau", NetSketch.Vector(0.0024999999441206455f)), ("r", NetSketch.Vector(1)), ("v_leak", NetSketch.Vector(0)), ("v_threshold", NetSketch.Vector(0.1f)))
        .Add("output", NirNodeType.Output, ("shape", NirArray.Vector(1))).Wire("input", "0", "1", "output");

    private static NetSketch TwoLif()
    {
        (string, NirValue)[] Lif(double leak, double threshold) => [("tau", NirArray.Of([0.01], 1)), ("r", NirArray.Of([1.0], 1)), ("v_leak", NirArray.Of([leak], 1)), ("v_threshold", NirArray.Of([threshold], 1))];
        return new NetSketch().Add("in", NirNodeType.Input, ("shape", NirArray.Vector(1))).Add("linear1", NirNodeType.Linear, ("weight", NirArray.Of([1.0], 1, 1)))
            .Add("lif1", NirNodeType.LIF, Lif(1.2, 1)).Add("linear2", NirNodeType.Linear, ("weight", NirArray.Of([1.0], 1, 1))).Add("lif2", NirNodeType.LIF, Lif(0, 20))
            .Add("out", NirNodeType.Output, ("shape", NirArray.Vector(1))).Wire("in", "linear1", "lif1", "linear2", "lif2", "out");
    }

    private static (float[] Input, float[] Membrane) Trace(string file)
    {
        string[] lines = File.ReadAllLines(SharedData.Require("nir/lif-traces/" + file));
        float[][] rows = [.. lines.Select(l => l.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
        return ([.. rows.Select(r => r[0])], [.. rows.Select(r => r[1])]);
    }

    private static (List<int> Spikes, float[] Membrane) Play(SpikingNetwork network, float[] input, string node)
    {
        var spikes = new List<int>();
        float[] membrane = new float[input.Length], v = new float[1];
        for (int t = 0; t < input.Length; t++)
        {
            network.StepDense([input[t]]);
            if (network.Outputs[0].Active.Length > 0) spikes.Add(t);
            network.Membrane(node, v);
            membrane[t] = v[0];
        }
        return (spikes, membrane);
    }
}
