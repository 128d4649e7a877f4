using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Reads what a client sends and does it. Every fault becomes a status of level error with one sentence.</summary>
internal sealed class SessionRequests(FoxgloveSession session, FoxgloveServer server)
{
    // The deepest legal message is a list of parameters whose values are small objects.
    private const int MaxDepth = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public void Text(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read()) throw new JsonException("there is more than one value");
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !TryText(root, "op", out string op))
            {
                session.Error("A text message must be a JSON object with a string 'op'.");
                return;
            }
            Dispatch(op, root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Only the parser throws in here: a host's exceptions are caught where it is called.
            session.Error($"A text message of {message.Length} bytes is not valid JSON of the protocol: {Short(e.Message)}");
        }
    }

    public void Binary(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            session.Error("A binary message is empty; it must begin with an opcode.");
            return;
        }
        var body = message[1..];
        switch (message[0])
        {
            case FoxgloveProtocol.ClientMessageData: ClientMessage(body); break;
            case FoxgloveProtocol.ServiceCallRequest: ServiceCall(body); break;
            case FoxgloveProtocol.PlaybackControlRequest: Playback(body); break;
            default: session.Error($"Binary opcode {message[0]} is not known; a client may send 1 (message), 2 (service call), 3 (playback)."); break;
        }
    }

    private void Dispatch(string op, JsonElement root)
    {
        switch (op)
        {
            case "subscribe": ForEach(root, "subscriptions", Subscribe); break;
            case "unsubscribe": ForEachId(root, "subscriptionIds", session.Unsubscribe); break;
            case "advertise": if (HasControl("publish")) ForEach(root, "channels", Advertise); break;
            case "unadvertise": ForEachId(root, "channelIds", session.Unadvertise); break;
            case "getParameters": GetParameters(root); break;
            case "setParameters": SetParameters(root); break;
            case "subscribeParameterUpdates": if (TryNames(root, out var watch)) Report(session.WatchParameters(watch)); break;
            case "unsubscribeParameterUpdates": if (TryNames(root, out var unwatch)) session.UnwatchParameters(unwatch); break;
            case "subscribeConnectionGraph": server.StartGraph(session); break;
            case "unsubscribeConnectionGraph": session.WantsGraph = false; break;
            case "fetchAsset": FetchAsset(root); break;
            default: session.Error($"Operation '{Short(op)}' is not known."); break;
        }
    }

    private void Subscribe(JsonElement item)
    {
        if (!TryId(item, "id", out uint id) || !TryId(item, "channelId", out uint channel)) session.Error("A subscription needs 'id' and 'channelId', whole numbers from 0 to 4294967295.");
        else Report(session.Subscribe(id, channel));
    }

    private void Advertise(JsonElement item)
    {
        if (!TryId(item, "id", out uint id) || !TryText(item, "topic", out string topic) || !TryText(item, "encoding", out string encoding))
        {
            session.Error("A client channel needs 'id', 'topic' and 'encoding'.");
            return;
        }
        TryText(item, "schemaName", out string schema);
        Report(session.Advertise(new FoxgloveClientChannel(id, topic, encoding, schema)));
    }

    private void GetParameters(JsonElement root)
    {
        if (!TryNames(root, out var names)) return;
        TryText(root, "id", out string id);
        IReadOnlyList<FoxgloveParameter> found = [];
        if (Ask(() => found = server.Host.GetParameters(names))) session.Send(ServerJson.Parameters(found, id.Length > 0 ? id : null));
    }

    private void SetParameters(JsonElement root)
    {
        if (!HasControl("set parameters")) return;
        if (!TryArray(root, "parameters", out var array)) return;
        var wanted = new List<FoxgloveParameter>();
        foreach (var item in array.EnumerateArray())
        {
            if (!TryText(item, "name", out string name))
            {
                session.Error("A parameter needs a 'name'; none was set.");
                return;
            }
            TryText(item, "type", out string type);
            JsonElement? value = item.TryGetProperty("value", out var given) ? given.Clone() : null;
            wanted.Add(new FoxgloveParameter(name, value, type.Length > 0 ? type : null));
        }
        TryText(root, "id", out string id);
        IReadOnlyList<FoxgloveParameter> now = [];
        if (!Ask(() => now = server.Host.SetParameters(wanted))) return;
        if (id.Length > 0) session.Send(ServerJson.Parameters(now, id));
        server.PublishParameters(now);
    }

    private void FetchAsset(JsonElement root)
    {
        if (!TryId(root, "requestId", out uint request) || !TryText(root, "uri", out string uri))
        {
            session.Error("fetchAsset needs 'uri' and 'requestId'.");
            return;
        }
        byte[]? asset = null;
        if (server.Options.HasAssets) Ask(() => asset = server.Host.FetchAsset(uri));
        session.SendAsset(request, asset is null ? $"There is no asset '{Short(uri)}' here." : null, asset);
    }

    private void ClientMessage(ReadOnlySpan<byte> body)
    {
        if (!HasControl("publish")) return;
        if (body.Length < 4)
        {
            session.Error($"A client message has {body.Length} bytes after its opcode; it needs at least 4 for the channel.");
            return;
        }
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if (session.Published(id) is not { } channel)
        {
            session.Error($"Client channel {id} is not known; advertise it first.");
            return;
        }
        try
        {
            server.Host.Receive(channel, body[4..]);
        }
        catch (Exception e)
        {
            Blame(e);
        }
    }

    private void ServiceCall(ReadOnlySpan<byte> body)
    {
        uint length = body.Length < 12 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        if (body.Length < 12 || length > (uint)(body.Length - 12))
        {
            session.Error($"A service call of {body.Length} bytes is cut off; it needs 12 bytes, then {length} of its encoding's name, then the request.");
            return;
        }
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(body), call = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        if (server.FindService(id) is not { } service)
        {
            session.SendFailure(id, call, $"Service {id} is not known; call one that was advertised.");
            return;
        }
        if (!TryUtf8(body.Slice(12, (int)length), out string encoding) || encoding != "json")
        {
            session.SendFailure(id, call, $"Encoding '{Short(encoding)}' is not supported by '{service.Name}'; use json.");
            return;
        }
        if (service.NeedsControl && !server.Host.AllowControl)
        {
            session.SendFailure(id, call, $"Service '{service.Name}' is not allowed: the server runs without control (Live:AllowControl).");
            return;
        }
        var request = new FoxgloveCall(session, service, call, encoding, body[(12 + (int)length)..].ToArray());
        if (!Ask(() => server.Host.Call(request))) request.Fail($"Service '{service.Name}' failed; see the server's log.");
    }

    private void Playback(ReadOnlySpan<byte> body)
    {
        uint length = body.Length < 18 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(body[14..]);
        if (body.Length < 18 || length != (uint)(body.Length - 18) || body[0] > 1 || body[5] > 1 || !TryUtf8(body[18..], out string id))
        {
            session.Error($"A playback request of {body.Length + 1} bytes is malformed; it is command, speed, seek flag, seek time, length, request id.");
            return;
        }
        float speed = BinaryPrimitives.ReadSingleLittleEndian(body[1..]);
        ulong seek = BinaryPrimitives.ReadUInt64LittleEndian(body[6..]);
        if (!float.IsFinite(speed) || speed <= 0 || seek > long.MaxValue)
        {
            session.Error(string.Create(CultureInfo.InvariantCulture, $"A playback request has speed {speed} and seek time {seek} ns; the speed must be positive and the time below 2^63."));
            return;
        }
        if (!server.Options.HasPlayback)
        {
            session.Error("There is nothing to play back: the server is live.");
            return;
        }
        if (!HasControl("steer the playback")) return;
        var request = new FoxglovePlaybackRequest(body[0] == 0, speed, body[5] == 1 ? new Stamp((long)seek) : null, id);
        Ask(() => server.Host.Playback(request));
    }

    private bool HasControl(string what)
    {
        if (server.Host.AllowControl) return true;
        session.Error($"Clients may not {what}: the server runs without control (Live:AllowControl).");
        return false;
    }

    private bool Ask(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e)
        {
            Blame(e);
            return false;
        }
    }

    // A host's bug must not cut a client off, nor take the reader task down.
    private void Blame(Exception e) => session.Error($"Bug in the server's host: {e.GetType().Name}: {Short(e.Message)}");

    private void Report(string? fault)
    {
        if (fault is not null) session.Error(fault);
    }

    private void ForEach(JsonElement root, string name, Action<JsonElement> action)
    {
        if (!TryArray(root, name, out var array)) return;
        foreach (var item in array.EnumerateArray()) action(item);
    }

    private void ForEachId(JsonElement root, string name, Func<uint, string?> action)
    {
        if (!TryArray(root, name, out var array)) return;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetUInt32(out uint id)) Report(action(id));
            else session.Error($"'{name}' must hold whole numbers from 0 to 4294967295.");
        }
    }

    private bool TryArray(JsonElement root, string name, out JsonElement array)
    {
        if (root.TryGetProperty(name, out array) && array.ValueKind == JsonValueKind.Array) return true;
        session.Error($"The message needs an array '{name}'.");
        return false;
    }

    private bool TryNames(JsonElement root, [NotNullWhen(true)] out List<string>? names)
    {
        names = null;
        if (!TryArray(root, "parameterNames", out var array)) return false;
        var list = new List<string>();
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                session.Error("'parameterNames' must hold strings.");
                return false;
            }
            list.Add(item.GetString()!);
        }
        names = list;
        return true;
    }

    private static bool TryText(JsonElement item, string name, out string value)
    {
        value = "";
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out var found) || found.ValueKind != JsonValueKind.String) return false;
        value = found.GetString()!;
        return true;
    }

    private static bool TryId(JsonElement item, string name, out uint value)
    {
        value = 0;
        return item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var found)
            && found.ValueKind == JsonValueKind.Number && found.TryGetUInt32(out value);
    }

    private static bool TryUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            text = "(not UTF-8)";
            return false;
        }
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
