using System.Net;
using System.Net.Sockets;

namespace EdgeAutonomy.Host;

/// <summary>Stands between a robot and its broker on the loopback and can be cut: nothing goes through then, and nobody is told, as when a cable is pulled.</summary>
/// <remarks>One thread for each direction of each connection; for drills, not for use. Any thread.</remarks>
internal sealed class LinkProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<Socket> _open = [];
    private readonly ManualResetEventSlim _whole = new(true);
    private volatile bool _ended;

    /// <summary>Starts to listen.</summary>
    /// <param name="broker">The broker, on this machine.</param>
    public LinkProxy(Uri broker)
    {
        _target = broker.Port;
        _listener.Start();
        Address = new UriBuilder(broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        new Thread(Accept) { IsBackground = true, Name = "edge-proxy" }.Start();
    }

    /// <summary>Gets where robots connect.</summary>
    public Uri Address { get; }

    /// <summary>Lets nothing through.</summary>
    public void Cut() => _whole.Reset();

    /// <summary>Lets everything through again. What was sent meanwhile is lost with its connections, as after a long cut.</summary>
    public void Mend()
    {
        lock (_open)
        {
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
        _whole.Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _listener.Stop();
        Mend();
    }

    private void Accept()
    {
        try
        {
            while (!_ended)
            {
                var client = _listener.AcceptSocket();
                _whole.Wait();
                if (_ended) return;
                var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    broker.Connect(IPAddress.Loopback, _target);
                }
                catch (SocketException)
                {
                    // The broker is down; the robot notices at once, as it would without us.
                    client.Dispose();
                    broker.Dispose();
                    continue;
                }
                lock (_open) _open.AddRange([client, broker]);
                Pump(client, broker);
                Pump(broker, client);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private void Pump(Socket from, Socket to) => new Thread(() =>
    {
        var buffer = new byte[65_536];
        try
        {
            for (int n; (n = from.Receive(buffer)) > 0;)
            {
                _whole.Wait();
                to.Send(buffer, n, SocketFlags.None);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // One side is gone.
        }
        from.Dispose();
        to.Dispose();
    })
    { IsBackground = true, Name = "edge-proxy" }.Start();
}
