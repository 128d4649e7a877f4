using System.Net;
using System.Net.Sockets;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Sends velocity commands as datagrams to a motor controller, such as <c>edge motor</c>.</summary>
/// <remarks>
/// The socket is opened in <see cref="Start"/> and never blocks; a send allocates nothing and throws nothing. <see cref="MakeSafe"/> may run on
/// any thread while <see cref="Act"/> is in progress: each has its bytes on its own stack, and the kernel takes datagrams whole.
/// </remarks>
public sealed class UdpActuator : IActuator<Twist2>, IDisposable
{
    private readonly IPEndPoint _controller;
    private Socket? _socket;
    private uint _sequence;

    /// <summary>Makes an actuator that is not connected yet.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="controller">Where the motor controller listens.</param>
    public UdpActuator(string name, IPEndPoint controller)
    {
        Name = name;
        _controller = controller;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Start()
    {
        var socket = new Socket(_controller.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        // Connected, so that a controller that is not there shows as an error of the next send instead of silence.
        socket.Connect(_controller);
        _socket = socket;
    }

    /// <inheritdoc/>
    public StageStatus Act(in Twist2 action, in CycleContext context) => Send(MotorCommandKind.Drive, action);

    /// <inheritdoc/>
    public void MakeSafe()
    {
        // Twice: a refusal left over from an earlier datagram is reported by the first send, which then sends nothing.
        if (Send(MotorCommandKind.Safe, Twist2.Rest).IsFailed) Send(MotorCommandKind.Safe, Twist2.Rest);
    }

    /// <inheritdoc/>
    public void Stop() => Dispose();

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _socket, null)?.Dispose();

    private StageStatus Send(MotorCommandKind kind, Twist2 velocity)
    {
        var socket = _socket;
        if (socket is null) return StageStatus.Failed(FailureCode.Unavailable);
        Span<byte> bytes = stackalloc byte[MotorDatagram.Length];
        new MotorDatagram(kind, Interlocked.Increment(ref _sequence), velocity.Linear, velocity.Angular).Write(bytes);
        try
        {
            socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => StageStatus.Ok,
                SocketError.ConnectionRefused => StageStatus.Failed(FailureCode.Refused),
                _ => StageStatus.Failed(FailureCode.Unavailable),
            };
        }
        catch (ObjectDisposedException)
        {
            // Stop ran on another thread between the read above and the send; the controller's timeout stops the motors.
            return StageStatus.Failed(FailureCode.Unavailable);
        }
    }
}
