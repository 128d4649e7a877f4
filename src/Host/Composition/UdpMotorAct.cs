using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace EdgeAutonomy.Host;

/// <summary>Keys of a motor controller behind UDP.</summary>
public sealed class UdpMotorAct : ActSection
{
    /// <summary>Gets where it listens.</summary>
    [Option("Address of the motor controller: an IP address, or localhost.")]
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Gets its port.</summary>
    [Option("Its UDP port.", Required = true, Min = 1, Max = 65_535)]
    public int Port { get; init; }

    /// <summary>Gets after how long without a command it stops by itself.</summary>
    [Option("After how long without a command the controller stops by itself; must be longer than the longest period.", Min = 1, Max = 60_000)]
    public double CommandTimeoutMs { get; init; } = 200;

    /// <summary>Reads an address; names other than localhost are not looked up.</summary>
    public static bool TryResolve(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPAddress.Loopback;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out address);
    }
}
