using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps single missions of MissionWorld, one JSON file each: a site, what is to be done there, and where things lie.</summary>
/// <remarks>
/// The format stands in docs/missions.md. Reading is total: a file that is cut, of another kind, out of bounds or without a plan that solves it is refused with one sentence that names the key or the position; what is read can be
/// played and solved. Thread-safe.
/// </remarks>
public static class MissionFile
{
    /// <summary>How the name of a file ends. Not that of policies, which end in <see cref="CandidateFile.Ending"/>.</summary>
    public const string Ending = ".mission-world.json";

    /// <summary>The most places of a site.</summary>
    public const int MaxPlaces = 16;

    /// <summary>The most items.</summary>
    public const int MaxItems = 3;

    /// <summary>The most doors, and the most lockers.</summary>
    public const int MaxDoors = 4;

    /// <summary>The most targets.</summary>
    public const int MaxTargets = 8;

    /// <summary>The largest step limit.</summary>
    public const int MaxLimit = 1000;

    internal const string Format = "edge-mission-world";
    internal const int Version = 1;

    private const int MaxBytes = 1 << 20;

    /// <summary>Writes a mission, whole or not at all.</summary>
    /// <param name="path">The file, ending in <see cref="Ending"/>.</param>
    /// <param name="layout">The mission.</param>
    /// <param name="limit">The steps after which it is lost, in [1, <see cref="MaxLimit"/>].</param>
    /// <exception cref="ArgumentException">The name ends otherwise, or the limit is out of range.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public static void Write(string path, MissionWorldLayout layout, int limit)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' must end in {Ending}.", nameof(path));
        string next = path + ".next";
        File.WriteAllBytes(next, ToBytes(layout, limit));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Returns a file's bytes.</summary>
    /// <param name="layout">The mission.</param>
    /// <param name="limit">The steps after which it is lost, in [1, <see cref="MaxLimit"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public static byte[] ToBytes(MissionWorldLayout layout, int limit)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (limit is < 1 or > MaxLimit) throw new ArgumentOutOfRangeException(nameof(limit), $"The limit is {limit}; must be in [1, {MaxLimit}].");
        using var bytes = new MemoryStream();
        // Names and instructions are read by people: no escapes where JSON needs none.
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, layout, limit);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>Reads a mission.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, another kind of file, breaks a rule or cannot be solved; the message says what and where.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static MissionWorldTask Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw new InvalidDataException(FormattableString.Invariant($"{path}: the file has {info.Length} bytes; at most {MaxBytes} are read."));
        return Read(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a mission from bytes.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What to call it in error messages.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, another kind of file, breaks a rule or cannot be solved; the message says what and where.</exception>
    public static MissionWorldTask Read(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Length > MaxBytes) throw new InvalidDataException(FormattableString.Invariant($"{name}: the file has {bytes.Length} bytes; at most {MaxBytes} are read."));
        if (!System.Text.Unicode.Utf8.IsValid(bytes.Span)) throw new InvalidDataException($"{name}: the file is no UTF-8 text.");
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return new MissionFileReader(document.RootElement).Read();
        }
        catch (JsonException e)
        {
            // Its message quotes what it did not understand, which may be the rest of the file.
            string what = UntrustedText.Clean(e.Message.Split(" LineNumber:")[0], 160);
            throw new InvalidDataException(e.LineNumber is { } line ? FormattableString.Invariant($"{name}: not JSON, line {line + 1}, byte {e.BytePositionInLine + 1}: {what}") : $"{name}: not JSON: {what}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{name}: a text holds half a character, such as \\ud800 without its other half.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter json, MissionWorldLayout layout, int limit)
    {
        var map = layout.Map;
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("name", layout.Name);
        json.WriteString("instruction", map.Instruction);
        json.WriteNumber("limit", limit);
        json.WriteString("start", map.Places[map.Start].Name);
        json.WriteStartObject("battery");
        json.WriteNumber("start", map.StartBattery);
        json.WriteNumber("capacity", map.BatteryCapacity);
        json.WriteEndObject();
        json.WriteStartArray("sensors");
        for (int s = 0; s < MissionWorldMap.TargetTypes.Count; s++)
        {
            if ((map.Sensors >> s & 1) != 0) json.WriteStringValue(MissionWorldMap.TargetTypes[s]);
        }
        json.WriteEndArray();
        WriteAll(json, "places", map.Places, place =>
        {
            json.WriteString("name", place.Name);
            json.WriteString("type", place.Type);
            json.WriteNumber("x", place.X);
            json.WriteNumber("y", place.Y);
        });
        WriteAll(json, "roads", map.Roads, road =>
        {
            json.WriteString("from", map.Places[road.A].Name);
            json.WriteString("to", map.Places[road.B].Name);
            json.WriteNumber("metres", road.Metres);
            if (road.Door >= 0) json.WriteNumber("door", road.Door + 1);
        });
        json.WriteStartArray("lockers");
        foreach (int place in map.Lockers) json.WriteStringValue(map.Places[place].Name);
        json.WriteEndArray();
        int i = 0;
        WriteAll(json, "items", map.Items, item =>
        {
            json.WriteString("name", item.Name);
            json.WriteString("class", MissionWorldMap.ItemClasses[item.Class]);
            if (layout.ItemLockers[i] >= 0) json.WriteNumber("locker", layout.ItemLockers[i] + 1);
            else json.WriteString("place", map.Places[layout.ItemPlaces[i]].Name);
            i++;
        });
        WriteAll(json, "targets", map.Targets, target =>
        {
            json.WriteString("name", target.Name);
            json.WriteString("type", MissionWorldMap.TargetTypes[target.Type]);
            json.WriteString("place", map.Places[target.Place].Name);
            json.WriteBoolean("wanted", target.IsWanted);
        });
        json.WriteEndObject();
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> things, Action<T> content)
    {
        json.WriteStartArray(name);
        foreach (var thing in things)
        {
            json.WriteStartObject();
            content(thing);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
