using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A client of /live, as the page is one.</summary>
internal sealed class PageClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30)); // a test that waits for nothing must end

    public static async Task<PageClient> ConnectAsync(LiveServer server, string? origin = null, string path = "/live", string? protocol = LiveServer.PageProtocol)
    {
        var client = new PageClient();
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        if (protocol is not null) client._socket.Options.AddSubProtocol(protocol);
        client._socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await client._socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = path }.Uri, client._patience.Token);
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

    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, _patience.Token);

    public async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var received = await _socket.ReceiveAsync(message.GetMemory(1 << 16), _patience.Token);
            message.Advance(received.Count);
            if (received.EndOfMessage) return (received.MessageType, message.WrittenSpan.ToArray());
        }
    }

    /// <summary>Reads on until a text message of this type that fits.</summary>
    public async Task<JsonElement> WaitForAsync(string type, Func<JsonElement, bool>? fits = null)
    {
        while (true)
        {
            var (kind, bytes) = await ReceiveAsync();
            if (kind == WebSocketMessageType.Close) throw new InvalidOperationException($"closed while waiting for '{type}'");
            if (kind != WebSocketMessageType.Text) continue;
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.GetProperty("type").GetString() == type && (fits is null || fits(document.RootElement))) return document.RootElement.Clone();
        }
    }

    public async Task<byte[]> WaitForImageAsync()
    {
        while (true)
        {
            var (kind, bytes) = await ReceiveAsync();
            if (kind == WebSocketMessageType.Binary) return bytes;
            if (kind == WebSocketMessageType.Close) throw new InvalidOperationException("closed while waiting for an image");
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }
}
