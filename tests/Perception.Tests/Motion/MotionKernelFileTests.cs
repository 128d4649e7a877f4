using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

public class MotionKernelFileTests
{
    [Fact]
    public void Read_OfWritten_GivesTheSameKernel()
    {
        var shape = new MotionShape { Directions = 8, Speeds = [0.5f, 1.5f], Depth = 6, Radius = 3, StepUs = 2500, Polarity = MotionPolarity.Absolute };
        var kernel = MotionScenes.RandomKernel(1, 300, shape);
        var back = Read(Bytes(kernel));
        Assert.Equal(kernel.Shape, back.Shape);
        Assert.Equal(kernel.Gain, back.Gain);
        Assert.True(kernel.Synapses.SequenceEqual(back.Synapses));
        Assert.True(kernel.Bias.SequenceEqual(back.Bias));
    }

    [Fact]
    public void Shipped_IsAPrunedKernelOfTheFullTask()
    {
        var kernel = MotionKernelFile.Shipped;
        Assert.Equal(36, kernel.Shape.Classes);
        Assert.InRange(kernel.Synapses.Length, 1, kernel.Shape.Synapses / 50);
    }

    [Theory]
    [InlineData("edge_motion", 2.0, "version")]
    [InlineData("edge_motion_directions", 9.0, "classes")]
    [InlineData("edge_motion_directions", 3.5, "whole")]
    [InlineData("edge_motion_gain", -1.0, "gain")]
    [InlineData("edge_motion_gain", 1e9, "gain")]
    public void FromGraph_MetadataWrong_SaysWhereAndWhy(string key, double value, string part)
    {
        var graph = MotionKernelFile.ToGraph(MotionScenes.RandomKernel(1, 50));
        var error = Assert.Throws<ModelFileException>(() => MotionKernelFile.FromGraph(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters, n.Metadata.With(key, NirArray.Scalar(value)))), "x.nir"));
        Assert.StartsWith("x.nir: /node/nodes/motion", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromGraph_PartsMissingOrWrong_AreRefused()
    {
        var graph = MotionKernelFile.ToGraph(MotionScenes.RandomKernel(1, 50));
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters)), "no motion kernel");
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters.With("stride", NirArray.Vector(2, 2)), n.Metadata)), "stride");
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters.With("bias", NirArray.Of(new float[3], 3)), n.Metadata)), "bias");
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters.With("weight", NirArray.Of(new float[36 * 2 * 3 * 4], 36, 2, 3, 4)), n.Metadata)), "weight");
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters, n.Metadata.With("edge_motion_polarity", new NirText("both")))), "polarity");
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters, n.Metadata.With("edge_motion_speeds", NirArray.Of([1f, 0.5f, 2f], 3)))), "Speeds");
        Refused(new NirGraph(graph.Nodes, graph.Edges), "edge_dt");
        Refused(new NirGraph([graph.Nodes[0]], []), "no Conv2d");
        float[] nan = graph.Find("motion")!.Required("weight").ToSingle();
        nan[5] = float.NaN;
        Refused(With(graph, n => new NirNode(n.Name, n.Type, n.Parameters.With("weight", NirArray.Of(nan, 36, 24, 9, 9)), n.Metadata)), "weight");

        static void Refused(NirGraph bad, string part) => Assert.Contains(part, Assert.Throws<ModelFileException>(() => MotionKernelFile.FromGraph(bad, "x.nir")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutOrFlippedBytes_GivesOneKindOfErrorOrAKernel()
    {
        byte[] good = Bytes(MotionScenes.RandomKernel(2, 40, new MotionShape { Directions = 4, Speeds = [1], Depth = 2, Radius = 1 }));
        var random = new RandomStream(3);
        for (int i = 0; i < 600; i++)
        {
            byte[] bad = (byte[])good.Clone();
            if (i % 3 == 0) bad = bad[..random.NextInt32(bad.Length)];
            else bad[random.NextInt32(bad.Length)] ^= (byte)(1 << random.NextInt32(8));
            try
            {
                Read(bad);
            }
            catch (ModelFileException)
            {
                // What the reader promises; anything else fails the test.
            }
        }
    }

    private static NirGraph With(NirGraph graph, Func<NirNode, NirNode> change) => new([.. graph.Nodes.Select(n => n.Name == "motion" ? change(n) : n)], graph.Edges, graph.Metadata);

    private static byte[] Bytes(MotionKernel kernel)
    {
        using var stream = new MemoryStream();
        NirFile.Write(stream, MotionKernelFile.ToGraph(kernel));
        return stream.ToArray();
    }

    private static MotionKernel Read(byte[] bytes) => MotionKernelFile.Read(new MemoryStream(bytes), "test");
}
