using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Sensors;

/// <summary>The text header of a Prophesee file: lines "% key value", closed by "% end" in newer files.</summary>
/// <remarks>
/// Source: OpenEB generic_header.cpp and psee_raw_file_header.cpp. Old files have no "% end": there the header ends at the first line that does not begin
/// with "% ", and because a payload may begin with those two bytes as well, a line with a byte outside printable ASCII, or longer than 4 KiB, counts as
/// payload. A carriage return at the end of a line is dropped. Keys are kept as they stand and found without regard to case. Immutable.
/// </remarks>
public sealed class RawHeader
{
    /// <summary>The most bytes a header may have.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxLineBytes = 4 * 1024;
    private static readonly SearchValues<byte> TextBytes = SearchValues.Create([(byte)'\t', (byte)'\r', .. Enumerable.Range(0x20, 0x7F - 0x20).Select(b => (byte)b)]);
    private readonly List<KeyValuePair<string, string>> _entries = [];

    private RawHeader() { }

    /// <summary>Gets the keys and values, in the order of the file; keys may occur twice.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries => _entries;

    /// <summary>Gets the header's length in bytes: where the payload begins. 0 = there is no header.</summary>
    public int Length { get; private set; }

    /// <summary>Gets whether the header was closed by "% end".</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Gets the format: from "format", else from "evt", else what the camera with this system_ID sends by default; Unknown when none says.</summary>
    public EventFormat Format { get; private set; }

    /// <summary>Gets the format's name as the header has it, such as "EVT3" or "HISTO3D"; empty when the header does not name one.</summary>
    public string FormatName { get; private set; } = "";

    /// <summary>Gets the sensor's columns: from "format", else from "geometry", else by system_ID; 0 = unknown.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the sensor's rows: from "format", else from "geometry", else by system_ID; 0 = unknown.</summary>
    public int Height { get; private set; }

    /// <summary>Gets whether <see cref="Format"/> is only what the camera sends by default.</summary>
    public bool IsFormatAssumed { get; private set; }

    /// <summary>Gets whether <see cref="Width"/> and <see cref="Height"/> are only the camera's by default.</summary>
    public bool IsSizeAssumed { get; private set; }

    /// <summary>Gets the system_ID; 0 = none.</summary>
    public int SystemId { get; private set; }

    /// <summary>Returns the value of a key, or null.</summary>
    public string? Get(string key) => _entries.Find(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads the header at the start of a file.</summary>
    /// <param name="bytes">The first bytes of the file, at least <see cref="MaxBytes"/> unless the file is shorter.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <returns>The header; of length 0 when the bytes do not begin with one.</returns>
    /// <exception cref="InvalidDataException">The header contradicts itself or is longer than <see cref="MaxBytes"/>.</exception>
    public static RawHeader Parse(ReadOnlySpan<byte> bytes, string name = "RAW header")
    {
        var header = new RawHeader();
        var window = bytes[..Math.Min(bytes.Length, MaxBytes)];
        while (header.TakeLine(window)) { }
        if (header.Length > MaxBytes - MaxLineBytes && bytes.Length >= MaxBytes)
            throw new InvalidDataException($"{name}: the header is longer than {MaxBytes} bytes; it does not look like a Prophesee recording.");
        header.Resolve(name);
        return header;
    }

    /// <summary>Returns a header that says what a decoder needs, closed by "% end".</summary>
    /// <exception cref="ArgumentException">The format has no RAW header.</exception>
    public static byte[] Write(EventFormat format, int width, int height)
    {
        string evt = format switch
        {
            EventFormat.Evt2 => "2.0",
            EventFormat.Evt3 => "3.0",
            _ => throw new ArgumentException($"{EventFormats.Get(format).Name} files have no RAW header; EVT2 and EVT3 files have.", nameof(format)),
        };
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"% evt {evt}\n% format {EventFormats.Get(format).Name};height={height};width={width}\n% geometry {width}x{height}\n% end\n"));
    }

    private bool TakeLine(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[Length..];
        if (HasEnd || !rest.StartsWith("% "u8)) return false;
        var window = rest[..Math.Min(rest.Length, MaxLineBytes)];
        int newline = window.IndexOf((byte)'\n');
        // A header that is the whole of a file may lack its last line feed.
        if (newline < 0 && window.Length == MaxLineBytes) return false;
        var line = newline < 0 ? window : window[..newline];
        if (line.ContainsAnyExcept(TextBytes)) return false;
        Length += newline < 0 ? line.Length : newline + 1;

        string[] words = Encoding.ASCII.GetString(line[2..]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return true;
        if (words[0] == "end" && words.Length == 1) HasEnd = true;
        else _entries.Add(new(words[0], string.Join(' ', words[1..])));
        return true;
    }

    private void Resolve(string name)
    {
        int formatWidth = 0, formatHeight = 0;
        if (Get("format") is { Length: > 0 } format)
        {
            string[] parts = format.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            FormatName = parts.Length > 0 ? parts[0] : "";
            foreach (string part in parts.Skip(1))
            {
                if (part.StartsWith("width=", StringComparison.OrdinalIgnoreCase)) formatWidth = Size(part[6..], "format", format, name);
                else if (part.StartsWith("height=", StringComparison.OrdinalIgnoreCase)) formatHeight = Size(part[7..], "format", format, name);
            }
            if (formatWidth == 0 != (formatHeight == 0))
                throw new InvalidDataException($"{name}: key 'format' is '{format}'; it must have both width and height, or neither.");
        }
        else if (Get("evt") is { Length: > 0 } evt)
        {
            FormatName = evt is "2.0" or "2.1" or "3.0" or "4.0" ? $"EVT{evt}" : evt;
        }
        if (FormatName.Length > 0 && EventFormats.TryParse(FormatName, out var named)) Format = named;

        var (width, height) = Geometry(name);
        if (formatWidth != 0 && width != 0 && (formatWidth != width || formatHeight != height))
            throw new InvalidDataException($"{name}: 'format' says {formatWidth}x{formatHeight} but 'geometry' says {width}x{height}; the header must agree with itself.");
        (Width, Height) = formatWidth != 0 ? (formatWidth, formatHeight) : (width, height);
        ResolveBySystemId();
    }

    private void ResolveBySystemId()
    {
        if (int.TryParse(Get("system_ID"), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) SystemId = id;
        string integrator = Get("camera_integrator_name") ?? Get("integrator_name") ?? PropheseeSystems.Integrator;
        if (!integrator.Equals(PropheseeSystems.Integrator, StringComparison.OrdinalIgnoreCase)) return;
        if (!PropheseeSystems.TryGet(SystemId, out var system)) return;
        if (FormatName.Length == 0)
        {
            Format = system.Format;
            IsFormatAssumed = Format != EventFormat.Unknown;
        }
        if (Width != 0) return;
        (Width, Height) = (system.Width, system.Height);
        IsSizeAssumed = true;
    }

    private (int Width, int Height) Geometry(string name)
    {
        if (Get("geometry") is not { Length: > 0 } geometry) return (0, 0);
        int cross = geometry.IndexOf('x', StringComparison.OrdinalIgnoreCase);
        if (cross < 0) throw new InvalidDataException($"{name}: key 'geometry' is '{geometry}'; must be WIDTHxHEIGHT, such as 1280x720.");
        return (Size(geometry[..cross], "geometry", geometry, name), Size(geometry[(cross + 1)..], "geometry", geometry, name));
    }

    private static int Size(string text, string key, string value, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= 65536
            ? size
            : throw new InvalidDataException($"{name}: key '{key}' is '{value}'; width and height must be whole numbers in [1, 65536].");
}
