using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A message of the page: which loop it watches, or a command.</summary>
/// <param name="Kind">The command; null = only watch.</param>
/// <param name="Id">The number that the answer repeats.</param>
/// <param name="Loop">The loop's name; "*" = every loop.</param>
/// <param name="Images">Whether the client wants event images.</param>
/// <param name="Value">A period cap in milliseconds.</param>
/// <param name="Token">The token; null = none.</param>
/// <param name="Playback">A change of the playback; null = none.</param>
internal sealed record LiveCommand(LoopInputKind? Kind, long Id, string Loop, bool Images, double Value, string? Token, PlaybackChange? Playback = null)
{
    /// <summary>Reads a message. Never throws, whatever the bytes are.</summary>
    /// <returns>Null when it is no message of this protocol; <paramref name="error"/> then says why.</returns>
    public static LiveCommand? Read(ReadOnlyMemory<byte> utf8, out string error)
    {
        error = "";
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            string? type = root.GetProperty("type").GetString();
            long number = root.TryGetProperty("id", out var id) ? id.GetInt64() : 0;
            string? secret = root.TryGetProperty("token", out var token) ? token.GetString() : null;
            if (type == "playback") return new LiveCommand(null, number, "", false, 0, secret, Change(root));
            LoopInputKind? kind = type switch
            {
                "watch" => null,
                "stop" => LoopInputKind.EmergencyStop,
                "clear" => LoopInputKind.ClearStop,
                "periodCap" => LoopInputKind.PeriodCap,
                _ => throw new FormatException($"'type' is '{type}'; must be watch, stop, clear, periodCap or playback"),
            };
            string loop = root.GetProperty("loop").GetString() ?? throw new FormatException("'loop' is null; must be a loop's name or *");
            return new LiveCommand(
                kind,
                number,
                loop,
                root.TryGetProperty("images", out var images) && images.GetBoolean(),
                root.TryGetProperty("periodMs", out var value) ? value.GetDouble() : 0,
                secret);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            error = $"The message is not understood: {exception.Message.TrimEnd('.')}.";
            return null;
        }
    }

    private static PlaybackChange Change(JsonElement root)
    {
        string? step = root.GetProperty("do").GetString();
        return step switch
        {
            "play" => new(Play: true),
            "pause" => new(Play: false),
            "seek" => new(Seek: Stamp.FromSeconds(root.GetProperty("value").GetDouble())),
            "speed" => new(Speed: root.GetProperty("value").GetDouble()),
            _ => throw new FormatException($"'do' is '{step}'; must be play, pause, seek or speed"),
        };
    }
}
