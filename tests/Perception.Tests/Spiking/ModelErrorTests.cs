namespace EdgeAutonomy.Perception.Tests;

public class ModelErrorTests
{
    private static readonly (string, NirValue)[] If2 = [("r", NetSketch.All(1, 2)), ("v_threshold", NetSketch.All(1, 2))];

    public static TheoryData<string, string, string> Cases { get; } = new()
    {
        { "missing", "", "names a missing node 'nowhere'" },
        { "twice", "n", "'n'" },
        { "shape", "n", "has parameters of shape [3], but 'fc' gives [2]" },
        { "inputs", "fc", "takes 5 inputs, but 'input' has shape [2]" },
        { "nan", "fc", "weight[1] = NaN" },
        { "infinite", "fc", "weight[0] = Infinity" },
        { "overflow", "fc", "must be finite and fit 32 bits" },
        { "loop", "x", "form a loop without a neuron" },
        { "tau", "n", "a time constant must be positive" },
        { "euler", "n", "grow without end" },
        { "noparameter", "n", "has no parameter 'r'" },
        { "output", "output", "has shape [7]" },
        { "noinput", "lonely", "gets no input" },
        { "twoinputs", "input2", "is a second Input" },
        { "intoinput", "input", "has an edge into it" },
        { "reset", "n", "edge_reset 'sometimes'" },
        { "levels", "n", "edge_levels 0.5" },
        { "delay", "d", "delay[0] = -1" },
        { "delaycount", "fc", "edge_delays of shape [1, 1]" },
        { "delaylong", "fc", "must be in [0, 63] steps" },
        { "rank", "fc", "it must have 2 extents" },
        { "groups", "conv", "takes 6 channels, but its input has 2" },
        { "kernel", "conv", "reaches over 9 rows" },
        { "stride", "conv", "stride 0" },
        { "padding", "conv", "padding 'circular'" },
        { "image", "conv", "it needs [channels, rows, columns]" },
        { "empty", "", "has no nodes" },
        { "sums", "n", "sums 'fc' of shape [2] and 'fc2' of shape [3]" },
        { "huge", "input", "at most" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_BrokenNetwork_SaysWhatAndWhereInOneSentence(string what, string node, string message)
    {
        var e = Assert.Throws<SpikingModelException>(() => SpikingNetwork.Compile(Broken(what), new SpikingOptions { Dt = 1 }));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        if (node.Length > 0) Assert.Contains(node, e.Node + e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0), InlineData(-1.0), InlineData(1e9), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Compile_ImpossibleDt_IsRefused(double dt)
    {
        var e = Assert.Throws<SpikingModelException>(() => SpikingNetwork.Compile(Good().Graph(), new SpikingOptions { Dt = dt }));
        Assert.Contains("Dt is", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_GoodNetworkOfTheseTests_Compiles() => Assert.Empty(SpikingNetwork.Compile(Good().Graph()).Warnings);

    [Fact]
    public void Step_ValuesThatAreNoNumbersOrOutOfRange_AreDroppedAndCounted()
    {
        var network = SpikingNetwork.Compile(Good().Graph());
        network.Step([0, 1, 2, -1], [float.NaN, 1, 1, 1]);
        Assert.Equal(3, network.DroppedInputs);
        network.StepDense([float.PositiveInfinity, 0.5f]);
        Assert.Equal(4, network.DroppedInputs);
        network.Step([5, 1]);
        Assert.Equal(5, network.DroppedInputs);
        Assert.Throws<ArgumentException>(() => network.StepDense([1]));
        Assert.Throws<ArgumentException>(() => network.Step([0, 1], [1f]));
        Assert.Throws<ArgumentException>(() => network.Step(new SpikeInput(5, 5)));
        Assert.Throws<ArgumentException>(() => network.Membrane("n", new float[2]));
    }

    [Fact]
    public void Step_InputsNamedTwice_AddUpOrCountOnce()
    {
        var net = NetSketch.OneLayer(new[,] { { 1f, 0.25f } }, NirNodeType.I, ("r", NetSketch.Vector(1)));
        var sum = SpikingNetwork.Compile(net.Graph());
        var once = SpikingNetwork.Compile(net.Graph(), new SpikingOptions { BinaryInput = true });
        foreach (var network in (SpikingNetwork[])[sum, once])
        {
            network.Step([1, 0, 1]);
            network.Step([0, 0], [2, -2]);
        }
        Assert.Equal(1.5f, sum.Outputs[0].Values[0]);
        Assert.Equal(2.25f, once.Outputs[0].Values[0]);
    }

    private static NetSketch Good() => NetSketch.OneLayer(new[,] { { 1f, 2f }, { 3f, 4f } }, NirNodeType.IF, If2);

    private static NirGraph Broken(string what)
    {
        var net = Good();
        NirNode Linear(string name, NirArray weight, params (string, NirValue)[] more) => new NetSketch().Add(name, NirNodeType.Linear, [("weight", weight), .. more]).Nodes[0];
        void Replace(string name, NirNode node) => net.Nodes[net.Nodes.FindIndex(n => n.Name == name)] = node;
        void Neuron(NirNodeType type, params (string, NirValue)[] p) => Replace("n", new NetSketch().Add("n", type, p).Nodes[0]);
        void Conv(NirValue weight, params (string, NirValue)[] p)
        {
            Replace("input", new NetSketch().Add("input", NirNodeType.Input, ("shape", what == "image" ? NirArray.Vector(8) : NirArray.Vector(2, 4, 4))).Nodes[0]);
            var all = new Dictionary<string, NirValue> { ["weight"] = weight, ["stride"] = NirArray.Vector(1, 1), ["padding"] = NirArray.Vector(0, 0), ["dilation"] = NirArray.Vector(1, 1), ["groups"] = NirArray.Scalar(1L) };
            foreach (var (name, value) in p) all[name] = value;
            Replace("fc", new NirNode("conv", NirNodeType.Conv2d, new NirGroup(all)));
            for (int i = 0; i < net.Edges.Count; i++) net.Edges[i] = new NirEdge(net.Edges[i].From == "fc" ? "conv" : net.Edges[i].From, net.Edges[i].To == "fc" ? "conv" : net.Edges[i].To);
            Neuron(NirNodeType.IF, ("r", NetSketch.All(1)), ("v_threshold", NetSketch.All(1)));
        }
        (string, NirValue)[] lif = [("r", NetSketch.All(1, 2)), ("v_leak", NetSketch.All(0, 2)), ("v_threshold", NetSketch.All(1, 2))];
        switch (what)
        {
            case "missing": net.Wire("n", "nowhere"); break;
            case "twice": net.Nodes.Add(net.Nodes[2]); break;
            case "shape": Neuron(NirNodeType.IF, ("r", NetSketch.All(1, 3)), ("v_threshold", NetSketch.All(1, 3))); break;
            case "inputs": Replace("fc", Linear("fc", NetSketch.All(1, 2, 5))); break;
            case "nan": Replace("fc", Linear("fc", NetSketch.Floats([1, float.NaN, 1, 1], 2, 2))); break;
            case "infinite": Replace("fc", Linear("fc", NetSketch.Floats([float.PositiveInfinity, 1, 1, 1], 2, 2))); break;
            case "overflow": Replace("fc", Linear("fc", NirArray.Of([1e300, 1, 1, 1], 2, 2))); break;
            case "loop":
                net.Add("x", NirNodeType.Scale, ("scale", NetSketch.All(1, 2))).Add("y", NirNodeType.Scale, ("scale", NetSketch.All(1, 2)));
                net.Wire("x", "y", "x").Wire("y", "n");
                break;
            case "tau": Neuron(NirNodeType.LIF, [("tau", NetSketch.All(0, 2)), .. lif]); break;
            case "euler": Neuron(NirNodeType.LIF, [("tau", NetSketch.All(0.4f, 2)), .. lif]); break;
            case "noparameter": Neuron(NirNodeType.IF, ("v_threshold", NetSketch.All(1, 2))); break;
            case "output": Replace("output", new NetSketch().Add("output", NirNodeType.Output, ("shape", NirArray.Vector(7))).Nodes[0]); break;
            case "noinput": net.Nodes.Add(Linear("lonely", NetSketch.All(1, 2, 2))); net.Wire("lonely", "n"); break;
            case "twoinputs": net.Add("input2", NirNodeType.Input, ("shape", NirArray.Vector(2))).Wire("input2", "n"); break;
            case "intoinput": net.Wire("n", "input"); break;
            case "reset": Neuron(NirNodeType.IF, [.. If2, ("edge_reset", new NirText("sometimes"))]); break;
            case "levels": Neuron(NirNodeType.IF, [.. If2, ("edge_levels", NirArray.Scalar(0.5))]); break;
            case "delay":
                net.Add("d", NirNodeType.Delay, ("delay", NirArray.Of([-1.0, 0.0], 2)));
                net.Edges.RemoveAll(e => e.To == "output");
                net.Wire("n", "d", "output");
                break;
            case "delaycount": Replace("fc", Linear("fc", NetSketch.All(1, 2, 2), ("edge_delays", NirArray.Of([(byte)1], 1, 1)))); break;
            case "delaylong": Replace("fc", Linear("fc", NetSketch.All(1, 2, 2), ("edge_delays", NirArray.Of([(byte)1, (byte)64, (byte)0, (byte)0], 2, 2)))); break;
            case "rank": Replace("fc", Linear("fc", NetSketch.All(1, 4))); break;
            case "groups": Conv(NetSketch.All(1, 4, 3, 1, 1), ("groups", NirArray.Scalar(2L))); break;
            case "kernel": Conv(NetSketch.All(1, 2, 2, 3, 1), ("dilation", NirArray.Vector(4, 1)), ("padding", NirArray.Vector(2, 0))); break;
            case "stride": Conv(NetSketch.All(1, 2, 2, 1, 1), ("stride", NirArray.Vector(0, 1))); break;
            case "padding": Conv(NetSketch.All(1, 2, 2, 1, 1), ("padding", new NirText("circular"))); break;
            case "image": Conv(NetSketch.All(1, 2, 2, 1, 1)); break;
            case "empty": return new NirGraph([], []);
            case "sums": net.Nodes.Add(Linear("fc2", NetSketch.All(1, 3, 2))); net.Wire("input", "fc2", "n"); break;
            case "huge": Replace("input", new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(1L << 27, 1L << 27))).Nodes[0]); break;
            default: throw new InvalidOperationException(what);
        }
        return net.Graph();
    }
}
