using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class EventPacketTests
{
    private static Event[] Events(int count) => [.. Enumerable.Range(0, count).Select(i => new Event(1000 + i, (ushort)i, (ushort)(2 * i), (byte)(i & 1)))];

    private static ulong Hash(EventPacket packet)
    {
        var hasher = new StateHasher(0);
        packet.AddTo(ref hasher);
        return hasher.Value;
    }

    [Fact]
    public void Event_Layout_IsSixteenBytesWithZeroSpares()
    {
        Assert.Equal(16, Unsafe.SizeOf<Event>());
        var e = new Event(-1, ushort.MaxValue, ushort.MaxValue, 0);
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<Event>(in e));
        Assert.All(bytes[..12].ToArray(), b => Assert.Equal(0xFF, b));
        Assert.All(bytes[12..].ToArray(), b => Assert.Equal(0, b)); // packets are hashed and recorded as bytes
    }

    [Fact]
    public void Append_MoreThanFits_CountsExactlyTheLostEvents()
    {
        var packet = new EventPacket(10);
        packet.Reset(0, 100);
        packet.Append(Events(7));
        packet.Append(Events(5));
        packet.Append(new Event(1, 1, 1, 1));
        packet.CountDropped(4);
        Assert.Equal((10, 2 + 1 + 4), (packet.Count, packet.Dropped));
        Assert.Equal(Events(7).Concat(Events(3)), packet.Events.ToArray());
        packet.Reset(100, 200);
        Assert.Equal((0, 0L, 100L, 200L), (packet.Count, packet.Dropped, packet.StartUs, packet.EndUs));
    }

    [Fact]
    public void Advance_EventsWrittenInPlace_AreTakenOver()
    {
        var packet = new EventPacket(4);
        Events(3).CopyTo(packet.Free);
        packet.Advance(3);
        Assert.Equal(Events(3), packet.Events.ToArray());
        Assert.Single(packet.Free.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Advance(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => packet.Advance(-1));
    }

    [Fact]
    public void CopyFrom_LargerPacket_CopiesWhatFitsAndCountsTheRest()
    {
        EventPacket source = new(10) { Width = 640, Height = 480 }, small = new(4), large = new(20);
        source.Reset(5, 9);
        source.Append(Events(9));
        source.CountDropped(2);
        small.CopyFrom(source);
        large.CopyFrom(source);
        Assert.Equal((4, 2 + 5, 640, 480, 5L, 9L), (small.Count, small.Dropped, small.Width, small.Height, small.StartUs, small.EndUs));
        Assert.Equal(Hash(source), Hash(large));
        Assert.NotEqual(Hash(source), Hash(small));
    }

    [Fact]
    public void AddTo_AnyChange_ChangesTheHash()
    {
        var packet = new EventPacket(100);
        packet.Reset(0, 100);
        packet.Append(Events(50));
        ulong before = Hash(packet);
        packet.Append(new Event(0, 0, 0, 0));
        ulong after = Hash(packet);
        packet.CountDropped(1);
        Assert.Equal(3, new[] { before, after, Hash(packet) }.Distinct().Count());
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        EventPacket packet = new(100), copy = new(100);
        var events = Events(60);
        Allocations.AssertNone(() =>
        {
            packet.Reset(0, 1);
            packet.Append(events);
            packet.Append(in events[0]);
            packet.Append(events);
            copy.CopyFrom(packet);
        });
    }
}
