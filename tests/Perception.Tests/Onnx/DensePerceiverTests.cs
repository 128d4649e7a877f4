using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class DensePerceiverTests
{
    private static readonly CameraGeometry Camera = new(8, 4, Math.PI / 2);

    private static EventPacket Packet(params Event[] events)
    {
        var packet = new EventPacket(64) { Width = 8, Height = 4 };
        packet.Reset(1000, 2000);
        packet.Append(events);
        return packet;
    }

    private static float[] Draw(EventFrameKind kind, EventFrameScale scale, int channels, int rows, int columns, EventPacket packet)
    {
        var frame = new EventFrame(8, 4, channels, rows, columns, kind, scale);
        float[] image = new float[frame.Count];
        frame.Draw(packet, image);
        return image;
    }

    [Fact]
    public void Draw_CountsOnACoarserGrid_SumsCells()
    {
        var packet = Packet(new Event(1000, 0, 0, 1), new Event(1100, 1, 1, 0), new Event(1200, 7, 3, 1), new Event(1300, 7, 3, 1));
        Assert.Equal([2f, 0, 0, 0, 0, 0, 0, 2], Draw(EventFrameKind.Count, EventFrameScale.None, 1, 2, 4, packet));
        Assert.Equal([1f, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2], Draw(EventFrameKind.Polarity, EventFrameScale.None, 2, 2, 4, packet));
        Assert.Equal([1f, 0, 0, 0, 0, 0, 0, 1], Draw(EventFrameKind.Count, EventFrameScale.Peak, 1, 2, 4, packet));
    }

    [Fact]
    public void Draw_Voxels_ShareAnEventBetweenTheNearestBins()
    {
        // Bins at 1000, 1500, 2000: an event at 1125 is a quarter of the way to the second; the last one ends the window; one before it counts as its start.
        var packet = Packet(new Event(1125, 0, 0, 1), new Event(2000, 0, 0, 0), new Event(500, 0, 0, 1));
        Assert.Equal([1.75f, 0.25f, -1f], Draw(EventFrameKind.Voxel, EventFrameScale.None, 3, 1, 1, packet));
    }

    [Fact]
    public void Draw_Deviation_BringsCellsWithEventsToMeanZeroAndLeavesTheOthers()
    {
        var packet = Packet(new Event(1000, 0, 0, 1), new Event(1000, 2, 0, 1), new Event(1000, 2, 0, 1), new Event(1000, 2, 0, 1));
        Assert.Equal([-1f, 1, 0, 0, 0, 0, 0, 0], Draw(EventFrameKind.Count, EventFrameScale.Deviation, 1, 2, 4, packet));
        Assert.Equal(new float[8], Draw(EventFrameKind.Count, EventFrameScale.Deviation, 1, 2, 4, Packet()));
        Assert.Equal(new float[8], Draw(EventFrameKind.Count, EventFrameScale.Peak, 1, 2, 4, Packet()));
    }

    [Fact]
    public void Draw_EventsOutsideTheSensor_AreCountedAndLeftOut()
    {
        var frame = new EventFrame(8, 4, 1, 2, 4, EventFrameKind.Count, EventFrameScale.None);
        float[] image = new float[8];
        frame.Draw(Packet(new Event(1000, 8, 0, 1), new Event(1000, 0, 4, 1), new Event(1000, ushort.MaxValue, ushort.MaxValue, 1), new Event(1000, 1, 1, 1)), image);
        Assert.Equal((3L, 1f), (frame.Outside, image.Sum()));
    }

    [Fact]
    public void EventFrame_GridLargerThanTheSensor_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventFrame(8, 4, 1, 4, 9, EventFrameKind.Count, EventFrameScale.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventFrame(8, 4, 3, 4, 8, EventFrameKind.Polarity, EventFrameScale.None));
    }

    [Fact]
    public void Perceive_ClassifierOfHalves_FindsTheHalfWithEvents()
    {
        using var perceiver = new DensePerceiver(new ManagedEngine(Halves()), new DensePerceiverOptions { Camera = Camera });
        var percept = perceiver.CreatePercept();
        Assert.Equal(StageStatus.Ok, perceiver.Perceive(Packet(new Event(1000, 1, 1, 1), new Event(1000, 6, 1, 0), new Event(1000, 7, 2, 1)), ref percept, default));
        Assert.Equal([1f, 2], percept.Values);
        Assert.Equal((1, 3), (percept.Greatest, percept.EventCount));
        Assert.Equal(StageReplay.Exact, perceiver.Replay);
    }

    [Fact]
    public void Perceive_AnyPacket_AllocatesNothing()
    {
        using var perceiver = new DensePerceiver(new ManagedEngine(Halves()), new DensePerceiverOptions { Camera = Camera, Scale = EventFrameScale.Deviation });
        var percept = perceiver.CreatePercept();
        var packet = Packet(new Event(1000, 1, 1, 1), new Event(1000, 6, 1, 0));
        Allocations.AssertNone(() => perceiver.Perceive(packet, ref percept, default));
    }

    [Fact]
    public void Perceive_PacketOfAnotherSensor_FailsAsBadInput()
    {
        using var perceiver = new DensePerceiver(new ManagedEngine(Halves()), new DensePerceiverOptions { Camera = Camera });
        var percept = perceiver.CreatePercept();
        var packet = Packet();
        packet.Width = 640;
        Assert.Equal(StageStatus.Failed(FailureCode.BadInput), perceiver.Perceive(packet, ref percept, default));
        var small = new FeatureVector(1);
        Assert.Equal(StageStatus.Failed(FailureCode.BadInput), perceiver.Perceive(Packet(), ref small, default));
    }

    [Fact]
    public void Perceive_NetworkWithMemory_CarriesItAndKeepsItOverABadCycle()
    {
        var g = new OnnxGraphBuilder("memory");
        string frame = g.Input("frame", 1, 1, 1, 1), sum = g.Node("Add", [frame, g.Input("m", 1, 1, 1, 1)]);
        g.Output(sum, "m.next", 1, 1, 1, 1);
        g.Output(g.Node("Div", [g.Constant([1f]), g.Node("Sub", [sum, g.Constant([3f])])]), "y", 1, 1, 1, 1); // infinite where the sum is 3
        using var perceiver = new DensePerceiver(new ManagedEngine(g.Build()), new DensePerceiverOptions { Camera = Camera, Frame = EventFrameKind.Count });
        var percept = perceiver.CreatePercept();
        Event one = new(1000, 0, 0, 1);
        Assert.Equal(StageStatus.Ok, perceiver.Perceive(Packet(one), ref percept, default));
        Assert.Equal(-0.5f, percept.Values[0]);
        Assert.Equal(StageStatus.Failed(FailureCode.NotFinite), perceiver.Perceive(Packet(one, one), ref percept, default));
        Assert.Equal(StageStatus.Ok, perceiver.Perceive(Packet(one), ref percept, default));
        Assert.Equal(-1f, percept.Values[0]); // 1 + 1, as if the bad cycle had not been
    }

    [Fact]
    public void Perceive_SectorNetwork_FillsThePercept()
    {
        var g = new OnnxGraphBuilder("sectors");
        // Two sectors: the count of each half, less one, is its "time to contact".
        string halves = g.Node("Reshape", [g.Input("frame", 1, 1, 1, 2), g.Constant(1L, 2L)]);
        g.Output(g.Node("Sub", [halves, g.Constant([1f])]), "time_to_contact", 1, 2);
        g.Output(g.Node("Mul", [halves, g.Constant([0.25f])]), "confidence", 1, 2);
        using var perceiver = new DenseSectorPerceiver(new ManagedEngine(g.Build()), new DensePerceiverOptions { Camera = Camera, Frame = EventFrameKind.Count });
        var percept = perceiver.CreatePercept();
        var left = new Event(1000, 3, 0, 1);
        var status = perceiver.Perceive(Packet([.. Enumerable.Repeat(left, 6), new Event(1000, 4, 0, 1)]), ref percept, default);
        Assert.Equal(StageStatus.Ok, status);
        Assert.Equal((5f, 1f, 6000f), (percept.Sectors[0].TimeToContact, percept.Sectors[0].Confidence, percept.Sectors[0].EventRate));
        Assert.Equal((float.PositiveInfinity, 0.25f), (percept.Sectors[1].TimeToContact, percept.Sectors[1].Confidence));
        Assert.True(float.IsNaN(percept.Sectors[0].Range));
        Assert.Equal(percept.Sectors[0].Bearing, -percept.Sectors[1].Bearing, 1e-6f);
        Assert.True(percept.Sectors[0].Bearing > 0); // the left is counter-clockwise
    }

    [Fact]
    public void Create_NetworkThatTakesSomethingElse_IsRefused()
    {
        var g = new OnnxGraphBuilder("vector");
        g.Output(g.Node("Relu", [g.Input("x", 1, 4)]), "y", 1, 4);
        Assert.Contains("[1, channels, rows, columns]", Assert.Throws<InvalidDataException>(() => new DensePerceiver(new ManagedEngine(g.Build()))).Message, StringComparison.Ordinal);
        g.Input("z", 1, 4);
        Assert.Contains("one image", Assert.Throws<InvalidDataException>(() => new DensePerceiver(new ManagedEngine(g.Build()))).Message, StringComparison.Ordinal);
        Assert.Contains("time_to_contact", Assert.Throws<InvalidDataException>(() => new DenseSectorPerceiver(new ManagedEngine(Halves()), new DensePerceiverOptions { Camera = Camera })).Message, StringComparison.Ordinal);
    }

    // Counts the events of both polarities in the left and the right half.
    private static OnnxModel Halves()
    {
        var g = new OnnxGraphBuilder("halves");
        string x = g.Input("frame", 1, 2, 2, 2);
        string sum = g.Node("Conv", [x, g.Constant([1f, 1, 1, 1], 1, 2, 2, 1)]);
        g.Output(g.Node("Flatten", [sum]), "y", 1, 2);
        return g.Build();
    }
}
