using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class OnnxExportTests
{
    private const double Dt = 1e-3;

    private static NirNode Node(string name, NirNodeType type, params (string Name, NirArray Value)[] parameters) =>
        new(name, type, new NirGroup(parameters.ToDictionary(p => p.Name, p => (NirValue)p.Value)));

    private static NirNode With(NirNode node, string key, NirValue value) => new(node.Name, node.Type, node.Parameters, node.Metadata.With(key, value), node.Graph);

    private static NirGraph Chain(params NirNode[] nodes) => new(nodes, [.. nodes.Zip(nodes.Skip(1), (a, b) => new NirEdge(a.Name, b.Name))]);

    private static NirNode In(params long[] shape) => Node("in", NirNodeType.Input, ("shape", NirArray.Vector(shape)));

    private static NirNode Out(params long[] shape) => Node("out", NirNodeType.Output, ("shape", NirArray.Vector(shape)));

    private static float[] Random(RandomStream random, int count, float scale = 1)
    {
        float[] values = new float[count];
        foreach (ref float v in values.AsSpan()) v = scale * (2 * random.NextSingle() - 1);
        return values;
    }

    private static NirArray Same(double value, int count) => NirArray.Of([.. Enumerable.Repeat(value, count)], count);

    /// <summary>Makes the engines that this machine has: the managed one always, ONNX Runtime where its library was fetched.</summary>
    private static List<IInferenceEngine> Engines(OnnxModel model)
    {
        byte[] file = model.Write();
        var engines = new List<IInferenceEngine> { new ManagedEngine(OnnxModel.Read(file)) };
        string library = Path.Combine(SharedData.RepositoryRoot, "artifacts", "onnxruntime", "libonnxruntime.so.1");
        if (File.Exists(library)) engines.Add(InferenceEngines.Create(file, "export", new InferenceOptions { Engine = InferenceChoice.Onnx, LibraryPath = library }));
        return engines;
    }

    [Fact]
    public void FromGraph_StatelessNetwork_GivesWhatTheNodesSay()
    {
        var random = new RandomStream(1);
        float[] conv = Random(random, 4 * 2 * 3 * 2), bias = Random(random, 4), weight = Random(random, 3 * 16), offset = Random(random, 3), scale = Random(random, 3);
        var graph = Chain(
            In(2, 6, 5),
            Node("conv", NirNodeType.Conv2d, ("weight", NirArray.Of(conv, 4, 2, 3, 2)), ("bias", NirArray.Of(bias, 4)), ("stride", NirArray.Vector(1, 1)), ("padding", NirArray.Vector(1, 0)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L))),
            Node("sum", NirNodeType.SumPool2d, ("kernel_size", NirArray.Vector(3, 2)), ("stride", NirArray.Vector(3, 2)), ("padding", NirArray.Vector(0, 0))),
            Node("flat", NirNodeType.Flatten, ("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L))),
            Node("fc", NirNodeType.Affine, ("weight", NirArray.Of(weight, 3, 16)), ("bias", NirArray.Of(offset, 3))),
            Node("gain", NirNodeType.Scale, ("scale", NirArray.Of(scale, 3))),
            Out(3));
        foreach (var engine in Engines(OnnxExport.FromGraph(graph)))
        {
            using (engine)
            {
                Random(random, 60).CopyTo(engine.Input(engine.FindInput("in")));
                engine.Run();
                Assert.Equal([1, 3], engine.Outputs[0].Shape);
                double[] expected = Expected(engine.Input().ToArray());
                for (int i = 0; i < 3; i++) Assert.Equal(expected[i], engine.Output()[i], 1e-5); // about 200 roundings of numbers of order ten
            }
        }

        double[] Expected(float[] x)
        {
            double[] pooled = new double[16];
            for (int o = 0; o < 4; o++)
            {
                for (int r = 0; r < 6; r++)
                {
                    for (int c = 0; c < 4; c++)
                    {
                        double sum = bias[o];
                        for (int i = 0; i < 2; i++)
                        {
                            for (int kr = 0; kr < 3; kr++)
                            {
                                for (int kc = 0; kc < 2; kc++)
                                {
                                    int row = r + kr - 1;
                                    if (row is >= 0 and < 6) sum += (double)conv[((o * 2 + i) * 3 + kr) * 2 + kc] * x[(i * 6 + row) * 5 + c + kc];
                                }
                            }
                        }
                        pooled[o * 4 + r / 3 * 2 + c / 2] += sum;
                    }
                }
            }
            double[] y = new double[3];
            for (int o = 0; o < 3; o++)
            {
                y[o] = offset[o];
                for (int k = 0; k < 16; k++) y[o] += weight[o * 16 + k] * pooled[k];
                y[o] *= scale[o];
            }
            return y;
        }
    }

    [Theory]
    [InlineData("same", null)]
    [InlineData("valid", null)]
    [InlineData("", "max")]
    [InlineData("", "avg")]
    public void FromGraph_PaddingsAndPools_GiveTheExpectedShapeAndNumbers(string padding, string? pool)
    {
        var node = pool is null
            ? new NirNode("n", NirNodeType.Conv2d, new NirGroup(new Dictionary<string, NirValue> { ["weight"] = NirArray.Of([1f, 1, 1, 1], 1, 1, 2, 2), ["padding"] = new NirText(padding) }))
            : Node("n", pool == "max" ? NirNodeType.SumPool2d : NirNodeType.AvgPool2d, ("kernel_size", NirArray.Scalar(2L)), ("stride", NirArray.Scalar(1L)), ("padding", NirArray.Scalar(0L)));
        if (pool == "max") node = With(node, "edge_pool", new NirText("max"));
        foreach (var engine in Engines(OnnxExport.FromGraph(Chain(In(1, 2, 2), node, Out(1, 1, 1)))))
        {
            using (engine)
            {
                ((float[])[1, 2, 3, 4]).CopyTo(engine.Input());
                engine.Run();
                float[] expected = padding switch { "same" => [10, 6, 7, 4], "valid" => [10], _ => pool == "max" ? [4] : [2.5f] };
                Assert.Equal(expected, engine.Output().ToArray());
            }
        }
    }

    [Theory]
    [InlineData("value", ">", "euler")]
    [InlineData("zero", ">=", "euler")]
    [InlineData("subtract", ">", "exponential")]
    public void FromGraph_SpikingNetwork_StepsAsTheEquationsSay(string reset, string compare, string discretisation)
    {
        var random = new RandomStream(2);
        const int Inputs = 6, Hidden = 9, Outputs = 3;
        float[] w1 = Random(random, Hidden * Inputs, 3), w2 = Random(random, Outputs * Hidden, 3);
        double[] tau = [.. Enumerable.Range(0, Hidden).Select(i => 0.005 + 0.002 * i)];
        var lif = With(With(With(
            Node("lif", NirNodeType.LIF, ("tau", NirArray.Of(tau, Hidden)), ("r", Same(4, Hidden)), ("v_leak", Same(0.1, Hidden)), ("v_threshold", Same(0.5, Hidden)), ("v_reset", Same(-0.2, Hidden))),
            "edge_reset", new NirText(reset)), "edge_compare", new NirText(compare)), "edge_discretisation", new NirText(discretisation));
        var cuba = Node("cuba", NirNodeType.CubaLIF, ("tau_syn", Same(0.004, Outputs)), ("tau_mem", Same(0.01, Outputs)), ("r", Same(5, Outputs)), ("v_leak", Same(0, Outputs)), ("v_threshold", Same(0.3, Outputs)), ("w_in", Same(2, 1)));
        var graph = Chain(In(Inputs), Node("fc1", NirNodeType.Linear, ("weight", NirArray.Of(w1, Hidden, Inputs))), lif, Node("fc2", NirNodeType.Linear, ("weight", NirArray.Of(w2, Outputs, Hidden))), cuba, Out(Outputs));
        foreach (var engine in Engines(OnnxExport.FromGraph(graph, Dt)))
        {
            using (engine)
            {
                var state = new InferenceState(engine);
                Assert.Equal(3, state.Count);
                int output = engine.FindOutput("out"), spikes = 0;
                double[] v = new double[Hidden], current = new double[Outputs], u = new double[Outputs];
                bool exponential = discretisation == "exponential";
                for (int step = 0; step < 300; step++)
                {
                    var x = engine.Input(engine.FindInput("in"));
                    for (int i = 0; i < Inputs; i++) x[i] = random.NextInt32(3) == 0 ? 1 : 0;
                    engine.Run();
                    double[] s = new double[Hidden];
                    for (int j = 0; j < Hidden; j++)
                    {
                        double sum = 0, a = exponential ? Math.Exp(-Dt / tau[j]) : 1 - Dt / tau[j];
                        for (int i = 0; i < Inputs; i++) sum += w1[j * Inputs + i] * x[i];
                        v[j] = a * v[j] + (1 - a) * 0.1 + (1 - a) * 4 * sum;
                        // A difference of one rounding must not decide a spike here.
                        Assert.False(Math.Abs(v[j] - 0.5) < 1e-6, "take another seed");
                        s[j] = v[j] > 0.5 ? 1 : 0;
                        v[j] = reset switch { "subtract" => v[j] - 0.5 * s[j], "zero" => v[j] * (1 - s[j]), _ => s[j] > 0 ? -0.2 : v[j] };
                    }
                    for (int o = 0; o < Outputs; o++)
                    {
                        double sum = 0;
                        for (int j = 0; j < Hidden; j++) sum += w2[o * Hidden + j] * s[j];
                        current[o] = (1 - Dt / 0.004) * current[o] + Dt / 0.004 * 2 * sum;
                        u[o] = (1 - Dt / 0.01) * u[o] + Dt / 0.01 * 5 * current[o];
                        Assert.False(Math.Abs(u[o] - 0.3) < 1e-6, "take another seed");
                        bool spike = u[o] > 0.3;
                        Assert.Equal(spike ? 1f : 0f, engine.Output(output)[o]);
                        if (spike)
                        {
                            u[o] = 0;
                            spikes++;
                        }
                    }
                    state.Advance();
                }
                Assert.InRange(spikes, 10, 890); // a network that is silent or always on would test nothing
            }
        }
    }

    [Fact]
    public void FromGraph_NeuronExactlyAtItsThreshold_SpikesOnlyWhereTheMetadataSaySo()
    {
        foreach (var (compare, expected) in ((string, float)[])[(">", 0), (">=", 1)])
        {
            var node = With(Node("if", NirNodeType.IF, ("r", Same(1, 1)), ("v_threshold", Same(1, 1))), "edge_compare", new NirText(compare));
            foreach (var engine in Engines(OnnxExport.FromGraph(Chain(In(1), node, Out(1)), 1)))
            {
                using (engine)
                {
                    engine.Input(engine.FindInput("in"))[0] = 1;
                    engine.Run();
                    Assert.Equal(expected, engine.Output(engine.FindOutput("out"))[0]);
                }
            }
        }
    }

    [Fact]
    public void FromGraph_RecurrentNetwork_CarriesTheSpikesOfTheStepBefore()
    {
        // One input spike; the neuron excites itself: it spikes in every step from then on, and once only where the loop is cut.
        var neuron = Node("if", NirNodeType.IF, ("r", Same(1, 1)), ("v_threshold", Same(0.5, 1)));
        var nodes = (NirNode[])[In(1), neuron, Node("if.w_rec", NirNodeType.Linear, ("weight", NirArray.Of((float[])[1], 1, 1))), Out(1)];
        List<NirEdge> edges = [new("in", "if"), new("if", "out"), new("if", "if.w_rec")];
        foreach (bool closed in (bool[])[true, false])
        {
            var graph = new NirGraph(nodes, closed ? [.. edges, new NirEdge("if.w_rec", "if")] : edges);
            foreach (var engine in Engines(OnnxExport.FromGraph(graph, 1)))
            {
                using (engine)
                {
                    var state = new InferenceState(engine);
                    Assert.Equal(closed ? 2 : 1, state.Count);
                    var spikes = new List<float>();
                    for (int step = 0; step < 5; step++)
                    {
                        engine.Input(engine.FindInput("in"))[0] = step == 1 ? 1 : 0;
                        engine.Run();
                        spikes.Add(engine.Output(engine.FindOutput("out"))[0]);
                        state.Advance();
                    }
                    Assert.Equal(closed ? [0f, 1, 1, 1, 1] : [0f, 1, 0, 0, 0], spikes);
                }
            }
        }
    }

    [Fact]
    public void State_FrozenAndThawed_GoesOnWithTheSameBits()
    {
        var random = new RandomStream(3);
        var graph = Chain(In(4), Node("li", NirNodeType.LI, ("tau", Same(0.01, 4)), ("r", Same(1, 4)), ("v_leak", Same(0, 4))), Out(4));
        var model = OnnxExport.FromGraph(graph, Dt);
        using IInferenceEngine a = new ManagedEngine(model);
        using IInferenceEngine b = new ManagedEngine(model);
        InferenceState stateA = new(a), stateB = new(b);
        Random(random, 4).CopyTo(a.Input(0));
        a.Run();
        stateA.Advance();
        var frozen = new System.Buffers.ArrayBufferWriter<byte>();
        stateA.Freeze(frozen);
        stateB.Thaw(frozen.WrittenSpan);
        StateHasher hashA = new(0), hashB = new(0);
        stateA.AddTo(ref hashA);
        stateB.AddTo(ref hashB);
        Assert.Equal(hashA.Value, hashB.Value);
        a.Input(0).CopyTo(b.Input(0));
        a.Run();
        b.Run();
        Assert.True(a.Output().SequenceEqual(b.Output()));
        byte[] bytes = frozen.WrittenSpan.ToArray();
        Assert.Throws<InvalidDataException>(() => stateB.Thaw(bytes.AsSpan(0, bytes.Length - 1)));
        bytes.AsSpan(4, 4).Fill(0xFF); // NaN
        Assert.Throws<InvalidDataException>(() => stateB.Thaw(bytes));
        stateB.Clear();
        Assert.Equal(0, b.Input(b.FindInput("li.v"))[0]);
    }

    [Fact]
    public void FromGraph_WhatOnnxCannotSay_IsRefusedByName()
    {
        var weight = Node("fc", NirNodeType.Linear, ("weight", NirArray.Of((float[])[1], 1, 1)));
        var neuron = Node("if", NirNodeType.IF, ("r", Same(1, 1)), ("v_threshold", Same(1, 1)));
        Refuse<NotSupportedException>(Chain(In(1), Node("late", NirNodeType.Delay, ("delay", Same(0.01, 1))), Out(1)), "Node 'late' (Delay)");
        Refuse<NotSupportedException>(Chain(In(1), With(weight, "edge_delays", NirArray.Of((byte[])[3], 1, 1)), Out(1)), "Node 'fc' (Linear)", "edge_delays");
        Refuse<NotSupportedException>(Chain(In(1), With(neuron, "edge_levels", NirArray.Scalar(4L)), Out(1)), "Node 'if' (IF)", "edge_levels");
        Refuse<NotSupportedException>(Chain(In(1), With(neuron, "edge_reset", new NirText("subtract-pending")), Out(1)), "Node 'if' (IF)", "subtract-pending");
        Refuse<NotSupportedException>(Chain(In(1), new NirNode("sub", NirNodeType.NIRGraph, graph: new NirGraph([], [])), Out(1)), "Node 'sub' (NIRGraph)");
        var second = new NirNode("if2", NirNodeType.IF, neuron.Parameters);
        Refuse<NotSupportedException>(new NirGraph([In(1), neuron, second, Out(1)], [new("in", "if"), new("if", "if2"), new("if2", "if"), new("if2", "out")]), "'if2'");
        Refuse<InvalidDataException>(new NirGraph([In(1), weight, Out(1)], [new("in", "fc"), new("fc", "fc"), new("fc", "out")]), "cycle without a neuron");
        Refuse<InvalidDataException>(new NirGraph([In(1), Out(1)], [new("in", "ghost")]), "'ghost'");
        Refuse<InvalidDataException>(new NirGraph([In(1), Out(1)], []), "no edge into it");
        Assert.Contains("edge_dt", Assert.Throws<InvalidDataException>(() => OnnxExport.FromGraph(Chain(In(1), neuron, Out(1)))).Message, StringComparison.Ordinal);

        static void Refuse<TError>(NirGraph graph, params string[] parts) where TError : Exception
        {
            string message = Assert.Throws<TError>(() => OnnxExport.FromGraph(graph, 1)).Message;
            Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void FromGraph_SameGraphInAnotherOrder_GivesTheSameBytes()
    {
        var graph = Chain(In(3), Node("gain", NirNodeType.Scale, ("scale", Same(2, 3))), Node("step", NirNodeType.Threshold, ("threshold", Same(0.5, 3))), Out(3));
        var other = new NirGraph([.. graph.Nodes.Reverse()], [.. graph.Edges.Reverse(), graph.Edges[0]]);
        Assert.Equal(OnnxExport.FromGraph(graph).Write(), OnnxExport.FromGraph(other).Write());
    }
}
