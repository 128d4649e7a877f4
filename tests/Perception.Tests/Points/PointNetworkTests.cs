using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>The network over points: against a plain reference, its twins, its invariances, spoilt models, and as a stage.</summary>
public sealed class PointNetworkTests
{
    public static TheoryData<string, NirGraph, string> Spoilt()
    {
        var good = PointGraphs.Make(PointGraphs.Options);
        var random = new RandomStream(2);
        NirNode Changed(string node, string parameter, NirValue value)
        {
            var n = good.Find(node)!;
            return new NirNode(n.Name, n.Type, n.Parameters.With(parameter, value), n.Metadata);
        }
        return new TheoryData<string, NirGraph, string>
        {
            { "no metadata", new NirGraph(good.Nodes, good.Edges, PointGraphs.Group(("edge_dt", NirArray.Scalar(0.001)))), "not a point network" },
            { "other version", good.With(PointMetadata.VersionKey, NirArray.Scalar(2L)), "reads 1" },
            { "groups beyond memory", good.With("edge_points_groups", NirArray.Scalar(1_000_000_000L)), "Groups is 1000000000" },
            { "groups not whole", good.With("edge_points_groups", NirArray.Scalar(1.5)), "edge_points_groups" },
            { "groups not a number", good.With("edge_points_groups", NirArray.Scalar(double.NaN)), "edge_points_groups" },
            { "groups as text", good.With("edge_points_groups", new NirText("9")), "edge_points_groups" },
            { "groups empty", good.With("edge_points_groups", NirArray.Of(Array.Empty<long>(), 0)), "edge_points_groups" },
            { "steps negative", good.With("edge_points_steps", NirArray.Scalar(-1L)), "Steps is -1" },
            { "reach not a number", good.With("edge_points_reach", NirArray.Scalar(double.NaN)), "Reach" },
            { "unknown coding", good.With("edge_points_coding", new NirText("polar")), "'polar'" },
            { "coding as a number", good.With("edge_points_coding", NirArray.Scalar(1L)), "edge_points_coding" },
            { "dt zero", good.With("edge_dt", NirArray.Scalar(0.0)), "edge_dt" },
            { "weights not finite", good.With(Changed("fc2", "weight", NirArray.Of(Enumerable.Repeat(float.NaN, 1600).ToArray(), 40, 40))), "'fc2'" },
            { "weights of another shape", good.With(PointGraphs.Affine("fc2", 41, 40, random)), "takes 41 inputs" },
            { "bias of another length", good.With(Changed("fc2", "bias", NirArray.Of(new float[3], 3))), "bias has 3" },
            { "threshold of another length", good.With(Changed("lif2", "v_threshold", NirArray.Of(new float[3], 3))), "v_threshold has 3" },
            { "tau below a step", good.With(Changed("lif2", "tau", NirArray.Scalar(1e-9))), "'lif2': tau" },
            { "no weight", good.With(new NirNode("fc2", NirNodeType.Affine)), "no parameter 'weight'" },
            { "loop", good.With(PointGraphs.Lif("lif1", 40, random)).With(new NirEdge("lif2", "lif1")), "loop" },
            { "edge to nowhere", good.With(new NirEdge("lif3", "lif9")), "'lif3->lif9'" },
            { "two inputs", new NirGraph([.. good.Nodes, new NirNode("more", NirNodeType.Input)], good.Edges, good.Metadata), "2 Input" },
            { "name twice", new NirGraph([.. good.Nodes, PointGraphs.Affine("fc1", 6, 40, random)], good.Edges, good.Metadata), "'fc1'" },
            { "no maximum over groups", good.With(PointGraphs.Lif("lif3", 70, random)), "sees 9 places" },
            { "no maximum over neighbours", good.With(PointGraphs.Lif("lif2", 40, random)), "'groups' at 45 places" },
            { "unknown maximum", good.With(PointGraphs.Lif("lif2", 40, random, "planets")), "'planets'" },
            { "skip of another width", good.With(new NirEdge("lif1", "lif3")), "residual" },
            { "convolution", good.With(new NirNode("fc2", NirNodeType.Conv2d)), "'fc2' is Conv2d" },
            { "node beside the way", new NirGraph([.. good.Nodes, PointGraphs.Affine("more", 6, 40, random)], good.Edges, good.Metadata), "do not lead" },
        };
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void FromGraph_SpoiltModel_IsRefusedInOneSentence(string what, NirGraph graph, string part)
    {
        var error = Assert.Throws<InvalidDataException>(() => PointNetwork.FromGraph(graph));
        Assert.True(error.Message.Contains(part, StringComparison.Ordinal), $"{what}: '{error.Message}' does not hold '{part}'");
    }

    [Fact]
    public void FromGraph_MetadataLeftOutOneByOne_IsRefusedOrTheSame()
    {
        var good = PointGraphs.Make(PointGraphs.Options);
        Assert.NotNull(PointNetwork.FromGraph(good)); // the control
        foreach (string key in good.Metadata.Values.Keys)
        {
            var less = new NirGroup(good.Metadata.Values.Where(v => v.Key != key).ToDictionary(v => v.Key, v => v.Value));
            Assert.Throws<InvalidDataException>(() => PointNetwork.FromGraph(new NirGraph(good.Nodes, good.Edges, less)));
        }
    }

    [Fact]
    public void Metadata_RoundTrip_IsTheSame()
    {
        var options = PointGraphs.Options with { Coding = PointCoding.SignedCentroid, Input = PointInput.Current, Centroids = PointCentroids.VoxelGrid, Reach = 2.5f, VoxelsPerAxis = 7, Trim = 0.125f, KeepsAspect = true };
        Assert.Equal(options, PointMetadata.Read(PointMetadata.Write(options, NirGroup.Empty)));
    }

    [Theory]
    [InlineData(PointInput.Spikes)]
    [InlineData(PointInput.Current)]
    public void Classify_RandomNetworks_MatchThePlainReference(PointInput input)
    {
        var options = PointGraphs.Options with { Input = input };
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var graph = PointGraphs.Make(options, seed);
            var network = PointNetwork.FromGraph(graph);
            var events = Events(seed, 64);
            int answer = network.Classify(events, new RandomStream(seed));
            var (expected, spikes, operations) = PointReference.Run(graph, options, events, new RandomStream(seed));
            Assert.Equal(expected, network.Scores.ToArray());
            Assert.Equal(Array.IndexOf(expected, expected.Max()), answer);
            Assert.Equal((spikes, operations), (network.Spikes, network.SynapticOperations));
            Assert.True(spikes > 100, "a silent network would show nothing");
        }
    }

