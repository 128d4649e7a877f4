using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A simulated motor controller in a process of its own.</summary>
internal sealed class MotorVerb : Verb
{
    private readonly Option<int> _port = VerbOption.Number("--port", "UDP port on the loopback interface; 0 takes a free one.", 0, 0, 65_535);
    private readonly Option<int> _timeout = VerbOption.Number("--timeout-ms", "Milliseconds without a command after which the motors stop.", 200, 10, 60_000);

    /// <summary>Makes the verb.</summary>
    public MotorVerb()
        : base(
            "motor",
            "Plays a motor controller on a UDP port and prints one JSON line per change of state; stops the motors when commands cease.",
            "edge motor --port 7400",
            "edge motor --port 7400 --timeout-ms 200")
    {
        Add(_port);
        Add(_timeout);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        using var socket = Open(parse.GetValue(_port));
        var timeout = Duration.FromMilliseconds(parse.GetValue(_timeout));
        var controller = new MotorController(timeout);
        Print(terminal, controller.Describe("ready", null, Now()) with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port, TimeoutMs = timeout.Milliseconds });
        byte[] buffer = new byte[2048];
        while (!signals.Token.IsCancellationRequested)
        {
            if (socket.Poll(TimeToWait(controller), SelectMode.SelectRead))
            {
                int length = socket.Receive(buffer, SocketFlags.None, out var error);
                if (error == SocketError.Success) Print(terminal, controller.Receive(buffer.AsSpan(0, length), Now()));
            }
            Print(terminal, controller.Tick(Now()));
        }
        Print(terminal, controller.Describe("stopped", "signal", Now()));
        return ExitCode.Ok;
    }

    private static Socket Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new EdgeException(ExitCode.Io, $"UDP port {port} on 127.0.0.1 cannot be opened ({exception.SocketErrorCode}); choose another with --port, or 0 for a free one.", exception);
        }
    }

    // Until the command in force runs out, but never longer than a signal may wait to be seen.
    private static TimeSpan TimeToWait(MotorController controller)
    {
        const double SignalMicroseconds = 50_000;
        double left = controller.Deadline is { } deadline ? (deadline - Now()).Microseconds : SignalMicroseconds;
        return TimeSpan.FromMicroseconds(Math.Clamp(left, 0, SignalMicroseconds));
    }

    private static Stamp Now() => new(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));

    private static void Print(Terminal terminal, MotorChange? change)
    {
        if (change is null) return;
        terminal.Output.WriteLine(JsonOutput.Serialize(change));
        // Whoever watches through a pipe must see the line now.
        terminal.Output.Flush();
    }
}
