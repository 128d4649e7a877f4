using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Builds the server's JSON messages. They are rare, so they may allocate.</summary>
internal static class ServerJson
{
    public static byte[] Make(string op, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("op", op);
            body(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] ServerInfo(FoxgloveServerOptions options, IReadOnlyList<string> capabilities, bool encodings) => Make("serverInfo", json =>
    {
        json.WriteString("name", options.Name);
        Strings(json, "capabilities", capabilities);
        if (encodings) Strings(json, "supportedEncodings", ["json"]);
        json.WriteStartObject("metadata");
        foreach (var (key, value) in options.Metadata) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteString("sessionId", options.SessionId);
        if (!options.HasPlayback) return;
        Time(json, "dataStartTime", options.DataStart!.Value);
        Time(json, "dataEndTime", options.DataEnd!.Value);
    });

    public static byte[] Status(FoxgloveStatusLevel level, string message, string? id) => Make("status", json =>
    {
        json.WriteNumber("level", (int)level);
        json.WriteString("message", message);
        if (id is not null) json.WriteString("id", id);
    });

    public static byte[] RemoveStatus(string id) => Make("removeStatus", json => Strings(json, "statusIds", [id]));

    public static byte[] Advertise(IEnumerable<ServerChannel> channels) => Make("advertise", json =>
    {
        json.WriteStartArray("channels");
        foreach (var channel in channels)
        {
            json.WriteStartObject();
            json.WriteNumber("id", channel.Id);
            json.WriteString("topic", channel.Topic);
            json.WriteString("encoding", channel.Schema.MessageEncoding);
            json.WriteString("schemaName", channel.Schema.Name);
            json.WriteString("schema", channel.Schema.Encoding == FoxgloveSchema.Protobuf
                ? Convert.ToBase64String(channel.Schema.Data.Span) : Encoding.UTF8.GetString(channel.Schema.Data.Span));
            json.WriteString("schemaEncoding", channel.Schema.Encoding);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static byte[] Unadvertise(uint channel) => Make("unadvertise", json => Numbers(json, "channelIds", channel));

    public static byte[] AdvertiseServices(IEnumerable<FoxgloveService> services) => Make("advertiseServices", json =>
    {
        json.WriteStartArray("services");
        foreach (var service in services)
        {
            json.WriteStartObject();
            json.WriteNumber("id", service.Id);
            json.WriteString("name", service.Name);
            json.WriteString("type", service.Name);
            Schema(json, "request", service.Name + "_Request", service.Request);
            Schema(json, "response", service.Name + "_Response", service.Response);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static byte[] UnadvertiseServices(uint service) => Make("unadvertiseServices", json => Numbers(json, "serviceIds", service));

    public static byte[] ServiceFailure(uint service, uint call, string message) => Make("serviceCallFailure", json =>
    {
        json.WriteNumber("serviceId", service);
        json.WriteNumber("callId", call);
        json.WriteString("message", message);
    });

    public static byte[] Parameters(IEnumerable<FoxgloveParameter> parameters, string? id) => Make("parameterValues", json =>
    {
        json.WriteStartArray("parameters");
        foreach (var parameter in parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            if (parameter.Value is { ValueKind: not JsonValueKind.Undefined } value)
            {
                json.WritePropertyName("value");
                value.WriteTo(json);
            }
            if (parameter.Type is not null) json.WriteString("type", parameter.Type);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (id is not null) json.WriteString("id", id);
    });

    /// <summary>The graph as far as it differs from the one before; null when it does not.</summary>
    public static byte[]? Graph(FoxgloveGraph before, FoxgloveGraph now)
    {
        var published = Changed(before.Published, now.Published);
        var subscribed = Changed(before.Subscribed, now.Subscribed);
        var services = Changed(before.Services, now.Services);
        var topics = before.Published.Keys.Concat(before.Subscribed.Keys).Where(t => !now.Published.ContainsKey(t) && !now.Subscribed.ContainsKey(t))
            .Distinct(StringComparer.Ordinal).ToList();
        var gone = before.Services.Keys.Where(s => !now.Services.ContainsKey(s)).ToList();
        // A topic that only lost one of its two sides is told with an empty list for that side.
        published.AddRange(Lost(before.Published, now.Published, topics));
        subscribed.AddRange(Lost(before.Subscribed, now.Subscribed, topics));
        if (published.Count + subscribed.Count + services.Count + topics.Count + gone.Count == 0) return null;
        return Make("connectionGraphUpdate", json =>
        {
            Links(json, "publishedTopics", "publisherIds", published);
            Links(json, "subscribedTopics", "subscriberIds", subscribed);
            Links(json, "advertisedServices", "providerIds", services);
            Strings(json, "removedTopics", topics);
            Strings(json, "removedServices", gone);
        });
    }

    private static List<(string Name, IReadOnlyList<string> Ids)> Changed(
        IReadOnlyDictionary<string, IReadOnlyList<string>> before, IReadOnlyDictionary<string, IReadOnlyList<string>> now) =>
        [.. now.Where(pair => !before.TryGetValue(pair.Key, out var old) || !old.SequenceEqual(pair.Value)).Select(pair => (pair.Key, pair.Value))];

    private static IEnumerable<(string Name, IReadOnlyList<string> Ids)> Lost(
        IReadOnlyDictionary<string, IReadOnlyList<string>> before, IReadOnlyDictionary<string, IReadOnlyList<string>> now, List<string> removed) =>
        before.Keys.Where(key => !now.ContainsKey(key) && !removed.Contains(key)).Select(key => (key, (IReadOnlyList<string>)[]));

    private static void Links(Utf8JsonWriter json, string name, string ids, List<(string Name, IReadOnlyList<string> Ids)> links)
    {
        json.WriteStartArray(name);
        foreach (var (link, members) in links)
        {
            json.WriteStartObject();
            json.WriteString("name", link);
            Strings(json, ids, members);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Schema(Utf8JsonWriter json, string name, string schemaName, string schema)
    {
        json.WriteStartObject(name);
        json.WriteString("encoding", "json");
        json.WriteString("schemaName", schemaName);
        json.WriteString("schemaEncoding", FoxgloveSchema.JsonSchema);
        json.WriteString("schema", schema);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, uint value)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter json, string name, Stamp time)
    {
        var (seconds, nanos) = FoxgloveGeometry.Split(Stamp.Max(time, Stamp.Zero));
        json.WriteStartObject(name);
        json.WriteNumber("sec", seconds);
        json.WriteNumber("nsec", nanos);
        json.WriteEndObject();
    }
}
