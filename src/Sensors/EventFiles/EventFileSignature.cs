namespace EdgeAutonomy.Sensors;

/// <summary>Recognises files by their first bytes: event formats, and the usual files that are not recordings at all.</summary>
internal static class EventFileSignature
{
    /// <summary>The most bytes a signature needs.</summary>
    public const int Bytes = 16;

    /// <summary>Returns the event container that begins with these bytes; Unknown when there is no such magic (raw words have none).</summary>
    public static EventFormat Container(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("#!AER-DAT4"u8)) return EventFormat.Aedat4;
        if (start.StartsWith("#!AER-DAT3"u8)) return EventFormat.Aedat3;
        if (start.StartsWith("#!AER-DAT"u8)) return EventFormat.Aedat2;
        if (start.StartsWith("Event Stream"u8)) return EventFormat.EventStream;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A])) return EventFormat.Hdf5;
        if (start.StartsWith("SQLite format 3\0"u8)) return EventFormat.RosbagSqlite;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'M', (byte)'C', (byte)'A', (byte)'P', (byte)'0', 0x0D, 0x0A])) return EventFormat.Mcap;
        return EventFormat.Unknown;
    }

    /// <summary>Returns what kind of other file begins with these bytes, such as "a PNG image"; null when it is none of the usual ones.</summary>
    public static string? Foreign(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return "a PNG image";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "a JPEG image";
        if (start.StartsWith("PK\u0003\u0004"u8)) return "a zip archive (or .npz); unpack it first";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return "gzip-compressed; unpack it first";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) return "zstd-compressed; unpack it first";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18])) return "LZ4-compressed; unpack it first";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'])) return "a NumPy array";
        if (start.StartsWith("#ROSBAG V"u8)) return "a ROS 1 bag";
        if (start.StartsWith("%PDF-"u8)) return "a PDF document";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F'])) return "a program (ELF)";
        if (start.StartsWith("RIFF"u8)) return "a RIFF file (AVI, WAV, WebP)";
        return null;
    }

    /// <summary>Tells whether a payload reads as N-MNIST: whole records, all inside 34×34, time never stepping back but for a wrap.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="fileBytes">The file's length.</param>
    public static bool LooksLikeNmnist(ReadOnlySpan<byte> start, long fileBytes)
    {
        if (fileBytes % 5 != 0 || start.Length < 5) return false;
        int previous = 0;
        for (int i = 0; i + 5 <= start.Length; i += 5)
        {
            int t = (start[i + 2] & 0x7F) << 16 | start[i + 3] << 8 | start[i + 4];
            if (start[i] >= EventFile.NmnistSize || start[i + 1] >= EventFile.NmnistSize) return false;
            if (t < previous && previous - t < 1 << 22) return false;
            previous = t;
        }
        return true;
    }
}
