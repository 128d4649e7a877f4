using System.Net;

namespace EdgeAutonomy.Host;

/// <summary>Settings of the live endpoint.</summary>
public sealed record LiveOptions
{
    /// <summary>The shortest token: what a password must have that nobody guesses over a network.</summary>
    public const int MinTokenLength = 16;

    /// <summary>Gets the robot's name, shown in the page's title.</summary>
    public string Robot { get; init; } = "robot";

    /// <summary>Gets the address to listen on: an IP address or localhost; 0.0.0.0 = all of this machine.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Gets the TCP port; 0 = any free one.</summary>
    public int Port { get; init; } = 8765;

    /// <summary>Gets the most views per second that a client is sent.</summary>
    public double MaxHz { get; init; } = 20;

    /// <summary>Gets whether clients may change state. An emergency stop is another matter: see <see cref="LiveControl"/>.</summary>
    public bool AllowControl { get; init; }

    /// <summary>Gets what a client must know to change state; null = nothing.</summary>
    public string? Token { get; init; }

    /// <summary>Gets further web origins that may open a WebSocket, such as http://robot.example:8765.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Gets the OTLP collector that metrics are sent to; null = none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Gets metrics beside those of the loops.</summary>
    internal IReadOnlyList<Metric> MoreMetrics { get; init; } = [];

    /// <summary>Gets whether the loops of what is shown run in other processes: that there are none here is no fault then, and there is nothing to stop.</summary>
    internal bool LoopsElsewhere { get; init; }

    /// <summary>Gets the most WebSocket clients at once.</summary>
    public int MaxClients { get; init; } = 32;

    /// <summary>Gets how long a loop may go without a finished cycle before it counts as stalled.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets whether only this machine can reach the endpoint. False for an address that cannot be read.</summary>
    internal bool IsLoopback => TryAddress(out var address) && IPAddress.IsLoopback(address);

    /// <summary>Reads <see cref="Bind"/>. Names other than localhost are refused: resolving one would delay the start of a robot without a network.</summary>
    internal bool TryAddress(out IPAddress address)
    {
        address = IPAddress.Loopback;
        if (string.Equals(Bind, "localhost", StringComparison.OrdinalIgnoreCase)) return true;
        bool read = IPAddress.TryParse(Bind, out var parsed);
        address = parsed ?? IPAddress.None;
        return read;
    }

    /// <summary>Returns every rule that the settings break, with the key it belongs to.</summary>
    internal IEnumerable<(string Key, string Message, string Remedy)> Problems()
    {
        if (!TryAddress(out _)) yield return ("Live:Bind", $"Live:Bind is '{Bind}'; must be an IP address or localhost.", "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all networks.");
        else if (AllowControl && !IsLoopback && Token is null)
            yield return ("Live:Token", $"Live:Token is missing; it is needed when Live:AllowControl is True and Live:Bind is {Bind}, which other machines reach.", $"Add a token of at least {MinTokenLength} characters, or bind to 127.0.0.1.");
        if (Token is not null && (Token.Length < MinTokenLength || Token.Any(c => c is <= ' ' or > '~')))
            yield return ("Live:Token", $"Live:Token has {Token.Length} characters; must be at least {MinTokenLength} printable ASCII characters without blanks.", "Make one with: openssl rand -hex 16");
        foreach (string origin in AllowedOrigins)
        {
            if (OriginPolicy.Read(origin) is null)
                yield return ("Live:AllowedOrigins", $"Live:AllowedOrigins has '{origin}'; must be an origin such as http://robot.example:8765.", "Write scheme, host and port, without a path.");
        }
        if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var otlp) && otlp.Scheme is "http" or "https"))
            yield return ("Live:OtlpEndpoint", $"Live:OtlpEndpoint is '{OtlpEndpoint}'; must be an http or https address.", "Name the collector's OTLP/HTTP address, such as http://127.0.0.1:4318.");
    }
}
