using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps recorded missions: one JSON object per line, <c>{"set":"…","number":5,"commands":["…"]}</c>.</summary>
/// <remarks>The file may be added to line by line by whoever carries missions out. Thread-safe.</remarks>
public static class RecordedMissionFile
{
    private const int MaxBytes = 64 << 20, MaxCommands = 10_000;

    /// <summary>Writes missions into a new file, or over an old one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="missions">The missions.</param>
    public static void Write(string path, IEnumerable<RecordedMission> missions)
    {
        ArgumentNullException.ThrowIfNull(missions);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        foreach (var mission in missions)
        {
            using (var writer = new Utf8JsonWriter(file))
            {
                writer.WriteStartObject();
                writer.WriteString("set", mission.Set);
                writer.WriteNumber("number", mission.Number);
                writer.WriteStartArray("commands");
                foreach (string command in mission.Commands) writer.WriteStringValue(command);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads missions.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">A line is no recorded mission, or the file is too large.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static IReadOnlyList<RecordedMission> Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw new InvalidDataException($"{path} has {info.Length} bytes; at most {MaxBytes} are read.");
        var missions = new List<RecordedMission>();
        int line = 0;
        foreach (string text in File.ReadLines(path, Encoding.UTF8))
        {
            line++;
            if (text.Length == 0) continue;
            missions.Add(Parse(text) ?? throw new InvalidDataException($"{path}, line {line}: no recorded mission; must be {{\"set\":\"…\",\"number\":N,\"commands\":[\"…\"]}} with at most {MaxCommands} commands."));
        }
        return missions.Count > 0 ? missions : throw new InvalidDataException($"{path} holds no recorded mission.");
    }

    private static RecordedMission? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var root = document.RootElement;
            var commands = root.GetProperty("commands");
            if (commands.GetArrayLength() > MaxCommands || !root.GetProperty("number").TryGetInt32(out int number) || number < 0 || root.GetProperty("set").GetString() is not { } set) return null;
            ImmutableArray<string> list = [.. commands.EnumerateArray().Select(c => c.GetString() ?? throw new FormatException())];
            return new RecordedMission(set, number, list);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
