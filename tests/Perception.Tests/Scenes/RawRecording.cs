using System.Buffers.Binary;
using System.Text;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Reads the two RAW recordings the tests use: EVT2 and EVT3 after a text header. The product's decoders live elsewhere; this is a second, plain one.</summary>
internal static class RawRecording
{
    public static List<Event> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 0;
        bool isEvt3 = false;
        while (at < bytes.Length && bytes[at] == (byte)'%')
        {
            int end = Array.IndexOf(bytes, (byte)'\n', at);
            string line = Encoding.ASCII.GetString(bytes, at, end - at);
            isEvt3 |= line.Contains("evt 3", StringComparison.OrdinalIgnoreCase) || line.Contains("EVT3", StringComparison.OrdinalIgnoreCase);
            at = end + 1;
            if (line.StartsWith("% end", StringComparison.Ordinal)) break;
        }
        var events = new List<Event>(1 << 20);
        if (isEvt3) Evt3(bytes.AsSpan(at), events);
        else Evt2(bytes.AsSpan(at), events);
        return events;
    }

    private static void Evt2(ReadOnlySpan<byte> data, List<Event> events)
    {
        long high = -1;
        for (; data.Length >= 4; data = data[4..])
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(data), type = word >> 28;
            if (type == 8) high = word & 0x0FFFFFFF;
            else if (type <= 1 && high >= 0) events.Add(new Event(high << 6 | word >> 22 & 63, (ushort)(word >> 11 & 2047), (ushort)(word & 2047), (byte)type));
        }
    }

    private static void Evt3(ReadOnlySpan<byte> data, List<Event> events)
    {
        long loop = 0;
        int high = -1, low = 0, y = -1, x = 0;
        byte polarity = 0;
        for (; data.Length >= 2; data = data[2..])
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(data), type = word >> 12, value = word & 0xFFF;
            long time = loop << 24 | (long)high << 12 | (long)low;
            if (type == 8)
            {
                if (high >= 2048 + value) loop++;
                if (high != value) low = 0;
                high = value;
            }
            else if (high < 0) continue;
            else if (type == 6) low = value;
            else if (type == 0) y = value & 2047;
            else if (type == 2 && y >= 0) events.Add(new Event(time, (ushort)(value & 2047), (ushort)y, (byte)(value >> 11)));
            else if (type == 3) (x, polarity) = (value & 2047, (byte)(value >> 11));
            else if (type is 4 or 5)
            {
                int bits = type == 4 ? 12 : 8;
                for (int i = 0; i < bits && y >= 0; i++)
                {
                    if ((value >> i & 1) != 0) events.Add(new Event(time, (ushort)(x + i), (ushort)y, polarity));
                }
                x += bits;
            }
        }
    }
}
