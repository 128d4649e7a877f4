using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

/// <summary>Seeded event streams and damaged byte streams.</summary>
internal static class Streams
{
    /// <summary>Events with rising time: singles, ties, bursts in one row, gaps.</summary>
    public static Event[] Random(RandomStream random, int width, int height, int count, long startUs, int mostGapUs)
    {
        var events = new List<Event>(count);
        long t = startUs;
        while (events.Count < count)
        {
            int kind = random.NextInt32(10);
            if (kind < 5) t += random.NextInt32(4);
            else if (kind == 5) t += random.NextInt32(mostGapUs);
            int x = random.NextInt32(width), y = random.NextInt32(height), polarity = random.NextInt32(2);
            int run = random.NextInt32(3) == 0 ? 1 + random.NextInt32(40) : 1;
            for (int i = 0; i < run && x < width && events.Count < count; i++, x += 1 + random.NextInt32(3))
                events.Add(new Event(t, (ushort)x, (ushort)y, (byte)polarity));
        }
        return [.. events];
    }

    /// <summary>Random 16- or 32-bit words in which every type is common, and coordinates lie on both sides of the border.</summary>
    public static byte[] RandomWords(RandomStream random, EventFormat format, int bytes)
    {
        var data = new byte[bytes];
        int word = format == EventFormat.Evt2 ? 4 : format == EventFormat.Evt3 ? 2 : 5;
        for (int i = 0; i < bytes; i++) data[i] = (byte)random.NextUInt64();
        if (format == EventFormat.Nmnist)
        {
            for (int i = 0; i + 5 <= bytes; i += 5) (data[i], data[i + 1]) = ((byte)(data[i] % 36), (byte)(data[i + 1] % 36));
            return data;
        }
        int[] common = format == EventFormat.Evt2 ? [0, 0, 0, 0, 0, 0, 1, 1, 1, 8] : [0, 0, 2, 2, 2, 2, 3, 4, 5, 4, 4, 5, 6, 8];
        for (int i = word - 1; i < bytes; i += word)
        {
            int type = random.NextInt32(20) == 0 ? random.NextInt32(16) : common[random.NextInt32(common.Length)];
            data[i] = (byte)(type << 4 | data[i] & (random.NextInt32(3) == 0 ? 15 : 8));
            if (format == EventFormat.Evt2 && type < 2 && random.NextInt32(4) != 0)
            {
                uint w = (uint)type << 28 | (uint)random.NextInt32(64) << 22 | (uint)random.NextInt32(200) << 11 | (uint)random.NextInt32(200);
                BitConverter.TryWriteBytes(data.AsSpan(i - 3), w);
            }
        }
        return data;
    }

    /// <summary>Flips, deletes and inserts bytes.</summary>
    public static byte[] Damage(RandomStream random, ReadOnlySpan<byte> bytes, int times)
    {
        var result = new List<byte>(bytes.ToArray());
        for (int i = 0; i < times && result.Count > 0; i++)
        {
            int at = random.NextInt32(result.Count);
            switch (random.NextInt32(3))
            {
                case 0: result[at] ^= (byte)(1 << random.NextInt32(8)); break;
                case 1: result.RemoveAt(at); break;
                default: result.Insert(at, (byte)random.NextUInt64()); break;
            }
        }
        return [.. result];
    }
}
