using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A client of Foxglove's protocol that knows its layouts from the specification and nothing of our code.</summary>
internal sealed class FoxgloveTestClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30)); // a test that waits for nothing must end
    private readonly Dictionary<string, uint> _channels = [], _services = [];

    public static async Task<FoxgloveTestClient> ConnectAsync(LiveServer server, string protocol = "foxglove.sdk.v1", string? origin = null, string query = "")
    {
        var client = new FoxgloveTestClient();
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        client._socket.Options.AddSubProtocol(protocol);
        client._socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await client._socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/", Query = query }.Uri, client._patience.Token);
        }
        catch (WebSocketException exception)
        {
            int status = (int)client._socket.HttpStatusCode;
            client.Dispose();
            throw new HttpRequestException(exception.Message, exception, (System.Net.HttpStatusCode)status);
        }
        return client;
    }

    public string? Protocol => _socket.SubProtocol;

    public (WebSocketCloseStatus? Status, string? Reason) Closed => (_socket.CloseStatus, _socket.CloseStatusDescription);

    public IReadOnlyDictionary<string, uint> Channels => _channels;

    public IReadOnlyDictionary<string, uint> Services => _services;

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, _patience.Token);

    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, _patience.Token);

    public async Task SubscribeAsync(uint subscription, string topic)
    {
        while (!_channels.ContainsKey(topic)) await ReceiveAsync();
        await SendAsync($$"""{"op":"subscribe","subscriptions":[{"id":{{subscription}},"channelId":{{_channels[topic]}}}]}""");
        // Requests are carried out in turn, so an answer to this one says that the subscription stands.
        await SendAsync("""{"op":"getParameters","parameterNames":["none"],"id":"subscribed"}""");
        await WaitForAsync("parameterValues", p => p.TryGetProperty("id", out var id) && id.GetString() == "subscribed");
    }

    /// <summary>Calls a service and returns its answer, or the failure's sentence.</summary>
    public async Task<(JsonElement? Answer, string? Failure)> CallAsync(string service, string request = "{}", string encoding = "json")
    {
        while (!_services.ContainsKey(service)) await ReceiveAsync();
        byte[] name = Encoding.UTF8.GetBytes(encoding), body = Encoding.UTF8.GetBytes(request), call = new byte[13 + name.Length + body.Length];
        call[0] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(call.AsSpan(1), _services[service]);
        BinaryPrimitives.WriteUInt32LittleEndian(call.AsSpan(5), 77);
        BinaryPrimitives.WriteInt32LittleEndian(call.AsSpan(9), name.Length);
        name.CopyTo(call, 13);
        body.CopyTo(call, 13 + name.Length);
        await SendAsync(call);
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type == WebSocketMessageType.Text && Parse(bytes) is var json && json.GetProperty("op").GetString() == "serviceCallFailure")
            {
                Assert.Equal(77, json.GetProperty("callId").GetInt32());
                return (null, json.GetProperty("message").GetString());
            }
            if (type != WebSocketMessageType.Binary || bytes[0] != 3) continue;
            Assert.Equal(77u, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(5)));
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(9));
            Assert.Equal("json", Encoding.UTF8.GetString(bytes, 13, length));
            return (Parse(bytes.AsMemory(13 + length)), null);
        }
    }

    /// <summary>Reads on until a text message of this operation that fits.</summary>
    public async Task<JsonElement> WaitForAsync(string op, Func<JsonElement, bool>? fits = null)
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type != WebSocketMessageType.Text) continue;
            var json = Parse(bytes);
            if (json.GetProperty("op").GetString() == op && (fits is null || fits(json))) return json;
        }
    }

    /// <summary>Reads on until a binary message with this opcode.</summary>
    public async Task<byte[]> WaitForAsync(byte opcode, Func<byte[], bool>? fits = null)
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type == WebSocketMessageType.Binary && bytes[0] == opcode && (fits is null || fits(bytes))) return bytes;
        }
    }

    /// <summary>Reads on until the server closes.</summary>
    public async Task WaitForCloseAsync()
    {
        byte[] buffer = new byte[1 << 16];
        while ((await _socket.ReceiveAsync(buffer, _patience.Token)).MessageType != WebSocketMessageType.Close)
        {
            // Whatever was on its way.
        }
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", _patience.Token);

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }

    private async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>();
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(message.GetMemory(1 << 16), _patience.Token);
            if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"closed: {Closed}");
            message.Advance(received.Count);
        }
        while (!received.EndOfMessage);
        if (received.MessageType == WebSocketMessageType.Text) Remember(Parse(message.WrittenMemory));
        return (received.MessageType, message.WrittenSpan.ToArray());
    }

    private void Remember(JsonElement json)
    {
        switch (json.GetProperty("op").GetString())
        {
            case "advertise":
                foreach (var channel in json.GetProperty("channels").EnumerateArray()) _channels[channel.GetProperty("topic").GetString()!] = channel.GetProperty("id").GetUInt32();
                break;
            case "advertiseServices":
                foreach (var service in json.GetProperty("services").EnumerateArray()) _services[service.GetProperty("name").GetString()!] = service.GetProperty("id").GetUInt32();
                break;
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
