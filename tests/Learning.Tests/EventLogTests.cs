using Google.Protobuf;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Event files, read again with Google's protobuf reader and a checksum computed bit by bit.</summary>
public sealed class EventLogTests
{
    [Fact]
    public void MaskedCrc_KnownVector_Agrees()
    {
        // CRC-32C of "123456789" is E3069283 (RFC 3720, B.4); masked: rotr 15, + A282EAD8.
        uint crc = Crc("123456789"u8);
        Assert.Equal(0xE3069283u, crc);
        Assert.Equal(unchecked((crc >> 15 | crc << 17) + 0xA282EAD8u), EventLog.MaskedCrc("123456789"u8));
    }

    [Fact]
    public void ToBytes_Log_IsReadBackWithRightChecksums()
    {
        var log = new LearningLog();
        log.Add(1000, [("validation/return", 12.5), ("agent/loss", double.NaN)]);
        log.Add(300_000_000_000, [("validation/return", -3), ("agent/loss", 0.25)]);
        var events = Read(EventLog.ToBytes(log, 100));
        Assert.Equal(3, events.Count);
        Assert.Equal((100, 0, "brain.Event:2"), (events[0].Time, events[0].Step, events[0].Version));
        Assert.Equal((100, 1000), (events[1].Time, events[1].Step));
        Assert.Equal([("validation/return", 12.5f)], events[1].Values);
        Assert.Equal((101, 300_000_000_000), (events[2].Time, events[2].Step));
        Assert.Equal([("validation/return", -3f), ("agent/loss", 0.25f)], events[2].Values);
    }

    [Fact]
    public void ToBytes_OneBitChanged_IsNoticedByTheChecksums()
    {
        // The control: the reader of this test does check.
        var log = new LearningLog();
        log.Add(1, [("a", 1)]);
        byte[] bytes = EventLog.ToBytes(log);
        bytes[^6] ^= 1;
        Assert.ThrowsAny<Exception>(() => Read(bytes));
    }

    private static List<(double Time, long Step, string? Version, List<(string, float)> Values)> Read(byte[] file)
    {
        var events = new List<(double, long, string?, List<(string, float)>)>();
        for (int at = 0; at < file.Length;)
        {
            var head = file.AsSpan(at, 8);
            int length = (int)BitConverter.ToUInt64(head);
            Assert.Equal(Unmask(BitConverter.ToUInt32(file, at + 8)), Crc(head));
            byte[] message = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Unmask(BitConverter.ToUInt32(file, at + 12 + length)), Crc(message));
            events.Add(Event(new CodedInputStream(message)));
            at += 16 + length;
        }
        return events;
    }

    private static (double, long, string?, List<(string, float)>) Event(CodedInputStream input)
    {
        double time = 0;
        long step = 0;
        string? version = null;
        var values = new List<(string, float)>();
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(1, WireFormat.WireType.Fixed64)) time = input.ReadDouble();
            else if (tag == WireFormat.MakeTag(2, WireFormat.WireType.Varint)) step = input.ReadInt64();
            else if (tag == WireFormat.MakeTag(3, WireFormat.WireType.LengthDelimited)) version = input.ReadString();
            else if (tag == WireFormat.MakeTag(5, WireFormat.WireType.LengthDelimited)) Summary(input.ReadBytes().CreateCodedInput(), values);
            else Assert.Fail($"tag {tag}");
        }
        return (time, step, version, values);
    }

    private static void Summary(CodedInputStream input, List<(string, float)> values)
    {
        while (input.ReadTag() == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
        {
            var entry = input.ReadBytes().CreateCodedInput();
            Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), entry.ReadTag());
            string tag = entry.ReadString();
            Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.Fixed32), entry.ReadTag());
            values.Add((tag, entry.ReadFloat()));
            Assert.True(entry.IsAtEnd);
        }
        Assert.True(input.IsAtEnd);
    }

    private static uint Unmask(uint masked)
    {
        uint rotated = unchecked(masked - 0xA282EAD8u);
        return rotated >> 17 | rotated << 15;
    }

    // Castagnoli's polynomial reflected, one bit at a time.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78u : 0);
        }
        return ~crc;
    }
}