    [Fact]
    public void Kernel_AllTwins_AgreeBitForBit()
    {
        var random = new RandomStream(3);
        for (int run = 0; run < 50; run++)
        {
            var graph = PointGraphs.Make(PointGraphs.Options, (ulong)run + 1);
            var (layers, _) = PointCompiler.Compile(graph, PointGraphs.Options);
            foreach (var layer in layers)
            {
                const int Steps = 5;
                int sourceWords = (layer.Inputs + 31) / 32;
                var source = new uint[Steps * sourceWords];
                for (int i = 0; i < source.Length; i++) source[i] = (uint)random.NextUInt64() & (i % sourceWords == sourceWords - 1 && layer.Inputs % 32 != 0 ? (1u << layer.Inputs % 32) - 1 : uint.MaxValue);
                var skip = run % 2 == 0 ? [] : Enumerable.Range(0, Steps * layer.Words).Select(_ => (uint)random.NextUInt64()).ToArray();
                uint[] a = new uint[Steps * layer.Words], b = new uint[a.Length], c = new uint[a.Length];
                float[] x = new float[Steps * PointKernel.Block], y = new float[x.Length], z = new float[x.Length];
                for (int block = 0; block < layer.Words; block++)
                {
                    for (int k = 0; k < 3; k++)
                    {
                        PointKernel.SumScalar(layer, block, Steps, source, skip, layer.Bias, k > 0, x);
                        PointKernel.Sum128(layer, block, Steps, source, skip, layer.Bias, k > 0, y);
                        PointKernel.Sum256(layer, block, Steps, source, skip, layer.Bias, k > 0, z);
                        Assert.Equal(x, y);
                        Assert.Equal(x, z);
                        Array.Reverse(source);
                        if (layer.Inputs % 32 != 0) Array.ForEach(Enumerable.Range(0, source.Length).ToArray(), i => source[i] &= i % sourceWords == sourceWords - 1 ? (1u << layer.Inputs % 32) - 1 : uint.MaxValue);
                    }
                    PointKernel.FireScalar(layer, block, Steps, x, a);
                    PointKernel.Fire128(layer, block, Steps, x, b);
                    PointKernel.Fire256(layer, block, Steps, x, c);
                }
                Assert.Equal(a, b);
                Assert.Equal(a, c);
                Assert.Contains(a, w => w != 0);
            }
        }
    }

