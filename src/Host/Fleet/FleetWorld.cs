using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeAutonomy.Host;

/// <summary>The one place that knows where all bodies of a fleet's run are: takes it from the robots' processes, tells it to all, and watches for contacts.</summary>
/// <remarks>UDP on the loopback, because bodies are there whether the network that the robots talk over works or not. A thread of its own; the rest from any thread.</remarks>
internal sealed class FleetWorld : IDisposable
{
    private const int MaxDatagram = 4096;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Lock _gate = new();
    private readonly RobotTruth?[] _truths;
    private readonly EndPoint?[] _addresses;
    private readonly bool[] _touching;
    private readonly Thread _thread;
    private volatile bool _ended;

    /// <summary>Opens a port and begins to listen.</summary>
    /// <param name="robots">How many robots.</param>
    public FleetWorld(int robots)
    {
        (_truths, _addresses, _touching) = (new RobotTruth?[robots], new EndPoint?[robots], new bool[robots * robots]);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveTimeout = 20;
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _thread = new Thread(Run) { IsBackground = true, Name = "edge-fleet-world" };
        _thread.Start();
    }

    /// <summary>Gets the port.</summary>
    public int Port { get; }

    /// <summary>Gets how often two robots touched.</summary>
    public int Contacts { get; private set; }

    /// <summary>Gets the smallest gap between two robots so far, in metres.</summary>
    public double SmallestGap { get; private set; } = double.PositiveInfinity;

    /// <summary>Returns what is known of each robot; null for one that was not heard of.</summary>
    public IReadOnlyList<RobotTruth?> Read()
    {
        lock (_gate) return [.. _truths];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[MaxDatagram];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        long told = TimeProvider.System.GetTimestamp();
        while (!_ended)
        {
            try
            {
                int length = _socket.ReceiveFrom(buffer, ref from);
                Take(buffer.AsSpan(0, length), from);
            }
            catch (SocketException)
            {
                // Nothing came, or a robot that was told is gone.
            }
            if (TimeProvider.System.GetElapsedTime(told) < TellEvery) continue;
            told = TimeProvider.System.GetTimestamp();
            Tell();
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, EndPoint from)
    {
        RobotTruth? truth;
        try
        {
            truth = JsonSerializer.Deserialize<RobotTruth>(datagram);
        }
        catch (JsonException)
        {
            return;
        }
        if (truth is null || truth.Index < 0 || truth.Index >= _truths.Length || !double.IsFinite(truth.X + truth.Y)) return;
        lock (_gate)
        {
            _truths[truth.Index] = truth;
            _addresses[truth.Index] = from;
            Watch(truth);
        }
    }

    // The bodies' own worlds push them apart; here nobody does, so a contact that lasts counts once.
    private void Watch(RobotTruth truth)
    {
        for (int i = 0; i < _truths.Length; i++)
        {
            if (i == truth.Index || _truths[i] is not { } other) continue;
            double gap = Math.Sqrt((truth.X - other.X) * (truth.X - other.X) + (truth.Y - other.Y) * (truth.Y - other.Y)) - truth.Radius - other.Radius;
            SmallestGap = Math.Min(SmallestGap, gap);
            int pair = Math.Min(i, truth.Index) * _truths.Length + Math.Max(i, truth.Index);
            if (gap < 0 && !_touching[pair]) Contacts++;
            _touching[pair] = gap < 0 || (_touching[pair] && gap < 0.02);
        }
    }

    private void Tell()
    {
        byte[] all;
        EndPoint?[] addresses;
        lock (_gate)
        {
            all = JsonSerializer.SerializeToUtf8Bytes(_truths.OfType<RobotTruth>().Select(t => new[] { t.Index, Math.Round(t.X, 4), Math.Round(t.Y, 4), Math.Round(t.Heading, 4), Math.Round(t.Vx, 3), Math.Round(t.Vy, 3) }));
            addresses = [.. _addresses];
        }
        foreach (var address in addresses)
        {
            if (address is null) continue;
            try
            {
                _socket.SendTo(all, address);
            }
            catch (SocketException)
            {
                // A process that was killed; another one will come from another port.
            }
        }
    }
}
