namespace EdgeAutonomy.Sensors;

/// <summary>Opens event recordings: finds out what a file is, by content first and by extension where content cannot tell.</summary>
/// <remarks>
/// A file with a header and no payload is a valid recording of 0 events; a file of 0 bytes is an error, since nothing says what it should have been.
/// A payload that ends inside a word gives the whole events before it and counts <see cref="DecoderViolation.TruncatedTail"/>. Thread-safe.
/// </remarks>
public static class EventFile
{
    /// <summary>The columns and rows of an N-MNIST recording.</summary>
    public const int NmnistSize = 34;

    /// <summary>Finds out what a recording is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the caller knows; null = nothing.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NotSupportedException">The format is recognised, but this version cannot decode it.</exception>
    /// <exception cref="InvalidDataException">The file is empty, contradicts itself or the options, or is no recording.</exception>
    public static EventFileInfo Inspect(string path, EventFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new InvalidDataException($"{path} is a folder; give the path of one recording.");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such event recording; check the path.", path);
        using var handle = File.OpenHandle(path);
        long length = RandomAccess.GetLength(handle);
        byte[] start = new byte[Math.Min(length, RawHeader.MaxBytes + EventFileSignature.Bytes)];
        int got = 0;
        for (int n; got < start.Length && (n = RandomAccess.Read(handle, start.AsSpan(got), got)) > 0; got += n) { }
        return Identify(path, start.AsSpan(0, got), length, options ?? EventFileOptions.None);
    }

    /// <summary>Opens a recording for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the caller knows; null = nothing.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NotSupportedException">The format is recognised, but this version cannot decode it.</exception>
    /// <exception cref="InvalidDataException">The file is empty, contradicts itself or the options, or is no recording.</exception>
    public static EventFileReader Open(string path, EventFileOptions? options = null) =>
        new(Inspect(path, options), options ?? EventFileOptions.None);

    /// <summary>Makes a recording, replacing what is there.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="format">EVT2 and EVT3 get a RAW header, N-MNIST has none.</param>
    /// <param name="width">The sensor's columns.</param>
    /// <param name="height">The sensor's rows.</param>
    /// <exception cref="NotSupportedException">This version cannot write the format.</exception>
    public static EventFileWriter Create(string path, EventFormat format, int width, int height) => new(path, format, width, height);

    internal static EventFileInfo Identify(string path, ReadOnlySpan<byte> start, long length, EventFileOptions options)
    {
        if (length == 0) throw new InvalidDataException($"{path} is empty (0 bytes); a recording has at least a header.");
        if (options.Width < 0 || options.Height < 0 || options.Width == 0 != (options.Height == 0))
            throw new InvalidDataException($"{path}: the size option is {options.Width}x{options.Height}; give both width and height, positive, or neither.");
        var container = EventFileSignature.Container(start);
        if (container != EventFormat.Unknown) throw Unsupported(path, container);
        return start.StartsWith("% "u8) ? FromHeader(path, start, length, options) : Headerless(path, start, length, options);
    }

    private static EventFileInfo FromHeader(string path, ReadOnlySpan<byte> start, long length, EventFileOptions options)
    {
        var header = RawHeader.Parse(start, path);
        if (header.Length == 0) return Headerless(path, start, length, options);
        if (header.FormatName.Length == 0 && IsDat(path, header)) throw Unsupported(path, EventFormat.Dat);
        if (header.FormatName.Length > 0 && header.Format == EventFormat.Unknown)
            throw new NotSupportedException($"{path}: the header names format '{header.FormatName}', which is not an event format this version knows; readable are {EventFormats.ReadableNames}.");
        var format = header.Format;
        if (options.Format != EventFormat.Unknown && options.Format != format)
        {
            if (format != EventFormat.Unknown && !header.IsFormatAssumed)
                throw new InvalidDataException($"{path}: the header says {EventFormats.Get(format).Name}, the options say {EventFormats.Get(options.Format).Name}; leave the option out.");
            format = options.Format;
        }
        if (format == EventFormat.Unknown)
            throw new InvalidDataException($"{path}: the header names no format (no 'format', 'evt' or known 'system_ID'); give the format as an option.");
        var (width, height) = (header.Width, header.Height);
        if (options.Width != 0 && (options.Width, options.Height) != (width, height))
        {
            if (width != 0 && !header.IsSizeAssumed)
                throw new InvalidDataException($"{path}: the header says {width}x{height}, the options say {options.Width}x{options.Height}; leave the option out.");
            (width, height) = (options.Width, options.Height);
        }
        return Checked(new EventFileInfo(path, format, width, height, header.Length, length, header));
    }

    private static EventFileInfo Headerless(string path, ReadOnlySpan<byte> start, long length, EventFileOptions options)
    {
        if (options.Format != EventFormat.Unknown)
        {
            bool small = options is { Format: EventFormat.Nmnist, Width: 0 };
            return Checked(new EventFileInfo(path, options.Format, small ? NmnistSize : options.Width, small ? NmnistSize : options.Height, 0, length, null));
        }
        if (EventFileSignature.Foreign(start) is { } kind) throw new InvalidDataException($"{path} is {kind}, not an event recording.");
        string extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        bool nmnist = extension == ".bs2" || extension == ".bin" && EventFileSignature.LooksLikeNmnist(start[..Math.Min(start.Length, 5000)], length);
        if (nmnist)
        {
            bool asked = options.Width != 0;
            return new EventFileInfo(path, EventFormat.Nmnist, asked ? options.Width : NmnistSize, asked ? options.Height : NmnistSize, 0, length, null);
        }
        if (extension is ".csv" or ".txt") throw Unsupported(path, EventFormat.Csv);
        if (extension == ".dat") throw Unsupported(path, EventFormat.Dat);
        string hex = Convert.ToHexString(start[..Math.Min(8, start.Length)]);
        throw new InvalidDataException(
            $"{path} is not a recording this version recognises (first bytes {hex}); if it is a capture without a header, give format, width and height as options.");
    }

    private static EventFileInfo Checked(EventFileInfo info)
    {
        if (EventFormats.Get(info.Format).CreateDecoder is null) throw Unsupported(info.Path, info.Format);
        if (info.Width == 0)
            throw new InvalidDataException($"{info.Path}: sensor size unknown (no size in the header, no known system_ID); give width and height as options.");
        if (info.Width > 65536 || info.Height > 65536)
            throw new InvalidDataException($"{info.Path}: the size option is {info.Width}x{info.Height}; each must be in [1, 65536].");
        return info;
    }

    private static bool IsDat(string path, RawHeader header) =>
        System.IO.Path.GetExtension(path).Equals(".dat", StringComparison.OrdinalIgnoreCase) || header.Get("Version") is not null && header.SystemId == 0;

    private static NotSupportedException Unsupported(string path, EventFormat format) =>
        new($"{path} is {EventFormats.Get(format).Name}, which this version cannot decode; readable are {EventFormats.ReadableNames}.");
}
