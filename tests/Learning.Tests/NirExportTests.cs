using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning.Tests;

public sealed class NirExportTests
{
    [Fact]
    public void Graph_EveryLayer_GivesTheTrainersSpikes()
    {
        const int Steps = 12;
        var network = NetworkTests.Everything();
        network.Initialize(5);
        for (int i = 0; i < 10; i++) network.Forward(new LayerPass(6, 4) { Training = true, Random = new CounterRandom((ulong)i) }, NetworkTests.Spikes((ulong)i, 6 * 4 * network.Input.Count, 0.3));
        foreach (var d in network.Layers.OfType<DelayLinearLayer<float>>()) d.Round();
        Compare(network, Steps);
    }

    [Theory]
    [InlineData(MembraneReset.Hard, false, 0, 2)]
    [InlineData(MembraneReset.Hard, true, 0.1, 3)]
    [InlineData(MembraneReset.Soft, true, 0, 1.7)]
    [InlineData(MembraneReset.Hard, false, 0, double.PositiveInfinity)]
    public void Graph_EveryLif_GivesTheTrainersSpikes(MembraneReset reset, bool decayInput, double value, double tau)
    {
        var fc = new LinearLayer<float>("fc", new MapSize(20), 30, bias: false);
        var lif = new LifLayer<float>("lif", fc.Output, new LifOptions { Reset = reset, DecayInput = decayInput, ResetValue = value, Tau = tau, Threshold = 0.15 });
        var network = new Network<float>([fc, lif]);
        network.Initialize(2);
        Compare(network, 25);
    }

    [Theory]
    [InlineData(PoolKind.Average)]
    [InlineData(PoolKind.Sum)]
    [InlineData(PoolKind.Max)]
    public void Graph_EveryPool_GivesTheTrainersOutputs(PoolKind kind)
    {
        var pool = new PoolLayer<float>("pool", new MapSize(3, 7, 5), kind, new Window2d(3, 2, 1));
        var fc = new LinearLayer<float>("fc", pool.Output, 8);
        var network = new Network<float>([pool, fc, new ReadoutLayer<float>("li", fc.Output, double.PositiveInfinity)]);
        network.Initialize(2);
        Compare(network, 6);
    }

    [Fact]
    public void Graph_Metadata_SaysWhatNirLeavesOpen()
    {
        var network = NetworkTests.Everything();
        network.Initialize(1);
        var delay = network.Layers.OfType<DelayLinearLayer<float>>().Single();
        delay.Round();
        var graph = NirExport.Graph(network, 0.001);
        Assert.Equal(NirArray.Scalar(0.001), graph.Metadata["edge_dt"]);
        Assert.Equal(new NirText("subtract"), graph.Find("lif")!.Metadata["edge_reset"]);
        Assert.Equal(new NirText(">"), graph.Find("lif")!.Metadata["edge_compare"]);
        Assert.Equal(new NirText("euler"), graph.Find("plif")!.Metadata["edge_discretisation"]);
        Assert.Equal(NirArray.Scalar(4L), graph.Find("ilif")!.Metadata["edge_levels"]);
        Assert.Equal(NirNodeType.SumPool2d, graph.Find("pool")!.Type);
        Assert.Equal(new NirText("max"), graph.Find("pool")!.Metadata["edge_pool"]);
        Assert.Equal([8, 9, 9], graph.Find("lif")!.Required("tau").Shape.ToArray());
        Assert.Equal(0.002, graph.Find("lif")!.Required("tau").ToDouble()[0]);
        var delays = (NirArray)graph.Find("delay")!.Metadata["edge_delays"]!;
        Assert.Equal(NirElement.U8, delays.Element);
        Assert.Equal([12, 72], delays.Shape.ToArray());
        Assert.Contains(new NirEdge("hidden.recurrent", "hidden"), graph.Edges);
        Assert.DoesNotContain(graph.Nodes, n => n.Name is "norm" or "drop");
    }

    [Fact]
    public void Graph_DelaysNotRounded_NamesTheLayer()
    {
        var network = new Network<float>([new DelayLinearLayer<float>("late", new MapSize(3), 2, 5)]);
        Assert.Contains("'late'", Assert.Throws<ArgumentException>(() => NirExport.Graph(network, 1e-3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NirExport.Graph(network, 0));
    }

    private static void Compare(Network<float> network, int steps)
    {
        network = BatchNormFolding.Fold(network);
        float[] x = NetworkTests.Spikes(9, steps * network.Input.Count, 0.4);
        network.Forward(new LayerPass(steps, 1), x);
        var reference = new GraphReference(NirExport.Graph(network, 0.005));
        int n = network.Input.Count, spikes = 0;
        for (int t = 0; t < steps; t++)
        {
            reference.Step(Turned(x.AsSpan(t * n, n), network.Input));
            for (int i = 0; i < network.Layers.Count; i++)
            {
                var layer = network.Layers[i];
                double[] expected = reference.Of(layer.Name), actual = Turned(network.OutputOf(i).Slice(t * layer.Output.Count, layer.Output.Count), layer.Output);
                Assert.Equal(expected.Length, actual.Length);
                for (int k = 0; k < actual.Length; k++)
                {
                    // Spikes must be equal; sums differ by the roundings of float32, at most about 100 terms of order 1.
                    if (layer.Spikes) Assert.True(expected[k] == actual[k], $"{layer.Name}[{k}] at step {t}: {actual[k]}, the graph gives {expected[k]}");
                    else Assert.Equal(expected[k], actual[k], 2e-5);
                    spikes += layer.Spikes && actual[k] > 0 ? 1 : 0;
                }
            }
        }
        if (network.Layers.Any(l => l.Spikes)) Assert.True(spikes > 20, $"only {spikes} spikes: nothing was compared");
    }

    private static double[] Turned(ReadOnlySpan<float> values, MapSize size)
    {
        var result = new double[size.Count];
        for (int p = 0; p < size.Height * size.Width; p++)
        {
            for (int c = 0; c < size.Channels; c++) result[c * size.Height * size.Width + p] = values[p * size.Channels + c];
        }
        return result;
    }
}
