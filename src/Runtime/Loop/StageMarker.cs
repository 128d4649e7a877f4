namespace EdgeAutonomy.Runtime;

/// <summary>Where a loop is right now: one word, written at every stage boundary, read by the watchdog.</summary>
/// <param name="Word">Cycle number in the upper 48 bits, stage in the next 8, phase in the last 8.</param>
public readonly record struct StageMarker(ulong Word)
{
    /// <summary>Makes a marker.</summary>
    public StageMarker(ulong cycleId, int stage, StagePhase phase) : this(cycleId << 16 | (ulong)(byte)stage << 8 | (byte)phase) { }

    /// <summary>Gets the cycle's number.</summary>
    public ulong CycleId => Word >> 16;

    /// <summary>Gets the stage's index.</summary>
    public int Stage => (int)(Word >> 8 & 0xFF);

    /// <summary>Gets the phase.</summary>
    public StagePhase Phase => (StagePhase)(Word & 0xFF);
}

/// <summary>What a loop is doing.</summary>
public enum StagePhase : byte
{
    /// <summary>Waits for its deadline.</summary>
    Waiting = 0,

    /// <summary>Runs a stage.</summary>
    Run = 1,

    /// <summary>Does its own bookkeeping: health, pacing, sinks.</summary>
    Account = 2,

    /// <summary>Has not started or has stopped.</summary>
    Stopped = 3,
}