    [Fact]
    public void Classify_CurrentsInAnyOrderOfEvents_GivesTheSameScores()
    {
        var network = PointNetwork.FromGraph(PointGraphs.Make(PointGraphs.Options with { Input = PointInput.Current }));
        var events = Events(5, 64);
        network.Classify(events, new RandomStream(1));
        double[] scores = network.Scores.ToArray();
        Array.Reverse(events);
        (events[3], events[40]) = (events[40], events[3]);
        network.Classify(events, new RandomStream(99));
        Assert.Equal(scores, network.Scores.ToArray());
        Assert.Equal(-1, network.Classify([], new RandomStream(1)));
    }

    [Fact]
    public void Perceiver_Warm_DoesNotAllocate()
    {
        var perceiver = new PointPerceiver(PointNetwork.FromGraph(PointGraphs.Make(PointGraphs.Options)), seed: 1);
        var percept = perceiver.CreatePercept();
        var packet = new EventPacket(512);
        long now = 0;
        var events = Events(1, 400);
        Allocations.AssertNone(() =>
        {
            packet.Reset(now, now + 1500);
            for (int i = 0; i < events.Length; i++) packet.Append(new Event(now + i * 1500 / events.Length, events[i].X, events[i].Y, 0));
            now += 1500;
            perceiver.Perceive(packet, ref percept, default);
        });
        Assert.True(percept.Windows > 100);
        Assert.InRange(percept.Class, 0, 3);
        Assert.InRange(percept.Confidence, 0.25, 1);
    }

    [Fact]
    public void Perceiver_FrozenAndThawed_GoesOnTheSameWay()
    {
        PointPerceiver Make() => new(PointNetwork.FromGraph(PointGraphs.Make(PointGraphs.Options)), seed: 1);
        PointPerceiver a = Make(), b = Make();
        var percept = a.CreatePercept();
        for (int i = 0; i < 5; i++) a.Perceive(Packet(i), ref percept, default);
        var state = new ArrayBufferWriter<byte>();
        a.Freeze(state);
        b.Thaw(state.WrittenSpan);
        PointPercept left = a.CreatePercept(), right = b.CreatePercept();
        for (int i = 5; i < 12; i++)
        {
            a.Perceive(Packet(i), ref left, default);
            b.Perceive(Packet(i), ref right, default);
            StateHasher x = new(1), y = new(1);
            left.AddTo(ref x);
            a.AddTo(ref x);
            right.AddTo(ref y);
            b.AddTo(ref y);
            Assert.Equal(x.Value, y.Value);
        }
        Assert.True(left.Windows > 5);
        byte[] damaged = state.WrittenSpan.ToArray();
        for (int cut = 0; cut < damaged.Length; cut += 97) Assert.Throws<InvalidDataException>(() => Make().Thaw(damaged.AsSpan(0, cut)));
    }

    [Fact]
    public void Perceiver_TooFewEventsOrSeveralWindows_SaysSo()
    {
        var perceiver = new PointPerceiver(PointNetwork.FromGraph(PointGraphs.Make(PointGraphs.Options)), seed: 1);
        var percept = perceiver.CreatePercept();
        var packet = new EventPacket(64);
        packet.Reset(0, 10_000);
        packet.Append(new Event(1, 1, 1, 0));
        packet.Append(new Event(2, 5, 1, 0));
        Assert.Equal(StageStatus.Ok, perceiver.Perceive(packet, ref percept, default));
        Assert.Equal((-1, 2L, 1L), (percept.Class, percept.Windows, perceiver.PassedOver));
        Assert.Equal(2, percept.EventCount);
        var other = new PointPercept(3);
        Assert.Equal(StageStatus.Failed(FailureCode.BadInput), perceiver.Perceive(packet, ref other, default));
    }

    private static EventPacket Packet(int index)
    {
        var packet = new EventPacket(512);
        packet.Reset(index * 700, index * 700 + 700);
        foreach (var e in Events((ulong)index + 20, 200)) packet.Append(new Event(index * 700 + e.TimeUs % 700, e.X, e.Y, e.Polarity));
        return packet;
    }

    private static Event[] Events(ulong seed, int count)
    {
        var random = new RandomStream(seed);
        var events = new Event[count];
        for (int i = 0; i < count; i++) events[i] = new Event(i * 30 + random.NextInt32(30), (ushort)random.NextInt32(34), (ushort)random.NextInt32(34), 0);
        return events;
    }
}
