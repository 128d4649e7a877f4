using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What a Foxglove client may call: of running loops <c>/edge/…</c>, of a recording <c>/replay/…</c>.</summary>
internal sealed class FoxgloveServices
{
    private const string SafeStop = "/edge/safe_stop", Clear = "/edge/clear", PeriodCap = "/edge/period_cap";
    private const string Play = "/replay/play", Pause = "/replay/pause", Seek = "/replay/seek", Speed = "/replay/speed";

    private const string Nothing = """{"type":"object","properties":{}}""";
    private const string Loop = """{"type":"object","properties":{"loop":{"type":"string","default":"*","description":"A loop's name; * = every loop."}}}""";
    private const string Cap = """{"type":"object","properties":{"loop":{"type":"string","default":"*","description":"A loop's name; * = every loop."},"periodMs":{"type":"number","minimum":0,"description":"The longest period in milliseconds; 0 = no cap."}},"required":["periodMs"]}""";
    private const string Place = """{"type":"object","properties":{"seconds":{"type":"number","description":"Where to go, in seconds of the recording's own time."}},"required":["seconds"]}""";
    private const string Rate = """{"type":"object","properties":{"speed":{"type":"number","exclusiveMinimum":0,"description":"Recorded seconds per second."}},"required":["speed"]}""";
    private const string Answer = """{"type":"object","properties":{"ok":{"type":"boolean"},"message":{"type":"string"}}}""";

    private readonly LiveControl _control;

    /// <summary>Makes the services.</summary>
    public FoxgloveServices(LiveControl control, PlaybackControl? playback)
    {
        _control = control;
        All = playback is null
            ? [Make(SafeStop, Loop, needsControl: false), Make(Clear, Loop), Make(PeriodCap, Cap)]
            // Rights are checked in here: who may stop a robot may steer a recording.
            : [Make(Play, Nothing, false), Make(Pause, Nothing, false), Make(Seek, Place, false), Make(Speed, Rate, false)];
    }

    /// <summary>Gets the services.</summary>
    public IReadOnlyList<FoxgloveService> All { get; }

    /// <summary>Gets their names.</summary>
    public IEnumerable<string> Names => All.Select(s => s.Name);

    /// <summary>Carries out a call and answers it.</summary>
    public void Run(FoxgloveCall call, ClientRights rights)
    {
        ControlAnswer answer;
        try
        {
            // Some clients send nothing when a request has no fields.
            using var request = JsonDocument.Parse(call.Request.IsEmpty ? "{}"u8.ToArray() : call.Request, new JsonDocumentOptions { MaxDepth = 4 });
            answer = request.RootElement.ValueKind == JsonValueKind.Object ? Run(call.Service.Name, request.RootElement, rights) : new(false, "The request must be a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            answer = new(false, $"The request of '{call.Service.Name}' is not understood: {exception.Message.TrimEnd('.')}.");
        }
        if (answer.Done) call.Respond($$"""{"ok":true,"message":{{JsonSerializer.Serialize(answer.Message)}}}""");
        else call.Fail(answer.Message);
    }

    private ControlAnswer Run(string service, JsonElement request, ClientRights rights) => service switch
    {
        SafeStop => _control.Run(LoopInputKind.EmergencyStop, 0, LoopOf(request), rights),
        Clear => _control.Run(LoopInputKind.ClearStop, 0, LoopOf(request), rights),
        PeriodCap => _control.Run(LoopInputKind.PeriodCap, Number(request, "periodMs"), LoopOf(request), rights),
        Play => _control.Steer(new(Play: true), rights),
        Pause => _control.Steer(new(Play: false), rights),
        Seek => _control.Steer(new(Seek: Stamp.FromSeconds(Number(request, "seconds"))), rights),
        Speed => _control.Steer(new(Speed: Number(request, "speed")), rights),
        _ => new(false, string.Create(CultureInfo.InvariantCulture, $"Service '{service}' is not known.")),
    };

    private static FoxgloveService Make(string name, string request, bool needsControl = true) => new(name, needsControl, request, Answer);

    private static string LoopOf(JsonElement request) =>
        !request.TryGetProperty("loop", out var loop) ? "*" : loop.ValueKind == JsonValueKind.String ? loop.GetString()! : throw new FormatException("'loop' must be a string");

    private static double Number(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new FormatException($"'{name}' must be a number");
}
