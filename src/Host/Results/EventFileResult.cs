using System.Text.Json.Serialization;

namespace EdgeAutonomy.Host;

/// <summary>What an event file holds: the keys that <c>events info</c> and <c>run --events</c> promise.</summary>
public sealed record EventFileResult
{
    /// <summary>Gets the format's name.</summary>
    public required string Format { get; init; }

    /// <summary>Gets the sensor's columns; 0 = the file does not say.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the sensor's rows; 0 = the file does not say.</summary>
    public required int Height { get; init; }

    /// <summary>Gets how many events were read.</summary>
    public required long Events { get; init; }

    /// <summary>Gets how many were brighter.</summary>
    public required long On { get; init; }

    /// <summary>Gets how many were darker.</summary>
    public required long Off { get; init; }

    /// <summary>Gets the sum of all columns: a checksum anyone can recompute.</summary>
    public required long SumX { get; init; }

    /// <summary>Gets the sum of all rows.</summary>
    public required long SumY { get; init; }

    /// <summary>Gets the first event's time in microseconds; null when there is none.</summary>
    public required long? TFirstUs { get; init; }

    /// <summary>Gets the last event's time in microseconds; null when there is none.</summary>
    public required long? TLastUs { get; init; }

    /// <summary>Gets breaches of the format, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Violations { get; init; }

    /// <summary>Gets events that were lost on the way.</summary>
    public required long Dropped { get; init; }

    /// <summary>Gets the events processed per second of wall time.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>Gets the events per second of the recording's own time.</summary>
    public required double RecordedEventsPerSecond { get; init; }

    /// <summary>Gets cycles of the perception loop; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Cycles { get; init; }

    /// <summary>Gets boxes about fast things; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Boxes { get; init; }

    /// <summary>Gets sector estimates with a finite time to contact; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Sectors { get; init; }

    /// <summary>Gets recorded seconds per second of wall time; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Speedup { get; init; }

    /// <summary>Gets recorded seconds per second of wall time in the first pass of a cold process, JIT included; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ColdSpeedup { get; init; }

    /// <summary>Gets the newest percept that holds a box; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PerceptView? Percept { get; init; }

    /// <summary>Gets the time of a cycle's work; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LatencyUs? LatencyUs { get; init; }

    /// <summary>Gets the bytes allocated on the loop thread per cycle; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AllocatedBytesPerCycle { get; init; }

    /// <summary>Gets the hash of all that was perceived; only <c>run --events</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StateHash { get; init; }

    /// <summary>Gets what was recorded; null when nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecordingRow? Recording { get; init; }
}
