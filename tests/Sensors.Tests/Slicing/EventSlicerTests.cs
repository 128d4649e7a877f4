using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

public class EventSlicerTests
{
    [Fact]
    public void Fill_ByTimeFromStreamStart_CutsHalfOpenWindowsAndGivesEmptyOnes()
    {
        Assert.Equal(["105-115: 105 114", "115-125: 115", "125-135:", "135-145: 144"], Slice(EventSlicer.ByTime(10), At(105, 114, 115, 144)));
    }

    [Fact]
    public void Fill_ByTimeOnAbsoluteMultiples_CutsThere()
    {
        Assert.Equal(["100-110: 105", "110-120: 114 115"], Slice(EventSlicer.ByTime(10, SliceAlignment.Absolute), At(105, 114, 115)));
        Assert.Equal(["-10-0: -1", "0-10: 0"], Slice(EventSlicer.ByTime(10, SliceAlignment.Absolute), At(-1, 0)));
    }

    [Fact]
    public void Fill_ByCount_GivesThatManyEach()
    {
        Assert.Equal(["1-6: 1 5", "5-8: 5 7", "9-10: 9"], Slice(EventSlicer.ByCount(2), At(1, 5, 5, 7, 9)));
    }

    [Fact]
    public void Fill_ByTimeOrCount_ClosesAtWhicheverComesFirst()
    {
        Assert.Equal(["0-2: 0 1", "2-4: 2 3", "4-10: 4", "10-20: 19"], Slice(EventSlicer.ByTimeOrCount(10, 2), At(0, 1, 2, 3, 4, 19)));
    }

    [Fact]
    public void Fill_LateEvent_IsDeliveredInTheNextSliceAndCounted()
    {
        var slicer = EventSlicer.ByTime(10);
        Assert.Equal(["0-10: 0 9", "10-20: 12 8 13"], Slice(slicer, At(0, 9, 12, 8, 13)));
        Assert.Equal(1, slicer.LateEvents);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fill_AnyChunking_GivesTheSameSlices(int kind)
    {
        EventSlicer Make() => kind switch
        {
            0 => EventSlicer.ByTime(500),
            1 => EventSlicer.ByCount(37),
            2 => EventSlicer.ByTimeOrCount(500, 37),
            _ => EventSlicer.ByTimeOrCount(333, 20, SliceAlignment.Absolute),
        };
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new RandomStream(seed);
            var events = Streams.Random(random, 100, 100, 2000, 12_345, 900);
            // Some events out of order, so lateness must be chunk-invariant too.
            for (int i = 0; i < 50; i++)
            {
                int at = random.NextInt32(events.Length - 1);
                (events[at], events[at + 1]) = (events[at + 1], events[at]);
            }
            var (one, other) = (Make(), Make());
            var whole = Slice(one, events);
            Assert.Equal(whole, Slice(other, events, () => random.NextInt32(50)));
            Assert.Equal(one.LateEvents, other.LateEvents);
            Assert.Equal(events.Length, whole.Sum(s => s.Count(c => c == ' ')));
        }
    }

    [Fact]
    public void AdvanceTo_SilentScene_GivesEmptySlices()
    {
        var slicer = EventSlicer.ByTime(10);
        var packet = new EventPacket(8);
        Assert.False(slicer.AdvanceTo(1000, packet));
        Assert.False(slicer.Fill(At(5), packet, out _));
        var slices = new List<string>();
        while (slicer.AdvanceTo(38, packet)) slices.Add(Text(packet));
        Assert.Equal(["5-15: 5", "15-25:", "25-35:"], slices);
        Assert.False(slicer.Fill(At(39), packet, out _));
        Assert.True(slicer.Finish(packet));
        Assert.Equal("35-45: 39", Text(packet));
        Assert.Equal(4, slicer.Slices);
    }

    [Fact]
    public void FillUntil_Boundary_HandsOutEarlierEventsAndKeepsTheRest()
    {
        var slicer = EventSlicer.ByBoundary(0);
        var packet = new EventPacket(8);
        var events = At(1, 5, 9, 10, 3, 20);
        Assert.True(slicer.FillUntil(events, 10, packet, out int taken));
        Assert.Equal((3, "0-10: 1 5 9"), (taken, Text(packet)));
        Assert.False(slicer.FillUntil(events.AsSpan(3, 1), 15, packet, out taken));
        Assert.True(slicer.FillUntil(events.AsSpan(4), 15, packet, out taken));
        Assert.Equal((1, "10-15: 10 3"), (taken, Text(packet)));
        Assert.Equal(1, slicer.LateEvents);
        Assert.False(slicer.FillUntil([], 18, packet, out _));
        Assert.True(slicer.Finish(packet));
        Assert.Equal("15-18:", Text(packet));
        Assert.Throws<ArgumentOutOfRangeException>(() => slicer.FillUntil(events, 17, packet, out _));
    }

    [Fact]
    public void Fill_PacketTooSmall_DropsAndCounts()
    {
        var packet = new EventPacket(2);
        Assert.True(EventSlicer.ByTime(10).Fill(At(0, 1, 2, 3, 10), packet, out int taken));
        Assert.Equal((4, 2, 2L), (taken, packet.Count, packet.Dropped));
    }

    [Fact]
    public void RegionFilter_Packet_KeepsTheInsideInOrder()
    {
        var packet = new EventPacket(8) { Width = 100, Height = 100 };
        packet.Reset(7, 9);
        packet.Append([new(7, 10, 20, 1), new(7, 9, 20, 0), new(8, 12, 21, 0), new(8, 13, 20, 1), new(8, 10, 22, 1)]);
        packet.CountDropped(3);
        Assert.Equal(3, EventRegionFilter.Apply(packet, new PixelRegion(10, 20, 3, 2)));
        Assert.Equal([new Event(7, 10, 20, 1), new Event(8, 12, 21, 0)], packet.Events.ToArray());
        Assert.Equal((7L, 9L, 3L, 100), (packet.StartUs, packet.EndUs, packet.Dropped, packet.Width));
        Assert.Equal(0, EventRegionFilter.Apply(packet, default));
        Assert.Equal(2, packet.Count);
    }

    private static Event[] At(params long[] times) => [.. times.Select(t => new Event(t, 1, 2, 1))];

    private static List<string> Slice(EventSlicer slicer, ReadOnlySpan<Event> events, Func<int>? piece = null)
    {
        var slices = new List<string>();
        var packet = new EventPacket(5000);
        while (!events.IsEmpty)
        {
            var some = events[..Math.Min(piece?.Invoke() ?? int.MaxValue, events.Length)];
            if (slicer.Fill(some, packet, out int consumed)) slices.Add(Text(packet));
            events = events[consumed..];
        }
        if (slicer.Finish(packet)) slices.Add(Text(packet));
        return slices;
    }

    private static string Text(EventPacket packet) =>
        $"{packet.StartUs}-{packet.EndUs}:" + string.Concat(packet.Events.ToArray().Select(e => $" {e.TimeUs}"));
}
