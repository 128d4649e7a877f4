using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A chat server on a real loopback socket that answers each connection as a test says, byte by byte.</summary>
internal sealed class FakeChatServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FakeChatServer(Func<Socket, CancellationToken, Task> answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/");

    public static Task SendAsync(Socket socket, string text, CancellationToken cancel) => socket.SendAsync(Encoding.UTF8.GetBytes(text), cancel).AsTask();

    public static Task AnswerAsync(Socket socket, string body, CancellationToken cancel) =>
        SendAsync(socket, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}", cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        try
        {
            await _serving;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The listener throws the last one when it was stopped between two connections.
        }
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync(Func<Socket, CancellationToken, Task> answer)
    {
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token);
            await ReadRequestAsync(socket);
            await answer(socket, _stop.Token);
        }
    }

    private async Task ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[8192];
        int length = -1, head = -1;
        while (length < 0 || text.Length < head + 4 + length)
        {
            int n = await socket.ReceiveAsync(buffer, _stop.Token);
            if (n == 0) return;
            text.Append(Encoding.Latin1.GetString(buffer, 0, n));
            string so = text.ToString();
            head = so.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;
            string header = so[..head].Split("\r\n").First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            length = int.Parse(header.AsSpan("Content-Length:".Length), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
