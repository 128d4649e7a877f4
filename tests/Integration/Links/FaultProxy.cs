using System.Net;
using System.Net.Sockets;

namespace EdgeAutonomy.Integration;

/// <summary>Stands between a client and a server on the loopback and does to the bytes what networks do: holds them, cuts them, half of them, slows them.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<(Socket Client, Socket Server)> _pairs = [];
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private TaskCompletionSource? _stalled;

    public FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>New connections are closed at once.</summary>
    public bool Blocked { get; set; }

    /// <summary>At most so many bytes a second each way; 0 = as many as there are.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Bytes wait, the connections stay.</summary>
    public bool Stalled
    {
        get
        {
            lock (_gate) return _stalled is not null;
        }
        set
        {
            lock (_gate)
            {
                if (!value) _stalled?.TrySetResult();
                _stalled = value ? _stalled ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            }
        }
    }

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var (client, server) in _pairs)
            {
                foreach (var socket in (Socket[])[client, server])
                {
                    try
                    {
                        socket.LingerState = new LingerOption(true, 0);
                        socket.Close();
                    }
                    catch (Exception e) when (e is ObjectDisposedException or SocketException)
                    {
                        // It ended by itself just now.
                    }
                }
            }
            _pairs.Clear();
            _stalled?.TrySetResult();
            _stalled = null;
        }
    }

    /// <summary>Tells the clients that the server has said its last word; the server hears nothing of it.</summary>
    public void HalfClose()
    {
        lock (_gate)
        {
            foreach (var (client, _) in _pairs)
            {
                if (client.Connected) client.Shutdown(SocketShutdown.Send);
            }
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        Cut();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                if (Blocked)
                {
                    client.Close();
                    continue;
                }
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _end.Token);
                }
                catch (SocketException)
                {
                    client.Close();
                    continue;
                }
                lock (_gate) _pairs.Add((client, server));
                _ = CarryAsync(client, server);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(Socket client, Socket server)
    {
        await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        lock (_gate) _pairs.Remove((client, server));
        client.Close();
        server.Close();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int most = BytesPerSecond > 0 ? Math.Clamp(BytesPerSecond / 20, 1, buffer.Length) : buffer.Length;
                int read = await from.ReceiveAsync(buffer.AsMemory(0, most));
                Task? wait;
                lock (_gate) wait = _stalled?.Task;
                if (wait is not null) await wait;
                if (read == 0) break;
                for (int sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                if (BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)read / BytesPerSecond));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Close();
            to.Close();
        }
    }
}
