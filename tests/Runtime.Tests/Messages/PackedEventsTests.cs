using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class PackedEventsTests
{
    [Fact]
    public void Pack_AnyEvents_UnpacksToTheSame()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = RandomStream.For(seed, "events");
            long start = Time(random), now = start;
            var events = new Event[random.NextInt32(60)];
            for (int i = 0; i < events.Length; i++)
            {
                now = random.NextInt32(8) switch { 0 => Time(random), 1 => now - random.NextInt32(1000), 2 => now + 126 + random.NextInt32(3), _ => now + random.NextInt32(127) };
                ushort edge = (ushort)(4094 + random.NextInt32(4));
                events[i] = random.NextInt32(6) switch
                {
                    0 => new Event(now, edge, (ushort)random.NextInt32(65536), 1),
                    1 => new Event(now, (ushort)random.NextInt32(65536), edge, 0),
                    2 => new Event(now, 4095, 4095, (byte)random.NextInt32(256)),
                    _ => new Event(now, (ushort)random.NextInt32(4096), (ushort)random.NextInt32(4096), (byte)random.NextInt32(2)),
                };
            }
            byte[] packed = Pack(events, start);
            var back = new Event[events.Length];
            PackedEvents.Unpack(packed, start, back);
            Assert.Equal(events, back);
            Refused(packed, start, back);
        }

        // Every size of number, the extremes of the type included: differences of times may wrap.
        static long Time(RandomStream random) => random.NextInt32(8) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => (long)(random.NextUInt64() >> random.NextInt32(60)) };
    }

    [Fact]
    public void Pack_OrdinaryCamera_TakesFourBytesAnEvent()
    {
        var events = new Event[10_000];
        for (int i = 0; i < events.Length; i++) events[i] = new Event(5_000_000 + i / 3, (ushort)(i * 7 % 1280), (ushort)(i * 3 % 720), (byte)(i & 1));
        Assert.Equal(40_000, Pack(events, 5_000_000).Length);
    }

    // The largest of everything that fits one word, and the first of each that does not.
    [Theory]
    [InlineData(126, 4095, 4095, 1, 4)]
    [InlineData(127, 0, 0, 0, 20)]
    [InlineData(-1, 0, 0, 0, 20)]
    [InlineData(0, 4096, 0, 0, 20)]
    [InlineData(0, 0, 4096, 0, 20)]
    [InlineData(0, 0, 0, 2, 20)]
    public void Pack_AtTheLimits_EscapesWhatDoesNotFit(int step, int x, int y, int polarity, int bytes)
    {
        Event[] events = [new(1000 + step, (ushort)x, (ushort)y, (byte)polarity)], back = new Event[1];
        byte[] packed = Pack(events, 1000);
        Assert.Equal(bytes, packed.Length);
        PackedEvents.Unpack(packed, 1000, back);
        Assert.Equal(events, back);
    }

    [Fact]
    public void Pack_Golden_IsTheDocumentedWord()
    {
        Event[] events = [new(12, 0x123, 0x456, 1), new(512, 1, 2, 0)];
        Assert.Equal("2361 4505 FFFFFFFF 0002000000000000 0100 0200 00 000000".Replace(" ", ""), Convert.ToHexString(Pack(events, 10)));
    }

    [Fact]
    public void Unpack_SpareBytesSet_AreZeroInTheEvent()
    {
        byte[] packed = [0xFF, 0xFF, 0xFF, 0xFF, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 1, 0xAA, 0xBB, 0xCC];
        var back = new Event[1];
        PackedEvents.Unpack(packed, 0, back);
        Assert.Equal("090000000000000001000200 01000000".Replace(" ", ""), Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(back.AsSpan())));
    }

    [Fact]
    public void Pack_TooLittleRoom_Throws() => Assert.Throws<ArgumentException>(() => PackedEvents.Pack(new Event[3], 0, new byte[59]));

    [Fact]
    public void PackAndUnpack_AnyNumber_AllocateNothing()
    {
        var events = new Event[100];
        for (int i = 0; i < events.Length; i++) events[i] = new Event(i * 40, (ushort)i, (ushort)(i * 60), 1);
        var room = new byte[100 * PackedEvents.MaxBytesPerEvent];
        var back = new Event[100];
        Allocations.AssertNone(() => PackedEvents.Unpack(room.AsSpan(0, PackedEvents.Pack(events, 0, room)), 0, back));
    }

    private static byte[] Pack(Event[] events, long start)
    {
        var room = new byte[events.Length * PackedEvents.MaxBytesPerEvent];
        return room[..PackedEvents.Pack(events, start, room)];
    }

    private static void Refused(byte[] packed, long start, Event[] room)
    {
        for (int cut = 0; cut < packed.Length; cut++) Assert.Throws<InvalidDataException>(() => PackedEvents.Unpack(packed.AsSpan(0, cut), start, room));
        Assert.Throws<InvalidDataException>(() => PackedEvents.Unpack([.. packed, 0], start, room));
        Assert.Throws<InvalidDataException>(() => PackedEvents.Unpack([.. packed, .. new byte[4]], start, room));
    }
}
