namespace EdgeAutonomy.Sensors;

/// <summary>The table of event formats: the one place to add a codec.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public static class EventFormats
{
    private static readonly EventFormatInfo[] Table =
    [
        new(EventFormat.Unknown, "unknown"),
        new(EventFormat.Evt2, "EVT2", o => new Evt2Decoder(o), (w, h) => new Evt2Encoder(w, h)),
        new(EventFormat.Evt21, "EVT2.1"),
        new(EventFormat.Evt3, "EVT3", o => new Evt3Decoder(o), (w, h) => new Evt3Encoder(w, h)),
        new(EventFormat.Evt4, "EVT4"),
        new(EventFormat.Nmnist, "N-MNIST", o => new NmnistDecoder(o), (w, h) => new NmnistEncoder(w, h)),
        new(EventFormat.Dat, "DAT"),
        new(EventFormat.Aedat2, "AEDAT2"),
        new(EventFormat.Aedat3, "AEDAT3"),
        new(EventFormat.Aedat4, "AEDAT4"),
        new(EventFormat.EventStream, "Event Stream (.es)"),
        new(EventFormat.Hdf5, "HDF5"),
        new(EventFormat.RosbagSqlite, "rosbag2 (SQLite)"),
        new(EventFormat.Mcap, "MCAP"),
        new(EventFormat.Csv, "CSV"),
    ];

    /// <summary>Gets every format the project knows by name, in the order of <see cref="EventFormat"/>.</summary>
    public static IReadOnlyList<EventFormatInfo> All => Table;

    /// <summary>Returns the entry of a format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public static EventFormatInfo Get(EventFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)format, Table.Length, nameof(format));
        return Table[(int)format];
    }

    /// <summary>Finds a format by a name as it stands in RAW headers, on command lines and in configuration: "EVT3", "evt21", "2.0", "nmnist", "dat".</summary>
    /// <returns>False when no format has that name; <paramref name="format"/> is then Unknown.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out EventFormat format)
    {
        Span<char> plain = stackalloc char[16];
        int n = 0;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c)) continue;
            if (n == plain.Length) break;
            plain[n++] = char.ToLowerInvariant(c);
        }
        format = plain[..n] switch
        {
            "evt2" or "evt20" or "20" => EventFormat.Evt2,
            "evt21" or "21" => EventFormat.Evt21,
            "evt3" or "evt30" or "30" => EventFormat.Evt3,
            "evt4" or "evt40" or "40" => EventFormat.Evt4,
            "nmnist" or "bs2" => EventFormat.Nmnist,
            "dat" => EventFormat.Dat,
            "aedat" or "aedat2" or "aedat20" => EventFormat.Aedat2,
            "aedat3" or "aedat31" => EventFormat.Aedat3,
            "aedat4" or "aedat40" => EventFormat.Aedat4,
            "es" or "eventstream" => EventFormat.EventStream,
            "hdf5" or "h5" => EventFormat.Hdf5,
            "rosbag" or "rosbag2" or "db3" => EventFormat.RosbagSqlite,
            "mcap" => EventFormat.Mcap,
            "csv" or "txt" => EventFormat.Csv,
            _ => EventFormat.Unknown,
        };
        return format != EventFormat.Unknown;
    }

    /// <summary>Makes a decoder.</summary>
    /// <exception cref="NotSupportedException">The format is known by name, but this build has no decoder for it.</exception>
    public static IEventDecoder CreateDecoder(EventFormat format, DecoderOptions options)
    {
        var info = Get(format);
        return info.CreateDecoder is { } create ? create(options)
            : throw new NotSupportedException($"Event format {info.Name} cannot be decoded by this version; readable are {Names(i => i.CreateDecoder is not null)}.");
    }

    /// <summary>Makes an encoder.</summary>
    /// <exception cref="NotSupportedException">The format is known by name, but this build has no encoder for it.</exception>
    public static IEventEncoder CreateEncoder(EventFormat format, int width, int height)
    {
        var info = Get(format);
        return info.CreateEncoder is { } create ? create(width, height)
            : throw new NotSupportedException($"Event format {info.Name} cannot be encoded by this version; writable are {Names(i => i.CreateEncoder is not null)}.");
    }

    internal static string ReadableNames => Names(i => i.CreateDecoder is not null);

    private static string Names(Predicate<EventFormatInfo> which) => string.Join(", ", Array.FindAll(Table, which).Select(i => i.Name));
}
