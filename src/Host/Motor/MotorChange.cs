using System.Text.Json.Serialization;

namespace EdgeAutonomy.Host;

/// <summary>A change of the motor controller's state: one JSON line of <c>edge motor</c>.</summary>
public sealed record MotorChange
{
    /// <summary>Gets what happened: ready, driving, safe or stopped.</summary>
    public required string Event { get; init; }

    /// <summary>Gets why: commanded, timeout or signal; null when there is nothing to explain.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Gets the instant on CLOCK_MONOTONIC in nanoseconds, which all processes of the machine share.</summary>
    public required long MonotonicNs { get; init; }

    /// <summary>Gets milliseconds since the last accepted command; null before the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AgeMs { get; init; }

    /// <summary>Gets the UDP port; only in the ready line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    /// <summary>Gets the command timeout in milliseconds; only in the ready line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeoutMs { get; init; }

    /// <summary>Gets the sequence number of the last accepted command.</summary>
    public uint Sequence { get; init; }

    /// <summary>Gets the velocity the motors now have, in metres per second.</summary>
    public float Linear { get; init; }

    /// <summary>Gets the turn rate the motors now have, in radians per second.</summary>
    public float Angular { get; init; }

    /// <summary>Gets how many commands were accepted.</summary>
    public long Commands { get; init; }

    /// <summary>Gets how many sequence numbers never came.</summary>
    public long Lost { get; init; }

    /// <summary>Gets how many commands came twice or too late.</summary>
    public long Stale { get; init; }

    /// <summary>Gets how many datagrams were not commands at all.</summary>
    public long Rejected { get; init; }
}
