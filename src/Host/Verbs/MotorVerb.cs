using System.CommandLine;

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
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
