namespace EdgeAutonomy.Recording;

/// <summary>The clock that a recorded loop waited on.</summary>
public enum RecordedClock : byte
{
    /// <summary>The machine's monotonic time.</summary>
    Real = 0,

    /// <summary>A simulated time that jumps.</summary>
    Sim = 1,

    /// <summary>The tags of another recording.</summary>
    Replay = 2,
}
