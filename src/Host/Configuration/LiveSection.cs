namespace EdgeAutonomy.Host;

/// <summary>The live endpoint: page, health, metrics, Foxglove. It runs when the section is there.</summary>
public sealed class LiveSection
{
    /// <summary>Gets whether the endpoint runs.</summary>
    [Option("Whether the endpoint runs; without the section it does not.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Gets the address to listen on.</summary>
    [Option("Address to listen on: an IP address or localhost; 0.0.0.0 = every network of the machine.")]
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Gets the TCP port.</summary>
    [Option("TCP port; 0 = any free one.", Min = 0, Max = 65_535)]
    public int Port { get; init; } = 8765;

    /// <summary>Gets the most views per second.</summary>
    [Option("Most views per second that a client is sent.", Min = 1, Max = 30)]
    public double MaxHz { get; init; } = 20;

    /// <summary>Gets whether clients may change state.</summary>
    [Option("Whether clients may clear a stop and cap the period. An emergency stop from this machine is always taken.")]
    public bool AllowControl { get; init; }

    /// <summary>Gets what a client must know to change state.</summary>
    [Option("What a client must know to change state: 16 characters or more. Needed when other machines reach an endpoint with AllowControl.")]
    public string? Token { get; init; }

    /// <summary>Gets further web origins that may connect.</summary>
    [Option("Further web origins that may open a WebSocket, such as http://robot.example:8765.")]
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>Gets the collector of metrics.</summary>
    [Option("OTLP/HTTP address of a collector that metrics are sent to, such as http://127.0.0.1:4318; empty = none.")]
    public string? OtlpEndpoint { get; init; }

    /// <summary>Returns the settings of the server.</summary>
    /// <param name="robot">The robot's name.</param>
    /// <param name="stallLimitMs">Time without a cycle after which a loop counts as stalled, in milliseconds.</param>
    public LiveOptions ToOptions(string robot, double stallLimitMs = 2000) => new()
    {
        Robot = robot, Bind = Bind, Port = Port, MaxHz = MaxHz, AllowControl = AllowControl, Token = Token, AllowedOrigins = AllowedOrigins, OtlpEndpoint = OtlpEndpoint,
        StallLimit = TimeSpan.FromMilliseconds(stallLimitMs),
    };
}
